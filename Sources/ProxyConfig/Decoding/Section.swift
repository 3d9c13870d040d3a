// What makes a type a section of the file: a table of its keys. The table decodes it, documents it, and is the JSON
// Schema.

/// A mapping of the file, described by the keys it may have. What a key means stands as the doc comment of the
/// property of the same name (`dev/schema` carries it into the manual); type, range and place in the file stand in
/// the table.
protocol Section {
    /// What a message calls it: `a route`.
    static var noun: String { get }
    /// Where decoding starts: the defaults, with empty values where a key is required.
    static var blank: Self { get }
    /// The keys, in the order of the manual.
    static var keys: [Key<Self>] { get }
    /// Whether the manual has it once though it stands in many places, such as in itself.
    static var isDescribedOnce: Bool { get }
}

extension Section {
    static var isDescribedOnce: Bool { false }
}

/// One key of a section.
struct Key<Owner: Section> {
    /// The name in the file, which is that of the property.
    let name: String
    /// Whether the file must have it.
    let isRequired: Bool
    /// What may stand behind it.
    let shape: Shape
    /// The default as it would be written in the file; nil for required keys, and where the default is to have
    /// nothing.
    let defaultText: String?
    /// The value in a section, as a file that says everything has it; nil when there is nothing to say.
    let written: (Owner) -> JSONText?
    /// Reads the value into the section.
    let decode: (Node, inout Owner, inout ConfigurationDecoder) -> Void
    /// Whether two sections differ in it.
    let differs: (Owner, Owner) -> Bool
    /// The keys in which the values of two sections differ, if the values are sections themselves.
    let innerDifferences: (Owner, Owner) -> [String]

    /// The key `name` for the property `path`, whose values are of `type`.
    ///
    /// Like all that exists for each section or key, it is compiled once rather than some hundred times: that halves what an
    /// optimized build of this module takes, and a config is read but now and then.
    @_semantics("optimize.sil.specialize.generic.never")
    init<Value: Equatable>(
        _ name: String, _ path: WritableKeyPath<Owner, Value>, _ type: ValueType<Value>, required: Bool = false
    ) {
        self.name = name
        isRequired = required
        shape = type.shape
        defaultText = required ? nil : type.text(Owner.blank[keyPath: path])
        written = { type.written($0[keyPath: path]) }
        decode = { node, section, decoder in
            if let value = type.decode(node, &decoder) { section[keyPath: path] = value }
        }
        differs = { $0[keyPath: path] != $1[keyPath: path] }
        innerDifferences = { SectionDifference.keys(of: $0[keyPath: path], and: $1[keyPath: path]) }
    }
}

extension Section {
    /// The name of the type, under which the manual has it.
    static var typeName: String { String(describing: Self.self) }

    /// What the manual and the JSON Schema need to know.
    @_semantics("optimize.sil.specialize.generic.never")
    static var shape: SectionShape {
        SectionShape(
            typeName: typeName, noun: noun,
            keys: keys.map {
                KeyShape(name: $0.name, isRequired: $0.isRequired, shape: $0.shape, defaultText: $0.defaultText)
            }, isDescribedOnce: isDescribedOnce)
    }
}
