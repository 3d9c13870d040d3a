// From the fields that begin a stream to the exchange that serves it.
import MartletEventLoop
import MartletHTTP1
import MartletHTTP2
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// A client's stream begins: its request's fields are in `section`.
    mutating func openStream(_ index: UInt32, _ place: Int32, endStream: Bool, on loop: inout EventLoop) {
        let fault = section.request(into: &request, endStream: endStream, limits: settings.requestHead)
        if let fault, fault.status == nil {
            metrics.add(.http2FaultProtocol)
            return multiplexers[index].machine.reset(place, .protocolError)
        }
        // CONNECT has no content: what follows it is a tunnel's (RFC 9110 section 9.3.6).
        if request.method == .connect { request.framing = .none }
        guard let client = makeStream(index, place, on: &loop) else {
            metrics.add(.http2StreamsRefused)
            return multiplexers[index].machine.reset(place, .refusedStream)
        }
        if endStream { clients[client].flags.insert(.ended) }
        if let fault {
            return refuse(client, .streamRefused(fault), isCall: isForCall(section.arena), on: &loop)
        }
        guard let arena = loop.pool.copy(section.arena) else {
            return refuse(client, .noBuffers, isCall: isForCall(section.arena), on: &loop)
        }
        // Servers that speak HTTP/1.1 learn of the end by the last chunk.
        if request.framing == .untilClose { request.framing = .chunked }
        takePriority(index, place)
        begin(arena, client, on: &loop)
    }

    /// How urgent the response is, if the request says so (RFC 9218 section 5).
    private mutating func takePriority(_ index: UInt32, _ place: Int32) {
        for number in 0..<request.fields.count where request.fields[number].known == .other {
            let line = request.fields[number]
            if line.name.count != 8 || !ByteScan.equals(section.arena.extracting(line.name), lowercase: "priority") {
                continue
            }
            let priority = StreamPriority(field: section.arena.extracting(line.value))
            return multiplexers[index].machine.setPriority(place, priority)
        }
    }

    /// A client connection for a stream. It is who the connection's client is.
    private mutating func makeStream(_ index: UInt32, _ place: Int32, on loop: inout EventLoop) -> UInt32? {
        if streamCount >= streamLimit { return nil }
        guard let channel = loop.openChannel(tag: .max) else { return nil }
        let owner = multiplexers[index].owner
        let connection = multiplexers.token(at: Int(index)) ?? .none
        let stream = ClientConnection(streamOf: clients[owner], channel: channel, multiplexer: connection, place: place)
        guard let token = clients.insert(stream) else {
            loop.close(channel)
            return nil
        }
        loop.setTag(channel, token.index)
        loop.setReceiving(channel, true)
        multiplexers[index].machine.setTag(place, token.index)
        if case .length(let length) = request.framing { multiplexers[index].machine.setContentLength(place, length) }
        streamCount += 1
        metrics.add(.http2Streams)
        metrics.increment(.http2StreamsActive)
        countStream(index, owner, on: &loop)
        return token.index
    }

    /// Counts a stream on its connection, which serves no more of them when it has served as many as it may.
    private mutating func countStream(_ index: UInt32, _ owner: UInt32, on loop: inout EventLoop) {
        clients[owner].requests += 1
        if clients[owner].requests != settings.requestsPerConnection { return }
        beginLeaving(index, on: &loop)
        metrics.add(.http2GoAwaysOut)
    }

    /// Writes the end of chunked content with trailers.
    static func write(_ trailers: borrowing FieldTable, of section: borrowing FieldSection, into tail: inout HeadWriter)
    {
        tail.removeAll()
        tail.trailers(trailers, in: section.arena)
    }

    /// The trailer section of a request, in `section`.
    mutating func receiveTrailers(_ index: UInt32, _ place: Int32, endStream: Bool, on loop: inout EventLoop) {
        let client = multiplexers[index].machine.tag(place)
        if client == .max { return }
        let exchange = clients[client].exchange
        // Tunnels, and what may become one, have no trailers (RFC 9113 section 8.5).
        let mayHaveNone = exchange != .max && exchanges[exchange].upgrade >= 0
        if mayHaveNone || !endStream || section.trailers(into: &trailers, limits: settings.requestHead) != nil {
            metrics.add(.http2FaultProtocol)
            return failStream(client, .protocolError, on: &loop)
        }
        if exchange != .max {
            if exchanges[exchange].flags.contains(.dropsRequestTrailers) { trailers.removeAll() }
            if exchanges[exchange].requestFraming == .chunked && trailers.count > 0 {
                Self.write(trailers, of: section, into: &tail)
                clients[client].trailers = tail.overflowed ? nil : loop.pool.copy(tail.bytes)
            }
        }
        streamContentEnded(client, on: &loop)
    }
}
