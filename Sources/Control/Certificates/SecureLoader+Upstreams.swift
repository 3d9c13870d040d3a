// TLS to servers, from its files.
import MartletProxyConfig
import MartletTLS
import Synchronization

/// A certificate that servers are shown.
final class ShownCertificate: Sendable {
    private let identity = Mutex<TLSIdentity?>(nil)

    /// As its files were read last.
    var current: TLSIdentity? {
        get { identity.withLock { $0 } }
        set { identity.withLock { $0 = newValue } }
    }
}

extension SecureLoader {
    /// TLS to the servers of an upstream.
    mutating func load(_ tls: UpstreamTLSConfiguration, of upstream: UpstreamConfiguration) {
        let keyPath = "upstreams.\(upstream.name).tls"
        let first = parts.files.count
        var settings = TLSClientSettings(tls)
        if let offer = upstream.protocol.offer { settings.protocols = offer }
        // Before the files are read, so that no change goes unseen.
        let roots = tls.ca.map { WatchedFiles("authorities of servers", [$0]) { () throws(FileProblem) in } }
        let isRead = loadAuthorities(tls.ca, into: &settings, at: keyPath)
        let own = loadCertificate(tls, into: &settings, at: keyPath)
        guard isRead, own != nil || tls.certificate == nil, let context = makeContext(settings, at: keyPath) else {
            return
        }
        if let roots, let ca = tls.ca {
            parts.files.append(
                roots.loading { () throws(FileProblem) in
                    let bytes = try FileBytes.read(ca, for: keyPath + ".ca")
                    try FileProblem.attempt(ca, for: keyPath + ".ca") { () throws(TLSError) in
                        try context.replace(authorities: .pem(bytes))
                    }
                })
        }
        if let own {
            parts.files.append(
                own.stamps.loading { () throws(FileProblem) in
                    let identity = try own.files.load()
                    context.replace(identity: identity)
                    own.shown.current = identity
                })
        }
        parts.upstreams[upstream.name] = UpstreamSecurity(
            context: context, settings: settings, certificate: own?.shown, files: Array(parts.files[first...]))
    }

    /// A certificate for servers with its files.
    private struct OwnCertificate {
        let files: IdentityFiles
        let shown: ShownCertificate
        let stamps: WatchedFiles
    }

    /// Whether the authorities could be read, if there are any.
    private mutating func loadAuthorities(
        _ path: String?, into settings: inout TLSClientSettings, at keyPath: String
    ) -> Bool {
        guard let path else { return true }
        guard let bytes = noting({ () throws(FileProblem) in try FileBytes.read(path, for: keyPath + ".ca") }) else {
            return false
        }
        settings.authorities = .pem(bytes)
        return true
    }

    private mutating func loadCertificate(
        _ tls: UpstreamTLSConfiguration, into settings: inout TLSClientSettings, at keyPath: String
    ) -> OwnCertificate? {
        guard let certificate = tls.certificate else { return nil }
        let files = IdentityFiles(certificate: certificate, key: tls.key, keyPath: keyPath)
        let stamps = WatchedFiles("certificate for servers", files.paths) { () throws(FileProblem) in }
        guard let identity = noting({ () throws(FileProblem) in try files.load() }) else { return nil }
        settings.identity = identity
        let shown = ShownCertificate()
        shown.current = identity
        judge(Lifetime(identity), at: keyPath + ".certificate")
        return OwnCertificate(files: files, shown: shown, stamps: stamps)
    }

    private mutating func makeContext(_ settings: TLSClientSettings, at keyPath: String) -> TLSClientContext? {
        let keyLog = keyLog
        let suspects: [(String, (inout TLSClientSettings) -> Void)] = [
            ("ciphers", { $0.ciphers = [] }), ("groups", { $0.groups = [] }), ("ca", { $0.authorities = .system }),
            ("certificate", { $0.identity = nil }),
        ]
        return noting { () throws(FileProblem) in
            try Self.make(settings, at: keyPath, suspects: suspects) { settings throws(TLSError) in
                try TLSClientContext(settings, keyLog: keyLog)
            }
        }
    }
}

extension TLSClientSettings {
    /// What needs no files.
    fileprivate init(_ tls: UpstreamTLSConfiguration) {
        self.init()
        isInsecure = tls.insecure
        minimum = TLSVersion(tls.minVersion)
        maximum = TLSVersion(tls.maxVersion)
        ciphers = tls.ciphers
        groups = tls.groups
        protocols = tls.alpn
        pins = Set(tls.pins.compactMap { TLSPin($0) })
        pinsReplaceChain = tls.pinning == .insteadOfChain
        pinsReportOnly = tls.pinReportOnly
        reusesSessions = tls.sessionReuse
    }
}
