// Verifying servers' certificates, and their keys.
import CNIOBoringSSL

/// What is wanted of servers' certificates.
struct ServerVerifier: Sendable {
    /// What became of a verification.
    enum Verdict {
        case accepted(pinMismatch: Bool)
        case refused(TLSFailure.Kind, Refusal)
    }

    /// `nil` where chains do not count.
    private var store: TrustStore?
    private let pins: Set<TLSPin>
    private let pinsReplaceChain: Bool
    private let pinsReportOnly: Bool

    init(_ settings: TLSClientSettings) throws(TLSError) {
        if settings.isInsecure {
            store = nil
        } else if settings.pinsReplaceChain && !settings.pins.isEmpty && !settings.pinsReportOnly {
            store = nil
        } else {
            store = try Self.store(settings.authorities)
        }
        pins = settings.pins
        pinsReplaceChain = settings.pinsReplaceChain || settings.isInsecure
        pinsReportOnly = settings.pinsReportOnly
    }

    private static func store(_ authorities: TLSClientSettings.Authorities) throws(TLSError) -> TrustStore {
        switch authorities {
        case .system: try SystemRoots.store.get()
        case .pem(let text): try TrustStore(PEMBlock.certificates(in: text))
        }
    }

    /// The same with other authorities, which must be good even where chains do not count.
    func trusting(_ authorities: TLSClientSettings.Authorities) throws(TLSError) -> ServerVerifier {
        let other = try Self.store(authorities)
        var changed = self
        if store != nil { changed.store = other }
        return changed
    }

    /// Judges the chain of a server, the leaf first.
    func judge(_ chain: [Certificate], host: String) -> Verdict {
        if pinsReplaceChain && !pins.isEmpty {
            if isPinned(chain, host) { return .accepted(pinMismatch: false) }
            if !pinsReportOnly { return .refused(.pin, mismatch(chain)) }
            // Only reported: then at least the chain must do.
        }
        guard let store else { return .accepted(pinMismatch: !pins.isEmpty) }
        switch store.verify(chain, for: .server(host)) {
        case .failure(let refusal): return .refused(.certificate, refusal)
        case .success(let verified):
            if pins.isEmpty || (!pinsReplaceChain && verified.contains { pins.contains($0.pin) }) {
                return .accepted(pinMismatch: false)
            }
            return pinsReportOnly ? .accepted(pinMismatch: true) : .refused(.pin, mismatch(chain))
        }
    }

    /// Whether the key that the server has shown to have is pinned, or that of a certificate which it has sent and which
    /// vouches for the server. That it has merely sent one says nothing: anybody can.
    private func isPinned(_ chain: [Certificate], _ host: String) -> Bool {
        guard let leaf = chain.first else { return false }
        if pins.contains(leaf.pin) { return true }
        let anchors = chain.dropFirst().filter { pins.contains($0.pin) }
        if anchors.isEmpty { return false }
        guard let store = try? TrustStore(Array(anchors)) else { return false }
        if case .success = store.verify(chain, for: .server(host)) { return true }
        return false
    }

    private func mismatch(_ chain: [Certificate]) -> Refusal {
        let sent = chain.prefix(6).map(\.pin.text).joined(separator: ", ")
        return Refusal(SSL_AD_BAD_CERTIFICATE, "no key of the server is pinned; it has " + sent)
    }
}
