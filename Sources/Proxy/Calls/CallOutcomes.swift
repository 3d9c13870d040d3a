// How calls end: what servers say of it, what follows from that, and what is counted and logged.
import MartletBalancing
import MartletEventLoop
import MartletGRPC
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// The head of the final response to a call is in `response`: notes whether it says already how the call has ended.
    mutating func noteCallResponse(_ arena: Span<UInt8>, _ exchange: UInt32) {
        let connection = exchanges[exchange].connection
        let isStream = clients[exchanges[exchange].client].flags.contains(.isStream)
        var isAnswered = false
        if let index = response.fields.firstIndex(of: .contentType) {
            isAnswered = GRPCContentType.isGRPC(arena.extracting(response.fields[index].value))
        }
        var status = Self.callStatus(in: response.fields, arena)
        // What is no answer of gRPC passes as it is, and has this meaning for the client.
        if !isAnswered && status == nil && response.status != 200 { status = GRPCStatus(httpStatus: response.status) }
        exchanges[exchange].call.isAnswered = isAnswered
        exchanges[exchange].call.status = status
        // The end of the stream is on its head, and stays there: clients tell by it that there are no trailers.
        let endsWithHead =
            isStream && servers[connection].isStream && servers[connection].hasEnded
            && response.declaredLength == nil
        if endsWithHead {
            exchanges[exchange].flags.insert(.endsWithHead)
        } else {
            exchanges[exchange].flags.remove(.endsWithHead)
        }
    }

    /// The value of `grpc-status` among the lines of a table. A number that means nothing is UNKNOWN, as clients take it.
    static func callStatus(in table: borrowing FieldTable, _ arena: Span<UInt8>) -> GRPCStatus? {
        for index in 0..<table.count where table[index].known == .other {
            let line = table[index]
            if line.name.count == 11, ByteScan.equals(arena.extracting(line.name), lowercase: "grpc-status") {
                return GRPCStatus(fieldValue: arena.extracting(line.value)) ?? .unknown
            }
        }
        return nil
    }

    /// What the head of a response to a call says of its server, as a status of HTTP.
    func callVerdict(_ exchange: UInt32) -> Int {
        guard exchanges[exchange].call.isAnswered, let status = exchanges[exchange].call.status else {
            return response.status
        }
        return status.verdict
    }

    /// Whether how a call has ended will be said behind its messages.
    func awaitsCallStatus(_ exchange: UInt32) -> Bool {
        exchanges[exchange].call.isAnswered && exchanges[exchange].call.status == nil
    }

    /// A call was answered with a status in place of messages: whether it is tried again instead.
    mutating func retryCall(_ exchange: UInt32, on loop: inout EventLoop) -> Bool {
        let settings = upstreamStates[Int(exchanges[exchange].upstream)].settings.retry
        guard let status = exchanges[exchange].call.status, settings.callStatuses.contains(status) else {
            return false
        }
        exchanges[exchange].call.status = nil
        if replaceTry(exchange, .callStatus, on: &loop) { return true }
        exchanges[exchange].call.status = status
        return false
    }

    /// Trailers have come with this status.
    mutating func noteCallTrailers(_ exchange: UInt32, _ status: GRPCStatus?) {
        if !awaitsCallStatus(exchange) { return }
        exchanges[exchange].call.status = status
        let server = Int(servers[exchanges[exchange].connection].server)
        if let status, status.verdict >= 500 { return recordFailure(exchange, server, .server) }
        loads.succeeded(server)
    }

    /// Whether a request is kept whatever it does: for a server that says that it has not begun to work on it, as can be said in
    /// HTTP/2, or for a status after which the operator lets a call be sent again.
    func mayBeRefused(_ exchange: UInt32, _ upstream: Int) -> Bool {
        if mayHaveStreams(upstream) { return true }
        return exchanges[exchange].flags.contains(.isCall)
            && !upstreamStates[upstream].settings.retry.callStatuses.isEmpty
    }

    /// Whether HTTP/2 is spoken with the servers of an upstream, as far as is known of the first.
    func mayHaveStreams(_ upstream: Int) -> Bool {
        let first = upstreamStates[upstream].first
        return first >= 0 && serverStates[first].speaksHTTP2
    }

    /// Counts a call that is over.
    mutating func accountCall(_ exchange: UInt32) {
        let status = exchanges[exchange].call.status ?? exchanges[exchange].failure?.callStatus
        exchanges[exchange].call.status = status
        metrics.add(Counter.call(status.map { Int($0.rawValue) }))
    }

    /// Writes how a call has ended into the log line.
    mutating func endJSONCall(_ exchange: UInt32) {
        guard let status = exchanges[exchange].call.status else { return }
        log.batch.write(",\"grpc_status\":\"")
        log.batch.write(status.name)
        log.batch.write(byte: 0x22)
    }
}
