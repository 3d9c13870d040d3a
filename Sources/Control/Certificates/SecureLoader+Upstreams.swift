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
    /// TLS to the servers of the upstream `name`.
    mutating func load(_ tls: UpstreamTLSConfiguration, of name: String) {
        let keyPath = "upstreams.\(name).tls"
        var settings = TLSClientSettings(tls)
        var isGood = true
        if let ca = tls.ca {
            let bytes = noting { () throws(FileProblem) in try FileBytes.read(ca, for: keyPath + ".ca") }
            if let bytes { settings.authorities = .pem(bytes) } else { isGood = false }
        }
        var files: IdentityFiles?
        var shown: ShownCertificate?
        var stamps: WatchedFiles?
        if let certificate = tls.certificate {
            let own = IdentityFiles(certificate: certificate, key: tls.key, keyPath: keyPath)
            stamps = WatchedFiles("certificate for servers", own.paths) { () throws(FileProblem) in }
            let identity = noting { () throws(FileProblem) in try own.load() }
            isGood = isGood && identity != nil
            settings.identity = identity
            let holder = ShownCertificate()
            holder.current = identity
            (files, shown) = (own, holder)
            if let identity { judge(Lifetime(identity), at: keyPath + ".certificate") }
        }
        guard isGood, let context = makeContext(settings, at: keyPath) else { return }
        if let files, let shown, let stamps {
            parts.files.append(
                stamps.loading { () throws(FileProblem) in
                    let identity = try files.load()
                    context.replace(identity: identity)
                    shown.current = identity
                })
        }
        parts.upstreams[name] = UpstreamSecurity(context: context, settings: settings, certificate: shown)
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
