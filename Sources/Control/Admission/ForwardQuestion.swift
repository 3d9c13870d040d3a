// What another service is sent about a request.
import Crypto
import MartletProxy
import MartletProxyConfig

/// Puts questions to a service, and says which of them are the same.
struct ForwardQuestions: Sendable {
    /// What makes two questions the same.
    struct Identity: Sendable, Equatable {
        /// A keyed hash: it says nothing of what was hashed.
        let digest: [UInt8]
        /// Whether the answer may be remembered.
        let isKnown: Bool
    }

    private let clientFields: Set<String>?
    private let cached: Set<String>?
    private let perTarget: Bool
    private let hasOriginals: Bool
    /// Of this process alone.
    private let key = SymmetricKey(size: .bits256)

    init(_ configuration: ForwardAuthConfiguration) {
        clientFields = configuration.clientFields.map { Set($0.map { $0.lowercased() }) }
        cached = configuration.cache.map { Set($0.fields.map { $0.lowercased() }) }
        perTarget = configuration.cache?.perTarget ?? true
        hasOriginals = configuration.originalFields
    }

    /// The fields of the question about a request.
    func fields(_ head: AdmissionHead) -> [(name: String, value: String)] {
        var fields = head.fields.filter { isHandedOver($0.name) }
        func add(_ name: String, _ value: String) { fields.append((name, value)) }
        func trusted(_ name: String) -> String? {
            if !head.isTrusted { return nil }
            let values = head.fields.filter { $0.name.lowercased() == name && !$0.value.isEmpty }.map(\.value)
            return values.isEmpty ? nil : values.joined(separator: ", ")
        }
        let scheme = trusted("x-forwarded-proto") ?? (head.isSecure ? "https" : "http")
        let host = trusted("x-forwarded-host") ?? head.host
        add("X-Forwarded-Method", head.method)
        add("X-Forwarded-Proto", scheme)
        add("X-Forwarded-Host", host)
        add("X-Forwarded-Uri", head.target)
        let chain = [trusted("x-forwarded-for"), head.client.isEmpty ? nil : head.client]
        add("X-Forwarded-For", chain.compactMap { $0 }.joined(separator: ", "))
        if hasOriginals {
            add("X-Original-URI", head.target)
            add("X-Original-URL", "\(scheme)://\(host)\(head.target)")
            add("X-Original-Method", head.method)
        }
        return fields + head.identity
    }

    /// - Parameter fields: of the question.
    func identity(_ head: AdmissionHead, _ fields: [(name: String, value: String)]) -> Identity {
        var code = HMAC<SHA256>(key: key)
        func add(_ text: String) {
            let bytes = Array(text.utf8)
            code.update(data: length(bytes.count) + bytes)
        }
        let counted = cached.map { cached in head.fields.filter { cached.contains($0.name.lowercased()) } } ?? []
        if counted.isEmpty {
            add("question")
            for field in fields { [field.name.lowercased(), field.value].forEach(add) }
            return Identity(digest: Array(code.finalize()), isKnown: false)
        }
        add("client")
        add(head.source)
        for field in head.identity { [field.name, field.value].forEach(add) }
        for field in counted { [field.name.lowercased(), field.value].forEach(add) }
        if perTarget { [head.method, head.isSecure ? "https" : "http", head.host, head.target].forEach(add) }
        return Identity(digest: Array(code.finalize()), isKnown: true)
    }

    /// A length as bytes, so that two texts on end are not taken for others.
    private func length(_ count: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
    }

    // MARK: Fields of the client

    /// Those that the question has by itself, or that would have the service answer with less than everything.
    private static let left: Set<String> = [
        "host", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "connection", "keep-alive", "expect",
        "proxy-authorization", "proxy-authenticate", "proxy-connection", "http2-settings", "forwarded", "via",
        "x-real-ip", "x-request-id", "x-original-uri", "x-original-url", "x-original-method",
        "x-client-verified", "x-client-subject", "x-client-names", "x-client-fingerprint", "client-cert",
        "client-cert-chain", "range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since",
        "if-range",
    ]

    private func isHandedOver(_ name: String) -> Bool {
        let plain = name.lowercased()
        // Services may take "_" for "-".
        let spelled = plain.replacing("_", with: "-")
        if Self.left.contains(spelled) || spelled.hasPrefix("x-forwarded-") { return false }
        return clientFields?.contains(plain) ?? true
    }
}
