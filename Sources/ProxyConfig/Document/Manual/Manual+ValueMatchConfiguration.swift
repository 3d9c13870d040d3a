// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let valueMatchConfiguration: [String: String] = [
        "ValueMatchConfiguration": #"""
        A test of a value: one of its keys. In place of a test stands the value itself where it is to be exactly that.
        """#,
        "ValueMatchConfiguration.exact": #"""
        The value as a whole. Case matters.
        """#,
        "ValueMatchConfiguration.prefix": #"""
        What it begins with. Case matters.
        """#,
        "ValueMatchConfiguration.present": #"""
        `true`: it is there, with whatever value. `false`: it is not.
        """#,
        "ValueMatchConfiguration.regex": #"""
        A regular expression that matches somewhere in it, as with a route's `regex`.
        """#,
    ]
}
