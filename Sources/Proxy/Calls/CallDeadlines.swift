// How long a call may take: as its client says (`grpc-timeout`), as long as the upstream allows, and not in silence.
import MartletBalancing
import MartletEventLoop
import MartletGRPC
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// The upstream of a call is known: settles by when it must be over. Why it is answered at once, if it is.
    mutating func settleDeadline(_ exchange: UInt32, on loop: inout EventLoop) -> FailureKind? {
        if exchanges[exchange].call.isTimeoutMalformed { return .callTimeoutMalformed }
        let most = callTime(exchange)
        let asked = exchanges[exchange].call.deadline
        if most > 0 {
            let end = exchanges[exchange].began / 1_000_000 + most
            exchanges[exchange].call.deadline = asked == 0 ? end : min(asked, end)
        }
        if exchanges[exchange].call.deadline == 0 { return nil }
        if let failure = overdue(exchange, on: &loop) { return failure }
        scheduleCheck(exchanges[exchange].client, deadline: exchanges[exchange].call.deadline, on: &loop)
        return nil
    }

    /// Why a call must end now, at a look at it, if it must.
    mutating func callFailure(_ exchange: UInt32, on loop: inout EventLoop) -> FailureKind? {
        if let failure = overdue(exchange, on: &loop) { return failure }
        if !isSilent(exchange, on: &loop) { return nil }
        metrics.add(.timeoutStall)
        return .callSilent
    }

    private mutating func overdue(_ exchange: UInt32, on loop: inout EventLoop) -> FailureKind? {
        if !isPastDeadline(exchange, slack: 0, on: &loop) { return nil }
        metrics.add(.timeoutDeadline)
        noteSlowness(exchange, now: loop.nanoseconds)
        return .deadlinePassed
    }

    /// Whether a call's time is over, or will be in so many milliseconds.
    func isPastDeadline(_ exchange: UInt32, slack: UInt64, on loop: inout EventLoop) -> Bool {
        let deadline = exchanges[exchange].call.deadline
        return deadline != 0 && loop.milliseconds + slack >= deadline
    }

    /// How far a client's clock and its way to us may let a deadline come early here, in milliseconds.
    private static var deadlineSlack: UInt64 { 10 }

    /// A client that calls off what it has given a time does so when the time is over, most often just before we notice.
    mutating func reasonForLeaving(_ exchange: UInt32, on loop: inout EventLoop) -> FailureKind {
        if !isPastDeadline(exchange, slack: Self.deadlineSlack, on: &loop) { return .clientGone }
        metrics.add(.timeoutDeadline)
        noteSlowness(exchange, now: loop.nanoseconds)
        return .deadlinePassed
    }

    /// How long the server would have taken nobody will know: it is at least as slow as this. Without that a server that answers
    /// nothing would seem to have nothing to do.
    private func noteSlowness(_ exchange: UInt32, now: UInt64) {
        let connection = exchanges[exchange].connection
        if connection == .max || exchanges[exchange].flags.contains(.responseBegun) { return }
        let server = Int(servers[connection].server)
        let elapsed = now - servers[connection].began
        if elapsed > loads.latency(server) { loads.observe(latency: elapsed, server, now: now) }
    }

    /// Whether the client of a call may be as slow as it likes. Between two messages it is not slow: the rates that hold for other
    /// content would cut whoever has nothing to say. Only where there can be servers of gRPC, as anybody can say that he makes a call.
    func setsOwnPace(_ exchange: UInt32) -> Bool {
        let upstream = Int(exchanges[exchange].upstream)
        return upstream >= 0 && mayHaveStreams(upstream)
    }

    /// Whether neither side of a call has said anything for too long while its request goes on.
    private mutating func isSilent(_ exchange: UInt32, on loop: inout EventLoop) -> Bool {
        let flags = exchanges[exchange].flags
        if flags.contains(.requestComplete) || exchanges[exchange].upstream < 0 { return false }
        let bytes = clients[exchanges[exchange].client].decoder.contentBytes
        let connection = exchanges[exchange].connection
        let isServersTurn =
            connection == .max || isHeldBack(exchange) || loop.isSendPending(servers[connection].socket)
        if isServersTurn || bytes != exchanges[exchange].call.clientBytes {
            exchanges[exchange].call.clientBytes = bytes
            exchanges[exchange].call.lastMove = loop.milliseconds
            return false
        }
        // Since the response has begun, the server is watched (`checkStall`).
        if flags.contains(.responseHeadSent) { return false }
        let limit = stallTime(exchange, Int(exchanges[exchange].upstream))
        return limit > 0 && loop.milliseconds - exchanges[exchange].call.lastMove >= limit
    }

    // MARK: What the server is told

    /// Leaves room in the head for the server, in `writer`, for the time that a call has.
    mutating func composeTimeout(_ exchange: UInt32) {
        if exchanges[exchange].call.deadline == 0 { return }
        writer.write("grpc-timeout: ")
        exchanges[exchange].call.timeoutPlace = UInt32(clamping: writer.count)
        for _ in 0..<GRPCTimeout.width { writer.write(byte: 0x20) }
        writer.write("\r\n")
    }

    /// Writes the time that is left into a request that is about to be sent, at the front of which its head stands. Waiting and
    /// tries that failed have used up some of it.
    func writeTimeout(_ exchange: UInt32, into request: inout Buffer, now: UInt64) {
        let place = Int(exchanges[exchange].call.timeoutPlace)
        if place + GRPCTimeout.width > request.count { return }
        let deadline = exchanges[exchange].call.deadline
        var bytes = request.mutableBytes(from: 0)
        GRPCTimeout.write(max(deadline, now + 1) - now, into: &bytes, at: place)
    }
}
