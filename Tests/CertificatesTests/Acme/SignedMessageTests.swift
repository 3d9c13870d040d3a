// JSON Web Signatures, checked with what swift-crypto says of them.
import Crypto
import Foundation
import Testing

@testable import MartletCertificates

struct SignedMessageTests {
    private let key = AccountKey()

    private func json(_ text: String) throws -> [String: String] {
        let bytes = try #require(Base64URL.decode(text))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        return object.mapValues { "\($0)" }
    }

    @Test("a new account's message has the key in it, and its signature is right")
    func newAccount() throws {
        let message = try SignedMessage(
            Array("{}".utf8), to: "https://ca.test/a", by: .newAccount, key: key, nonce: "n1")
        let header = try json(message.protected)
        #expect(header["alg"] == "ES256" && header["nonce"] == "n1" && header["url"] == "https://ca.test/a")
        #expect(header["jwk"] != nil && header["kid"] == nil)
        #expect(message.payload == "e30")
        let signature = try #require(Base64URL.decode(message.signature))
        let publicKey = try P256.Signing.PrivateKey(pemRepresentation: key.pem).publicKey
        #expect(
            publicKey.isValidSignature(
                try P256.Signing.ECDSASignature(rawRepresentation: signature),
                for: Data((message.protected + "." + message.payload).utf8)))
    }

    @Test("a known account is named by its URL; a message that only reads has an empty payload")
    func knownAccount() throws {
        let message = try SignedMessage(
            [], to: "https://ca.test/o", by: .account("https://ca.test/1"), key: key, nonce: "n")
        let header = try json(message.protected)
        #expect(header["kid"] == "https://ca.test/1" && header["jwk"] == nil && message.payload.isEmpty)
    }

    @Test("an account binding is the public key, signed with the authority's secret")
    func binding() throws {
        let secret = Array("a secret of the authority".utf8)
        let binding = AcmeAccountBinding(id: "kid-1", key: Base64URL.encode(secret))
        let message = try SignedMessage(binding: binding, to: "https://ca.test/a", key: key)
        #expect(try json(message.protected) == ["alg": "HS256", "kid": "kid-1", "url": "https://ca.test/a"])
        #expect(try json(message.payload)["kty"] == "EC")
        let code = HMAC<SHA256>.authenticationCode(
            for: Data((message.protected + "." + message.payload).utf8), using: SymmetricKey(data: secret))
        #expect(message.signature == Base64URL.encode(code))
        #expect(throws: AcmeError.self) {
            try SignedMessage(binding: AcmeAccountBinding(id: "k", key: "!!"), to: "u", key: key)
        }
    }

    @Test("the thumbprint is that of RFC 7638: of the members in order, without blanks")
    func thumbprint() throws {
        let text = #"{"crv":"P-256","kty":"EC","x":"\#(key.publicKey.x)","y":"\#(key.publicKey.y)"}"#
        #expect(key.thumbprint == Base64URL.encode(SHA256.hash(data: Data(text.utf8))))
        #expect(try AccountKey(pem: key.pem).thumbprint == key.thumbprint)
    }

    @Test(
        "base64url has no padding and no signs that URLs do not take",
        arguments: [([], ""), ([0xfb, 0xff], "-_8"), ([1, 2, 3], "AQID"), ([0], "AA")] as [([UInt8], String)])
    func base64(bytes: [UInt8], text: String) {
        #expect(Base64URL.encode(bytes) == text)
        #expect(Base64URL.decode(text) == bytes)
    }
}
