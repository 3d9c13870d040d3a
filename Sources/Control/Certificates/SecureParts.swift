// TLS of a config: contexts with what they present, and the files that they come from.
import Logging
import MartletProxy
import MartletProxyConfig
import MartletTLS

/// All that TLS needs beside the model, made from files once, before anything runs.
package struct SecureParts: Sendable {
    /// By the place of their listener in the config; the admin listener's is behind all others.
    var listeners: [Int: ListenerSecurity] = [:]
    /// By the name of their upstream.
    var upstreams: [String: UpstreamSecurity] = [:]
    /// Everything that is loaded anew when it changes.
    var files: [WatchedFiles] = []
    /// Where secrets of sessions are written, if they are.
    var keyLog: TLSKeyLog?

    /// Of a config without TLS.
    package init() {}
}

/// TLS of a listener.
struct ListenerSecurity: Sendable {
    let context: TLSServerContext
    let settings: TLSServerSettings
    let certificates: ListenerCertificates
    /// The certificates from files whose authority is asked whether they are revoked.
    let fetching: [Int]
    /// The certificates that come with a file of what is stapled to them.
    let stapled: [Int]
    /// How a certificate is got from an authority, if one is.
    let acme: ACMEConfiguration?
    /// All that it comes from, as far as it is loaded anew when it changes.
    let files: [WatchedFiles]
}

/// TLS to the servers of an upstream.
struct UpstreamSecurity: Sendable {
    let context: TLSClientContext
    let settings: TLSClientSettings
    /// The certificate that servers are shown, as its files were read last.
    let certificate: ShownCertificate?
    /// All that it comes from, as far as it is loaded anew when it changes.
    let files: [WatchedFiles]
}

/// TLS of a config that is in force: what is the same in another one is used again, with its sessions, tickets and certificates.
struct SecureBefore {
    let configuration: Configuration
    let parts: SecureParts

    /// What the listener is secured with already.
    func security(of listener: ListenerConfiguration) -> ListenerSecurity? {
        let place = configuration.listeners.firstIndex { own in
            own.tls == listener.tls && own.label == listener.label && own.mode == listener.mode
                && (own.http2 == nil) == (listener.http2 == nil)
        }
        return place.flatMap { parts.listeners[$0] }
    }

    /// What the admin listener is secured with already.
    func security(of admin: AdminConfiguration) -> ListenerSecurity? {
        configuration.admin?.tls == admin.tls ? parts.listeners[configuration.listeners.count] : nil
    }

    /// What the servers of the upstream are spoken to with already.
    func security(of upstream: UpstreamConfiguration) -> UpstreamSecurity? {
        let own = configuration.upstreams.first { $0.name == upstream.name }
        guard let own, own.tls == upstream.tls, own.protocol == upstream.protocol else { return nil }
        return parts.upstreams[upstream.name]
    }
}

extension SecureParts {
    /// Reads all files that `configuration` names.
    /// - Returns: what came of it, and all that is wrong. With an error among that, the parts are of no use.
    static func load(
        _ configuration: Configuration, keyLog: TLSKeyLog? = nil, now: Int64 = WallClock.seconds,
        after before: SecureBefore? = nil
    ) -> (parts: SecureParts, findings: [ConfigurationFinding]) {
        var loader = SecureLoader(keyLog: keyLog, now: now)
        loader.parts.keyLog = keyLog
        for (index, listener) in configuration.listeners.enumerated() {
            guard let tls = listener.tls else { continue }
            if let known = before?.security(of: listener) {
                loader.parts.listeners[index] = known
                loader.parts.files += known.files
            } else {
                loader.load(tls, of: listener, index: index, at: "listeners[\(index)].tls")
            }
        }
        if let admin = configuration.admin, let address = admin.address, let tls = admin.tls {
            let place = configuration.listeners.count
            if let known = before?.security(of: admin) {
                loader.parts.listeners[place] = known
                loader.parts.files += known.files
            } else {
                var listener = ListenerConfiguration(address: address, name: "admin")
                listener.http2 = nil
                loader.load(tls, of: listener, index: place, at: "admin.tls")
            }
        }
        for upstream in configuration.upstreams {
            guard let tls = upstream.tls else { continue }
            if let known = before?.security(of: upstream) {
                loader.parts.upstreams[upstream.name] = known
                loader.parts.files += known.files
            } else {
                loader.load(tls, of: upstream)
            }
        }
        return (loader.parts, loader.findings)
    }

    /// Whether all of it is the same, and not only as good.
    func isSame(as other: SecureParts) -> Bool {
        listeners.count == other.listeners.count && upstreams.count == other.upstreams.count
            && listeners.allSatisfy { place, own in other.listeners[place]?.context === own.context }
            && upstreams.allSatisfy { name, own in other.upstreams[name]?.context === own.context }
    }

    /// Reads all files that `configuration` names, for a proxy that is to run.
    /// - Throws: the first that is wrong.
    static func open(
        _ configuration: Configuration, after before: SecureBefore? = nil, log: Logger
    ) throws(StartError) -> SecureParts {
        guard configuration.usesTLS else { return SecureParts() }
        var keyLog = before?.parts.keyLog
        if keyLog == nil { keyLog = try openKeyLog(log) }
        let (parts, findings) = load(configuration, keyLog: keyLog, after: before)
        if let error = findings.first(where: { $0.severity == .error }) {
            throw StartError.file(keyPath: error.keyPath, error.message)
        }
        return parts
    }

    private static func openKeyLog(_ log: Logger) throws(StartError) -> TLSKeyLog? {
        guard let path = ProcessEnvironment.value("SSLKEYLOGFILE") else { return nil }
        do throws(TLSError) {
            let keyLog = try TLSKeyLog(path: path)
            log.warning(
                "SSLKEYLOGFILE is set: whoever reads that file can read what is sent by TLS",
                metadata: ["file": "\(path)"])
            return keyLog
        } catch {
            throw StartError.keyLog(path: path, error.message)
        }
    }

    /// All that is wrong with the files that `configuration` names, and what it asks for in vain.
    package static func inspect(_ configuration: Configuration) -> [ConfigurationFinding] {
        load(configuration).findings
    }
}

extension Configuration {
    /// Whether there is TLS anywhere.
    fileprivate var usesTLS: Bool {
        listeners.contains { $0.tls != nil } || upstreams.contains { $0.tls != nil } || admin?.tls != nil
    }
}
