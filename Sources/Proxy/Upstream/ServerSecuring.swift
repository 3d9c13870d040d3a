// TLS to servers: begun before anything of a request is sent, and not a byte is sent to one that is not trusted.
import MartletEventLoop
import MartletTLS
import MartletTelemetry

extension ProxyDriver {
    /// Puts TLS on a connection that has just been started, where the upstream wants it; `false` when that cannot be had,
    /// and the connection must not be used.
    mutating func secure(_ socket: Token, _ server: Int, _ exchange: UInt32, on loop: inout EventLoop) -> Bool {
        guard let tls = upstreamStates[Int(exchanges[exchange].upstream)].tls else { return true }
        let name = tls.serverName ?? serverStates[server].hostName
        // What a tunnel carries is not ours to say.
        let isForHTTP1 = !isStreamed(exchange, at: server) && !exchanges[exchange].flags.contains(.isTunnel)
        guard let session = tls.context.session(to: name, cacheKey: server, isForHTTP1: isForHTTP1) else {
            return false
        }
        loop.secure(socket, session)
        return true
    }

    /// A connection to a server stands: what its handshake was like.
    mutating func noteSecured(_ connection: UInt32, on loop: inout EventLoop) {
        guard let tls = upstreamStates[Int(servers[connection].upstream)].tls else { return }
        metrics.add(.upstreamHandshakes)
        if tls.isInsecure { metrics.add(.upstreamUnverified) }
        guard let session = loop.cipher(of: servers[connection].socket) as? TLSSession else { return }
        if session.isResumed { metrics.add(.upstreamHandshakesResumed) }
        if session.pinMismatch { metrics.add(.upstreamPinReports) }
    }

    /// Why a connection that could not be made is not one to trust; `nil` when it failed before that.
    mutating func trustFailure(
        _ connection: UInt32, _ exchange: UInt32, on loop: inout EventLoop
    ) -> FailureKind? {
        let isStream = servers[connection].isStream
        let socket = isStream ? multiplexers[servers[connection].multiplexer].socket : servers[connection].socket
        guard let session = loop.cipher(of: socket) as? TLSSession, let failure = session.failure
        else { return nil }
        exchanges[exchange].detail = failure.text
        switch failure.kind {
        case .certificate:
            metrics.add(.upstreamCertificatesRefused)
            return .certificateRefused
        case .pin:
            metrics.add(.upstreamPinMismatches)
            return .pinMismatch
        case .handshake, .clientCertificate, .protocolError, .plainHTTP:
            metrics.add(.upstreamHandshakesFailed)
            return .handshakeFailed
        }
    }
}
