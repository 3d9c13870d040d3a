// What holds between the keys about HTTP/2, and between them and others.
import MartletHTTPCore

extension Validator {
    /// HTTP/2 of listeners and upstreams.
    mutating func checkHTTP2() {
        for (index, listener) in configuration.listeners.enumerated() {
            let path = "listeners[\(index)]"
            guard areReadable([path, path + ".mode", path + ".http2"]) else { continue }
            if listener.mode == .tcp { checkNoHTTP2(listener, at: path) }
            guard let http2 = listener.http2 else { continue }
            checkWindows(http2.streamWindow, http2.connectionWindow, at: path + ".http2")
        }
        for upstream in configuration.upstreams {
            let path = "upstreams.\(upstream.name)"
            checkWindows(upstream.http2.streamWindow, upstream.http2.connectionWindow, at: path + ".http2")
            guard areReadable([path, path + ".protocol"]) else { continue }
            switch upstream.protocol {
            case .http1: checkNoHTTP2(upstream, at: path)
            case .h2, .h2c, .auto: checkProtocol(upstream, at: path)
            }
        }
    }

    private mutating func checkNoHTTP2(_ listener: ListenerConfiguration, at path: String) {
        guard isWritten?(path + ".http2") ?? (listener.http2 != HTTP2Configuration()) else { return }
        let message = "'http2' is for HTTP, and this listener has 'mode: tcp'"
        error(path + ".http2", message, hint: "remove it", isAboutKey: true)
    }

    private mutating func checkNoHTTP2(_ upstream: UpstreamConfiguration, at path: String) {
        guard isWritten?(path + ".http2") ?? (upstream.http2 != UpstreamHTTP2Configuration()) else { return }
        let message = "'http2' is for servers with which HTTP/2 is spoken, and this upstream has 'protocol: http1'"
        error(path + ".http2", message, hint: "write 'protocol: h2', or remove it", isAboutKey: true)
    }

    /// A window beyond the other would never be reached.
    private mutating func checkWindows(_ stream: Int, _ connection: Int, at path: String) {
        guard stream > connection, areReadable([path, path + ".streamWindow", path + ".connectionWindow"]) else {
            return
        }
        let sizes = (SizeText.write(stream), SizeText.write(connection))
        // Of two the one that was written is at fault.
        let key = isWritten?(path + ".streamWindow") == false ? "connectionWindow" : "streamWindow"
        let message = "'streamWindow' of \(sizes.0) is larger than 'connectionWindow' of \(sizes.1)"
        error("\(path).\(key)", message, hint: "one request cannot have more than all of them together")
    }

    /// What must, and must not, stand beside HTTP/2 with servers.
    private mutating func checkProtocol(_ upstream: UpstreamConfiguration, at path: String) {
        let word = upstream.protocol.rawValue
        if isReadable(path + ".tls") {
            checkSecurity(of: upstream, at: path)
            checkOffer(upstream, at: path)
        }
        if upstream.proxyProtocol != nil {
            let message =
                "'proxyProtocol' says who the one client of a connection is, and with 'protocol: \(word)' many share one"
            error(path + ".proxyProtocol", message, hint: "remove one of them", isAboutKey: true)
        }
        if upstream.protocol != .auto, let check = upstream.check, check.kind == .http {
            let message = "checks are made by HTTP/1.1, which not all servers with HTTP/2 understand"
            warning(
                path + ".check", message, hint: "write 'kind: grpc' or 'kind: tcp' if these do not", isAboutKey: true)
        }
    }

    private mutating func checkSecurity(of upstream: UpstreamConfiguration, at path: String) {
        if upstream.protocol == .h2c, upstream.tls != nil {
            let message = "'h2c' is HTTP/2 without TLS, and this upstream has 'tls'"
            error(path + ".protocol", message, hint: "write 'protocol: h2', or remove 'tls'")
        }
        if upstream.protocol == .auto, upstream.tls == nil {
            let message = "servers choose by TLS only, so without 'tls' 'protocol: auto' is the same as 'http1'"
            warning(path + ".protocol", message, hint: "write 'h2c' if they speak HTTP/2 without TLS")
        }
        // What a tunnel carries is the client's choice, which the server does not know of.
        let tunnels = configuration.listeners.enumerated().filter { index, listener in
            listener.mode == .tcp && areReadable(["listeners[\(index)]", "listeners[\(index)].mode"])
                && (listener.upstream == upstream.name
                    || listener.serverNames.contains { $0.upstream == upstream.name })
        }
        if upstream.protocol == .auto, upstream.tls != nil, let (index, _) = tunnels.first {
            let message = "listeners[\(index)] has 'mode: tcp', so servers cannot choose what is spoken"
            error(path + ".protocol", message, hint: "write 'http1' or 'h2', whichever its clients speak")
        }
    }

    private mutating func checkOffer(_ upstream: UpstreamConfiguration, at path: String) {
        guard let tls = upstream.tls, upstream.protocol != .h2c else { return }
        guard isWritten?(path + ".tls.alpn") ?? (tls.alpn != UpstreamTLSConfiguration().alpn) else { return }
        let message = "what is offered (ALPN) follows from 'protocol: \(upstream.protocol.rawValue)'"
        error(path + ".tls.alpn", message, hint: "remove it", isAboutKey: true)
    }
}
