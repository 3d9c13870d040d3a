// TLS of clients: who may begin a handshake, and what is learnt from it.
import MartletEventLoop
import MartletHTTPCore
import MartletRouting
import MartletTLS
import MartletTelemetry

extension ProxyDriver {
    /// Begins TLS on a new connection. The client's first bytes are its handshake, so that one that may not begin is
    /// closed without a word.
    /// - Parameter received: what has come of it with a PROXY header.
    mutating func beginHandshake(_ client: UInt32, received: consuming Buffer? = nil, on loop: inout EventLoop) {
        let listener = Int(clients[client].listener)
        if let reason = handshakeRefusal(clients[client].peer, now: loop.milliseconds) {
            metrics.add(reason)
            return closeClient(client, on: &loop)
        }
        clients[client].flags.insert([.isSecure, .isHandshaking])
        metrics.increment(.handshakesActive)
        guard let session = listeners[listener].tls?.context.session() else {
            metrics.add(.handshakesFailed)
            return closeClient(client, on: &loop)
        }
        if let received {
            loop.secure(clients[client].socket, session, received: received)
        } else {
            loop.secure(clients[client].socket, session)
        }
        clients[client].deadline = loop.milliseconds + settings.handshakeTime
        loop.setTimer(clients[client].socket, at: clients[client].deadline)
    }

    /// Counts a handshake; why there is no room for it, if there is none.
    private func handshakeRefusal(_ peer: PeerAddress, now: UInt64) -> Counter? {
        if !shared.takeHandshake(limit: settings.handshakes) { return .handshakesRefusedTotal }
        if peer.isLocal || !limitsHandshakesPerClient { return nil }
        let refusal = shared.takeHandshake(
            for: peer, limit: settings.handshakesPerClient, rate: settings.handshakeRatePerClient, now: now)
        guard let refusal else { return nil }
        shared.giveBackHandshake()
        return refusal == .active ? .handshakesRefusedPerClient : .handshakesRefusedRate
    }

    private var limitsHandshakesPerClient: Bool {
        settings.handshakesPerClient != .max || settings.handshakeRatePerClient != .max
    }

    /// A handshake is over, one way or another.
    mutating func endHandshake(_ client: UInt32) {
        if !clients[client].flags.contains(.isHandshaking) { return }
        clients[client].flags.remove(.isHandshaking)
        metrics.decrement(.handshakesActive)
        shared.giveBackHandshake()
        let peer = clients[client].peer
        if !peer.isLocal && limitsHandshakesPerClient { shared.giveBackHandshake(for: peer) }
    }

    /// The handshake is complete: the first request may come.
    mutating func clientSecured(_ client: UInt32, on loop: inout EventLoop) {
        endHandshake(client)
        metrics.add(.handshakes)
        guard let session = loop.cipher(of: clients[client].socket) as? TLSSession else { return }
        if session.isResumed { metrics.add(.handshakesResumed) }
        // Whoever asks for this wanted to see the certificate, and nothing else (RFC 8737).
        if session.isChallenge { return closeClient(client, on: &loop) }
        clients[client].tlsVersion = session.version == .v13 ? 3 : 2
        if let peer = session.peer {
            let forwards = listeners[Int(clients[client].listener)].tls?.forwardsCertificate ?? false
            clients[client].identity = ClientIdentity.fields(of: peer, withCertificate: forwards)
            if matchesCertificates { clients[client].certificate = CertificateText(peer) }
        }
        if actions.usesServerNames { clients[client].serverName = session.serverName.map { Array($0.utf8) } }
        clients[client].deadline = loop.milliseconds + (isDraining ? Self.idleGrace : settings.requestHeadTime)
        loop.setTimer(clients[client].socket, at: clients[client].deadline)
        if listeners[Int(clients[client].listener)].tunnel != nil { return beginTunnel(client, on: &loop) }
        if session.isHTTP2 { beginMultiplexing(client, received: nil, on: &loop) }
    }

    /// The connection failed within its handshake.
    mutating func handshakeFailed(_ client: UInt32, on loop: inout EventLoop) {
        metrics.add(.handshakesFailed)
        let session = loop.cipher(of: clients[client].socket) as? TLSSession
        switch session?.failure?.kind {
        case .clientCertificate: metrics.add(.clientCertificatesRefused)
        case .plainHTTP: metrics.add(.plainRequestsToTLS)
        case .handshake, .certificate, .pin, .protocolError, nil: break
        }
        closeClient(client, on: &loop)
    }
}

/// The fields by which servers learn who a client has proved to be.
enum ClientIdentity {
    /// Field lines for a client's certificate, without anything that could break out of a line.
    static func fields(of peer: TLSPeer, withCertificate: Bool) -> [UInt8] {
        var text = "X-Client-Verified: true\r\nX-Client-Subject: \(plain(peer.subject))\r\n"
        if !peer.names.isEmpty { text += "X-Client-Names: \(plain(peer.names.joined(separator: ", ")))\r\n" }
        text += "X-Client-Fingerprint: \(plain(peer.fingerprint))\r\n"
        // A byte sequence of structured fields (RFC 9440 section 2.1, RFC 8941 section 3.3.5).
        if withCertificate { text += "Client-Cert: :\(Base64.text(peer.der)):\r\n" }
        return Array(text.utf8)
    }

    /// Where the subject stands in such lines.
    static func subject(in lines: Span<UInt8>) -> Range<Int> {
        let start = StaticString("X-Client-Verified: true\r\nX-Client-Subject: ").utf8CodeUnitCount
        var end = min(start, lines.count)
        while end < lines.count && lines[end] != 0x0D { end += 1 }
        return min(start, lines.count)..<end
    }

    /// Such lines in pieces.
    static func pairs(in lines: [UInt8]) -> [(name: String, value: String)] {
        String(decoding: lines, as: UTF8.self).split(separator: "\r\n").compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (String(line[..<colon]), String(line[colon...].dropFirst(2)))
        }
    }

    /// The most bytes of a value.
    private static let limit = 1_024

    /// Visible ASCII and spaces; whatever else there is becomes "?".
    private static func plain(_ text: String) -> String {
        String(decoding: text.utf8.prefix(limit).map { (0x20...0x7E).contains($0) ? $0 : 0x3F }, as: UTF8.self)
    }
}

extension CertificateText {
    fileprivate init(_ peer: TLSPeer) {
        var parts: [(kind: CertificatePart, text: String)] = [
            (.subject, peer.subject), (.fingerprint, peer.fingerprint),
        ]
        for name in peer.names {
            if name.hasPrefix("DNS:") { parts.append((.dns, String(name.dropFirst(4)))) }
            if name.hasPrefix("URI:") { parts.append((.uri, String(name.dropFirst(4)))) }
        }
        self.init(parts)
    }
}

/// Base64 (RFC 4648 section 4) for certificates in fields.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The text that stands for `bytes`.
    static func text(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word = 0
            for place in 0..<3 { word = word << 8 | Int(place < group.count ? group[start + place] : 0) }
            for place in 0..<4 {
                result.append(place <= group.count ? alphabet[word >> (18 - 6 * place) & 63] : 0x3D)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
