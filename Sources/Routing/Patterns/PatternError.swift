// Errors of host and path patterns.

/// Why a pattern is not one.
package struct PatternError: Error, Equatable, Sendable {
    /// Where in the pattern, in UTF-8 bytes.
    package let offset: Int
    /// What was expected, for a person.
    package let message: String
}
