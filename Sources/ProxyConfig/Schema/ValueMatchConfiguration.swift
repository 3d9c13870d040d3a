// Tests of values that requests have.

/// A test of a value: one of its keys. In place of a test stands the value itself where it is to be exactly that.
package struct ValueMatchConfiguration: Sendable, Equatable {
    /// What has the value: the name of a field, a parameter or a cookie.
    package var name = ""

    /// The value as a whole. Case matters.
    package var exact: String?

    /// What it begins with. Case matters.
    package var prefix: String?

    /// A regular expression that matches somewhere in it, as with a route's `regex`.
    package var regex: String?

    /// `true`: it is there, with whatever value. `false`: it is not.
    package var present: Bool?

    /// A test for what is called `name`.
    package init(name: String = "", exact: String? = nil) {
        self.name = name
        self.exact = exact
    }
}

extension ValueMatchConfiguration: Section {
    static let noun = "a test of a value"
    static let isDescribedOnce = true
    static var blank: ValueMatchConfiguration { ValueMatchConfiguration() }

    static var keys: [Key<ValueMatchConfiguration>] {
        [
            Key("exact", \.exact, .optional(.matchedValue)),
            Key("prefix", \.prefix, .optional(.matchedValue)),
            Key("regex", \.regex, .optional(.expression)),
            Key("present", \.present, .optional(.boolean)),
        ]
    }
}
