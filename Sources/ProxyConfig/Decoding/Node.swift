// What YAML has become: a tree in which every value knows where it stands.

/// Where a value begins, in one of the files of a config.
struct Mark: Hashable, Sendable {
    /// Which of the files, in the order in which they were read.
    var file: Int32
    private let lineNumber: Int32
    private let columnNumber: Int32

    /// The line, from 1.
    var line: Int { Int(lineNumber) }
    /// The column, from 1, in Unicode scalars.
    var column: Int { Int(columnNumber) }

    init(file: Int32 = 0, line: Int, column: Int) {
        self.file = file
        lineNumber = Int32(clamping: line)
        columnNumber = Int32(clamping: column)
    }
}

/// A value of a file.
enum Node: Equatable, Sendable {
    case scalar(Scalar)
    case mapping(Mapping)
    case sequence(Sequence)

    /// A text.
    struct Scalar: Equatable, Sendable {
        /// How it was written.
        enum Style: UInt8, Sendable {
            case plain, singleQuoted, doubleQuoted, literal, folded
        }

        var string: String
        var style: Style
        let mark: Mark
    }

    /// Keys with their values, in the order of the file. A key may be there twice.
    struct Mapping: Equatable, Sendable {
        var pairs: [Pair]
        let mark: Mark

        var isEmpty: Bool { pairs.isEmpty }
    }

    /// A key with its value.
    struct Pair: Equatable, Sendable {
        let key: Node
        var value: Node
    }

    /// A list.
    struct Sequence: Equatable, Sendable {
        var nodes: [Node]
        let mark: Mark

        var count: Int { nodes.count }
    }

    var scalar: Scalar? { if case .scalar(let scalar) = self { scalar } else { nil } }
    var mapping: Mapping? { if case .mapping(let mapping) = self { mapping } else { nil } }
    var sequence: Sequence? { if case .sequence(let sequence) = self { sequence } else { nil } }

    var mark: Mark {
        switch self {
        case .scalar(let scalar): scalar.mark
        case .mapping(let mapping): mapping.mark
        case .sequence(let sequence): sequence.mark
        }
    }
}
