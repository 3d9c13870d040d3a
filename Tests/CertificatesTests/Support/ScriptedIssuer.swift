// An authority that plays whole orders, and can be made to do them wrong.
import Crypto
import Foundation
import SwiftASN1
import Synchronization
import X509

@testable import MartletCertificates

/// Issues a certificate for every order. Its one authorization for each name is valid already, so nothing has to be shown.
final class ScriptedIssuer: AcmeTransport {
    /// What can be changed.
    struct Behaviour: Sendable {
        /// Asked first; what it does not answer is answered as usual. `path` is what follows the host.
        var override: @Sendable (_ path: String) throws -> AcmeHTTPResponse? = { _ in nil }
        /// The authorization's names, if they are not the order's.
        var authorized: [String]?
        /// The certificate's names, if they are not the order's.
        var names: [String]?
        /// How long a certificate is valid, in seconds.
        var lifetime: Int64 = 90 * 86_400
        /// Whether certificates are for a key that nobody has.
        var isForAnotherKey = false
        /// What is said of when to renew.
        var info = ScriptedAuthority.json("{}", status: 404)
    }

    private struct State: Sendable {
        var behaviour = Behaviour()
        var names: [String] = []
        var isFinalized = false
        var certificate: [UInt8] = []
        var paths: [String] = []
        var orders: [String] = []
    }

    private static let place = "https://ca.test/"
    private let state = Mutex(State())
    private let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    private let clock: LeapingClock

    init(_ clock: LeapingClock, _ change: (inout Behaviour) -> Void = { _ in }) {
        self.clock = clock
        state.withLock { change(&$0.behaviour) }
    }

    func change(_ body: (inout Behaviour) -> Void) { state.withLock { body(&$0.behaviour) } }

    /// What has been asked for so far, by what follows the host.
    var paths: [String] { state.withLock(\.paths) }
    /// The payloads of all orders so far.
    var orders: [String] { state.withLock(\.orders) }

    var environment: AcmeEnvironment {
        AcmeEnvironment(time: clock.time, seed: { 1 }, transport: { _ in self })
    }

    func close() async {}

    func send(_ request: AcmeHTTPRequest) async throws -> AcmeHTTPResponse {
        try Task.checkCancellation()
        let path = String(request.url.dropFirst(Self.place.count))
        let behaviour = state.withLock { state in
            state.paths.append(path)
            return state.behaviour
        }
        var answer = try behaviour.override(path) ?? usual(path, request)
        if answer.nonce == nil {
            var fields = answer.fields
            fields["replay-nonce"] = "next"
            answer = AcmeHTTPResponse(status: answer.status, fields: fields, body: answer.body)
        }
        return answer
    }

    private func usual(_ path: String, _ request: AcmeHTTPRequest) throws -> AcmeHTTPResponse {
        switch path {
        case "dir":
            let places = ["newNonce", "newAccount", "newOrder", "renewalInfo"].map {
                "\"\($0)\": \"\(Self.place)\($0)\""
            }
            return ScriptedAuthority.json("{\(places.joined(separator: ", "))}")
        case "newNonce": return AcmeHTTPResponse(status: 200, fields: ["replay-nonce": "first"])
        case "newAccount": return ScriptedAuthority.json("{}", status: 201, ["location": Self.place + "account"])
        case "newOrder":
            try begin(request)
            return order(["location": Self.place + "order"], status: 201)
        case "order": return order()
        case "finalize":
            try issue(request)
            return order()
        case "certificate": return AcmeHTTPResponse(status: 200, body: state.withLock(\.certificate))
        default: break
        }
        if path.hasPrefix("renewalInfo/") { return state.withLock(\.behaviour.info) }
        if let index = Int(path.dropFirst("authorization/".count)) { return authorization(index) }
        return ScriptedAuthority.json("{}", status: 404)
    }

    private func begin(_ request: AcmeHTTPRequest) throws {
        struct Order: Decodable { let identifiers: [AcmeIdentifier] }
        let payload = try Self.payload(request)
        let names = try JSON.decode(Order.self, payload).identifiers.map(\.value)
        state.withLock { state in
            state.orders.append(String(decoding: payload, as: UTF8.self))
            (state.names, state.isFinalized) = (names, false)
        }
    }

    private func order(_ fields: [String: String] = [:], status: Int = 200) -> AcmeHTTPResponse {
        let (names, isFinalized) = state.withLock { ($0.behaviour.authorized ?? $0.names, $0.isFinalized) }
        let authorizations = names.indices.map { "\"\(Self.place)authorization/\($0)\"" }.joined(separator: ", ")
        let certificate = isFinalized ? ", \"certificate\": \"\(Self.place)certificate\"" : ""
        return ScriptedAuthority.json(
            """
            {"status": "\(isFinalized ? "valid" : status == 201 ? "pending" : "ready")", "authorizations": [\(authorizations)],
            "finalize": "\(Self.place)finalize"\(certificate)}
            """, status: status, fields)
    }

    private func authorization(_ index: Int) -> AcmeHTTPResponse {
        let names = state.withLock { $0.behaviour.authorized ?? $0.names }
        guard names.indices.contains(index) else { return ScriptedAuthority.json("{}", status: 404) }
        return ScriptedAuthority.json(
            """
            {"status": "valid", "challenges": [], "identifier": {"type": "dns", "value": "\(names[index])"}}
            """)
    }

    private func issue(_ request: AcmeHTTPRequest) throws {
        struct Request: Decodable { let csr: String }
        let text = try JSON.decode(Request.self, try Self.payload(request)).csr
        let csr = try CertificateSigningRequest(derEncoded: Base64URL.decode(text) ?? [])
        let (behaviour, names) = state.withLock { ($0.behaviour, $0.names) }
        let start = Date(timeIntervalSince1970: TimeInterval(clock.now))
        let issuer = try DistinguishedName { CommonName("Scripted") }
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(),
            publicKey: behaviour.isForAnotherKey ? .init(P256.Signing.PrivateKey().publicKey) : csr.publicKey,
            notValidBefore: start, notValidAfter: start.addingTimeInterval(TimeInterval(behaviour.lifetime)),
            issuer: issuer, subject: try DistinguishedName {}, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                SubjectAlternativeNames((behaviour.names ?? names).map { .dnsName($0) })
                AuthorityKeyIdentifier(keyIdentifier: ArraySlice([1, 2, 3]))
            }, issuerPrivateKey: key)
        let pem = Array((try certificate.serializeAsPEM().pemString + "\n").utf8)
        state.withLock { ($0.certificate, $0.isFinalized) = (pem, true) }
    }

    private static func payload(_ request: AcmeHTTPRequest) throws -> [UInt8] {
        Base64URL.decode(try JSON.decode(SignedMessage.self, request.body).payload) ?? []
    }
}
