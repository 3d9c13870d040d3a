// Names that the user gives.

/// What a name may look like. It must do as a label of metrics and as a word in a log.
enum NameText {
    static let shape = TextShape(
        expected: "a name of at most 64 letters, digits, '-', '_', '.' and ':'", pattern: #"^[A-Za-z0-9._:-]{1,64}$"#)

    /// Whether `text` can be a name.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy { byte in
                byte &- 0x30 <= 10 || (byte | 0x20) &- 0x61 < 26 || byte == 0x2D || byte == 0x2E || byte == 0x5F
            }
    }
}

extension ConfigurationDecoder {
    /// Notes when the current setting has a name that is none.
    mutating func checkName(_ name: String, of key: Node) {
        guard !NameText.isName(name) else { return }
        problem("\(Quoting.quote(name)) is not a name", expected: NameText.shape.expected, at: place(of: key))
    }
}
