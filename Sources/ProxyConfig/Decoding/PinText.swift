// Pins and keys: bytes as text.
import Foundation

/// Reads what is written in Base64.
enum PinText {
    static let pin = TextShape(
        expected: "a pin such as sha256/…, with 44 characters of Base64, as 'martlet pin HOST:PORT' writes it",
        pattern: "^((sha256/)?[A-Za-z0-9+/]{43}=?|[0-9a-fA-F]{64})$")
    static let key = TextShape(expected: "a key in Base64 for URLs", pattern: "^[A-Za-z0-9_+/-]+=*$")

    private static let bytes = 32

    /// The pin in its one form: `sha256/BASE64`. Bare Base64 and hexadecimal digits are taken too.
    static func pin(_ text: String) throws(TextError) -> String {
        if let bytes = hexadecimal(text) { return "sha256/" + Data(bytes).base64EncodedString() }
        var base = text[...]
        if let prefix = ["sha256/", "pin-sha256:"].first(where: { text.hasPrefix($0) }) {
            base = text.dropFirst(prefix.count)
            // curl writes two strokes; but Base64 may begin with one as well.
            if base.hasPrefix("/") && base.count > 44 { base = base.dropFirst() }
        }
        if text.lowercased().hasPrefix("sha1/") || text.lowercased().hasPrefix("sha-1") {
            throw TextError(message: "\(Quoting.quote(text)) is a pin with SHA-1, which can be forged")
        }
        let padded = base.count == 43 ? base + "=" : base
        guard let data = Data(base64Encoded: String(padded)) else {
            throw TextError(message: "\(Quoting.quote(text)) is not a pin")
        }
        guard data.count == bytes else {
            throw TextError(
                message: "\(Quoting.quote(text)) has \(data.count) bytes, and the SHA-256 of a key has \(bytes)")
        }
        return "sha256/" + data.base64EncodedString()
    }

    private static func hexadecimal(_ text: String) -> [UInt8]? {
        let digits = text.replacing(":", with: "")
        guard digits.utf8.count == 2 * bytes else { return nil }
        var result: [UInt8] = []
        var rest = digits[...]
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16), rest.first != "+", rest.first != "-" else { return nil }
            result.append(byte)
            rest = rest.dropFirst(2)
        }
        return result
    }

    /// A secret key, of which no message shows anything.
    static func key(_ text: String) throws(TextError) -> String {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/").prefix { $0 != "=" }
        let padded = plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)
        guard let data = Data(base64Encoded: String(padded)), !data.isEmpty else {
            throw TextError(message: "the key is not in Base64")
        }
        return text
    }
}
