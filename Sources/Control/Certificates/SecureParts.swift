// TLS of a config: contexts with what they present, and the files that they come from.
import Logging
import MartletProxy
import MartletProxyConfig
import MartletTLS

/// All that TLS needs beside the model, made from files once, before anything runs.
package struct SecureParts: Sendable {
    /// By the place of their listener in the config.
    var listeners: [Int: ListenerSecurity] = [:]
    /// By the name of their upstream.
    var upstreams: [String: UpstreamSecurity] = [:]
    /// Everything that is loaded anew when it changes.
    var files: [WatchedFiles] = []

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
}

/// TLS to the servers of an upstream.
struct UpstreamSecurity: Sendable {
    let context: TLSClientContext
    let settings: TLSClientSettings
    /// The certificate that servers are shown, as its files were read last.
    let certificate: ShownCertificate?
}

extension SecureParts {
    /// Reads all files that `configuration` names.
    /// - Returns: what came of it, and all that is wrong. With an error among that, the parts are of no use.
    static func load(
        _ configuration: Configuration, keyLog: TLSKeyLog? = nil, now: Int64 = WallClock.seconds
    ) -> (parts: SecureParts, findings: [ConfigurationFinding]) {
        var loader = SecureLoader(keyLog: keyLog, now: now)
        for (index, listener) in configuration.listeners.enumerated() {
            guard let tls = listener.tls else { continue }
            loader.load(tls, of: listener, index: index)
        }
        for upstream in configuration.upstreams {
            guard let tls = upstream.tls else { continue }
            loader.load(tls, of: upstream)
        }
        return (loader.parts, loader.findings)
    }

    /// Reads all files that `configuration` names, for a proxy that is to run.
    /// - Throws: the first that is wrong.
    static func open(_ configuration: Configuration, log: Logger) throws(StartError) -> SecureParts {
        guard configuration.usesTLS else { return SecureParts() }
        let (parts, findings) = load(configuration, keyLog: try openKeyLog(log))
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
        listeners.contains { $0.tls != nil } || upstreams.contains { $0.tls != nil }
    }
}
