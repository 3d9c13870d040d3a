// Colours, or none.

/// How words are set off from each other.
package struct Style: Sendable {
    /// Whether colours are wanted.
    package let isColoured: Bool

    /// With colours or without.
    package init(isColoured: Bool) { self.isColoured = isColoured }

    func bold(_ text: String) -> String { set(text, "1") }
    func dim(_ text: String) -> String { set(text, "2") }
    func red(_ text: String) -> String { set(text, "31") }
    func green(_ text: String) -> String { set(text, "32") }
    func blue(_ text: String) -> String { set(text, "36") }

    /// ECMA-48, Select Graphic Rendition.
    private func set(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
