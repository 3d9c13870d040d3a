// The text form of certificates and keys, RFC 7468.

/// One object of a text in PEM form.
struct PEMBlock: Equatable {
    /// What it is: `CERTIFICATE`, `PRIVATE KEY`.
    let label: String
    /// The object in DER form.
    let bytes: [UInt8]
    /// Whether a passphrase is needed.
    let isEncrypted: Bool

    var isCertificate: Bool { ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"].contains(label) }
    var isPrivateKey: Bool { label == "PRIVATE KEY" || label.hasSuffix(" PRIVATE KEY") }

    /// All objects of a text; what stands between them is left out, and so is what is cut off.
    static func all(in text: [UInt8]) -> [PEMBlock] {
        var blocks: [PEMBlock] = []
        var label: String?
        var content: [UInt8] = []
        var isEncrypted = false
        for line in text.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
            if let begun = marker("BEGIN", in: line) {
                (label, content, isEncrypted) = (begun, [], begun.hasPrefix("ENCRYPTED"))
            } else if let ended = marker("END", in: line) {
                if let label, label == ended, let bytes = Base64.decode(content) {
                    blocks.append(PEMBlock(label: label, bytes: bytes, isEncrypted: isEncrypted))
                }
                label = nil
            } else if label != nil {
                // Fields such as `Proc-Type: 4,ENCRYPTED`, RFC 1421.
                if !line.contains(UInt8(ascii: ":")) {
                    content += line
                } else if String(decoding: line, as: UTF8.self).contains("ENCRYPTED") {
                    isEncrypted = true
                }
            }
        }
        return blocks
    }

    private static func marker(_ word: String, in line: ArraySlice<UInt8>) -> String? {
        if line.first != UInt8(ascii: "-") { return nil }
        var text = String(decoding: line, as: UTF8.self)
        while text.last == " " || text.last == "\t" { text.removeLast() }
        let start = "-----\(word) "
        guard text.hasPrefix(start), text.hasSuffix("-----"), text.utf8.count > start.utf8.count + 5 else { return nil }
        return String(text.dropFirst(start.count).dropLast(5))
    }
}
