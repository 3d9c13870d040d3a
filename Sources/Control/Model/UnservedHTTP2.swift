// What a config asks for that is not there yet.
import MartletProxy
import MartletProxyConfig

/// Says that HTTP/2 is to come.
enum UnservedHTTP2 {
    /// What `configuration` asks for in vain. Servers must not be sent HTTP/1.1 that want HTTP/2; clients lose nothing.
    static func findings(
        _ configuration: Configuration, isServed: Bool = HTTP2Settings.isServed
    ) -> [ConfigurationFinding] {
        if isServed { return [] }
        let upstreams = configuration.upstreams.filter { $0.protocol != .http1 }.map {
            ConfigurationFinding(
                keyPath: "upstreams.\($0.name).protocol", message: "HTTP/2 with servers is not there yet",
                hint: "write 'protocol: http1'")
        }
        let listeners = configuration.listeners.enumerated().compactMap { index, listener in
            listener.http2 == nil || listener.http2 == HTTP2Configuration()
                ? nil
                : ConfigurationFinding(
                    keyPath: "listeners[\(index)].http2", isAboutKey: true, severity: .warning,
                    message: "HTTP/2 with clients is not there yet, so this has no effect")
        }
        return upstreams + listeners
    }
}
