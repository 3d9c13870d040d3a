// How clients are told to use another connection, so that none of their requests fails (RFC 9113 section 6.8).
//
//   PING "martlet?" ──answered, or 100 ms──▶ GOAWAY 2^31-1, PING "martlet!" ──answered──▶ GOAWAY with the last stream ──▶ end
//   nothing leaves behind it                 all that was held back leaves behind it
//
// A client that reads GOAWAY behind the end of a response may have made its next request by then and not have written it, and
// that one fails there, before anything is sent. So GOAWAY is kept apart from the ends of responses: those that were sent
// before have been read when it comes, and the others come behind it. Connections on which nothing has happened for a second
// are told at once.
import MartletEventLoop
import MartletHTTP2
import MartletTelemetry

extension ProxyDriver {
    /// How long a client may take to say that it has read what it was sent, in milliseconds. Longer for one that is further
    /// away would bring nothing: what keeps GOAWAY apart from the rest is the time that lies between them.
    private static var askTime: UInt64 { 100 }

    /// Connections that carry streams are told that there will be no more of them; what runs goes on.
    mutating func drainMultiplexers(on loop: inout EventLoop) {
        for place in 0..<multiplexers.places {
            guard let token = multiplexers.token(at: place) else { continue }
            if multiplexers[token.index].role == .server { drainMultiplexer(token.index, on: &loop) }
        }
    }

    /// The same of one client's connection.
    mutating func drainMultiplexer(_ index: UInt32, on loop: inout EventLoop) {
        beginLeaving(index, on: &loop)
        metrics.add(.http2GoAwaysOut)
        if multiplexers[index].machine.streamCount > 0 { return }
        let owner = multiplexers[index].owner
        clients[owner].deadline = askingEnd(index, now: loop.milliseconds) + Self.idleGrace
        setMultiplexedTimer(index, at: clients[owner].deadline, on: &loop)
    }

    /// A client's connection is to carry no more streams than those that its client has begun, or is about to.
    mutating func beginLeaving(_ index: UInt32, on loop: inout EventLoop) {
        let wasAsking = multiplexers[index].machine.isAsking
        multiplexers[index].machine.drain()
        queueFlush(index)
        if wasAsking || !multiplexers[index].machine.isAsking { return }
        multiplexers[index].askedUntil = loop.milliseconds + Self.askTime
        loop.setTimer(multiplexers[index].socket, at: multiplexers[index].askedUntil)
    }

    /// Clients that are asked are told at once: there is no time left.
    mutating func announceEnds() {
        for place in 0..<multiplexers.places {
            guard let token = multiplexers.token(at: place), multiplexers[token.index].machine.isAsking else {
                continue
            }
            multiplexers[token.index].machine.announce()
            queueFlush(token.index)
        }
    }

    /// Whether a client that is asked has had its time.
    func isAnswerOverdue(_ index: UInt32, now: UInt64) -> Bool {
        multiplexers[index].machine.isAsking && now >= multiplexers[index].askedUntil
    }

    /// When the client is told at the latest: now, unless it is asked first.
    func askingEnd(_ index: UInt32, now: UInt64) -> UInt64 {
        multiplexers[index].machine.isAsking ? max(multiplexers[index].askedUntil, now) : now
    }

    /// Sets the timer of a client's connection that carries streams. It expires earlier where the client is asked.
    mutating func setMultiplexedTimer(_ index: UInt32, at time: UInt64, on loop: inout EventLoop) {
        let isAsking = multiplexers[index].machine.isAsking
        loop.setTimer(multiplexers[index].socket, at: isAsking ? min(time, multiplexers[index].askedUntil) : time)
    }
}
