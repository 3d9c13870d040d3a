// The loops of the client by which others are asked: authorities of certificates, services about who may come in, collectors of traces.
import AsyncHTTPClient
import MartletProxyConfig
import NIOCore
import Synchronization

/// Has them made while it can still be said that they cannot be had: the library that makes them when they are first needed ends
/// the process then.
enum ClientLoops {
    /// What one of them waits on, is woken by, and has its times from.
    private static let descriptors = 3
    private static let areThere = Mutex(false)

    /// Makes them, if a config needs them and they are not there.
    static func require(_ configuration: Configuration) throws(StartError) {
        if !configuration.asksOthers { return }
        try areThere.withLock { areThere throws(StartError) in
            if areThere { return }
            try DescriptorLimit.require(descriptors * NIOSingletons.groupLoopCountSuggestion)
            _ = HTTPClient.defaultEventLoopGroup
            areThere = true
        }
    }
}

extension Configuration {
    /// Whether anybody is asked by HTTP who is no server of an upstream.
    fileprivate var asksOthers: Bool {
        tracing?.otlp != nil || auth?.asksOthers == true
            || routes.contains { route in
                if case .some(.some(let auth)) = route.auth { return auth.asksOthers }
                return false
            } || listeners.contains { $0.tls?.asksOthers == true }
    }
}

extension AuthConfiguration {
    fileprivate var asksOthers: Bool { forward != nil || jwt?.jwksURL != nil || any.contains(where: \.asksOthers) }
}

extension ListenerTLSConfiguration {
    fileprivate var asksOthers: Bool { acme != nil || certificates.contains { $0.ocsp == .fetch } }
}
