// Verifying clients' certificates.
import CNIOBoringSSL

/// What a listener wants of clients' certificates, compiled.
final class ClientVerifier: Sendable {
    let isRequired: Bool
    let store: TrustStore
    private let allowed: AllowedNames
    /// Tickets count only where the same is wanted of clients.
    let sessionContext: [UInt8]

    init(_ settings: TLSClientVerification) throws(TLSError) {
        isRequired = settings.isRequired
        store = try TrustStore(PEMBlock.certificates(in: settings.authorities), revocations: settings.revocations)
        allowed = try AllowedNames(settings.allowedNames)
        let parts = [settings.authorities, settings.revocations ?? []] + settings.allowedNames.map { Array($0.utf8) }
        sessionContext = LibraryBytes.sha256(parts.flatMap(LibraryBytes.sha256) + [settings.isRequired ? 1 : 0])
    }

    /// Why a client is refused; `nil`: it may come.
    func refusal(of chain: [Certificate]) -> Refusal? {
        guard let leaf = chain.first else {
            return isRequired ? Refusal(SSL_AD_CERTIFICATE_REQUIRED, "the client has sent no certificate") : nil
        }
        if case .failure(let refusal) = store.verify(chain, for: .client) { return refusal }
        if allowed.contain(leaf.names, commonName: leaf.commonName) { return nil }
        let names = [leaf.subject] + leaf.names.map(\.labeled).prefix(8)
        return Refusal(SSL_AD_ACCESS_DENIED, "no name of the certificate is allowed: " + names.joined(separator: ", "))
    }
}
