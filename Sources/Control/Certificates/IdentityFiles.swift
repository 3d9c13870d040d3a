// A certificate with its key, in files.
import MartletCertificates
import MartletProxyConfig
import MartletTLS

/// Where a certificate and its key lie.
struct IdentityFiles: Sendable, Equatable {
    let certificate: String
    /// `nil` when the key is in the same file.
    let key: String?
    /// A response of OCSP to go with it.
    let response: String?
    /// The section that names them, under the keys `certificate`, `key` and `ocsp`.
    let keyPath: String

    init(_ configuration: CertificateConfiguration, keyPath: String) {
        certificate = configuration.certificate
        key = configuration.key
        self.keyPath = keyPath
        if case .path(let path) = configuration.ocsp { response = path } else { response = nil }
    }

    init(certificate: String, key: String?, keyPath: String) {
        (self.certificate, self.key, self.keyPath) = (certificate, key, keyPath)
        response = nil
    }

    /// All of them.
    var paths: [String] { [certificate, key, response].compactMap(\.self) }

    /// Reads certificate and key, and checks that they belong together.
    func load() throws(FileProblem) -> TLSIdentity {
        let chain = try FileBytes.read(certificate, for: keyPath + ".certificate")
        _ = try FileProblem.attempt(certificate, for: keyPath + ".certificate") { () throws(TLSError) in
            try TLSPin.pins(inPEM: chain)
        }
        let secret: [UInt8]
        if let key {
            secret = try FileBytes.read(key, for: keyPath + ".key")
            _ = try FileProblem.attempt(key, for: keyPath + ".key") { () throws(TLSError) in
                try TLSPin.pins(inPEM: secret)
            }
        } else {
            secret = chain
        }
        let keyPlace = key.map { ($0, keyPath + ".key") } ?? (certificate, keyPath + ".certificate")
        return try FileProblem.attempt(keyPlace.0, for: keyPlace.1) { () throws(TLSError) in
            try TLSIdentity(certificates: chain, key: secret, ocsp: nil)
        }
    }

    /// Reads the response that goes with `identity`, and checks that it says what clients want to hear; `nil` if there is to
    /// be none.
    /// - Parameter now: in seconds since 1970.
    func staple(of identity: TLSIdentity, now: Int64) throws(FileProblem) -> OCSPStaple? {
        guard let response else { return nil }
        let bytes = try FileBytes.read(response, for: keyPath + ".ocsp")
        do throws(AcmeError) {
            return try OCSPStaple(
                checking: bytes, leaf: identity.chain[0], issuer: identity.chain.dropFirst().first, now: now)
        } catch {
            throw FileProblem(keyPath + ".ocsp", "'\(response)' is of no use: \(error.description)")
        }
    }
}
