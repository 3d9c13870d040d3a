// Pins: which keys a server may have.

/// The SHA-256 of a public key (SubjectPublicKeyInfo), as in RFC 7469.
package struct TLSPin: Hashable, Sendable {
    /// The 32 bytes.
    package let digest: [UInt8]

    init(digest: [UInt8]) { self.digest = digest }

    /// `sha256/BASE64`, bare Base64 of 32 bytes, or 64 hexadecimal digits; `nil` for anything else.
    package init?(_ text: String) { return nil }

    /// As `sha256/BASE64`.
    package var text: String { "" }

    /// The pins of all certificates, private keys and public keys in a text in PEM form, in their order.
    package static func pins(inPEM text: [UInt8]) throws(TLSError) -> [TLSPin] { [] }

    /// The pin of a certificate in DER form; `nil` when it is none.
    package static func pin(inDER certificate: [UInt8]) -> TLSPin? { nil }
}
