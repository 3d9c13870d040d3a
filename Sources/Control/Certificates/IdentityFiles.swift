// A certificate with its key, in files.
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

    /// Reads them, and checks that they belong together.
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
        let identity = try FileProblem.attempt(keyPlace.0, for: keyPlace.1) { () throws(TLSError) in
            try TLSIdentity(certificates: chain, key: secret, ocsp: nil)
        }
        guard let response else { return identity }
        let bytes = try FileBytes.read(response, for: keyPath + ".ocsp")
        guard Self.isSuccess(bytes) else {
            throw FileProblem(keyPath + ".ocsp", "'\(response)' is of no use: it is no response of OCSP in DER form")
        }
        return identity.stapling(bytes)
    }

    /// Whether these bytes begin as a response does that says anything: a sequence, the first element of which is the
    /// status 0 (RFC 6960 section 4.2.1).
    private static func isSuccess(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 2, bytes[0] == 0x30 else { return false }
        let lengthBytes = bytes[1] < 0x80 ? 0 : Int(bytes[1] & 0x7F)
        return bytes.dropFirst(2 + lengthBytes).starts(with: [0x0A, 0x01, 0x00])
    }
}
