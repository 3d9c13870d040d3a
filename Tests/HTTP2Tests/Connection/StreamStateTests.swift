// Every frame in every state of a stream, in both roles (RFC 9113 section 5.1).

import MartletHTTP2
import MartletHTTPCore
import Testing

/// What a stream with the number 1 is.
enum State: CaseIterable, Sendable {
    case idle, open, halfClosedLocal, halfClosedRemote, ended, resetByPeer, resetHere, forgotten
}

/// What comes for it.
enum Arrival: CaseIterable, Sendable {
    case data, lastData, headers, trailers, reset, windowUpdate, priority
}

/// What becomes of it.
enum Outcome: Equatable, Sendable {
    /// The driver is told, and nothing else.
    case told(Seen)
    /// Nobody notices.
    case ignored
    /// A field block is decoded and means nothing.
    case discarded
    /// A stream is reset.
    case reset(HTTP2Fault)
    /// The connection ends.
    case failed(HTTP2Fault)
}

struct StreamStateTests {
    private static let block: [UInt8] = [0x82]

    /// The table; what differs between the roles is in `expected`.
    static func outcome(_ arrival: Arrival, in state: State) -> Outcome {
        switch (state, arrival) {
        case (_, .priority): .ignored
        case (.idle, _): .failed(.frameOnIdleStream)
        case (.open, .data), (.halfClosedLocal, .data): .told(.data(1, [7], end: false))
        case (.open, .lastData), (.halfClosedLocal, .lastData): .told(.data(1, [7], end: true))
        case (.open, .headers), (.halfClosedLocal, .headers): .reset(.trailersWithoutEnd)
        case (.open, .trailers), (.halfClosedLocal, .trailers):
            .told(.headers(1, isNew: false, end: true, block: block))
        case (.open, .reset), (.halfClosedLocal, .reset), (.halfClosedRemote, .reset): .told(.reset(1, .cancel, nil))
        case (.open, .windowUpdate), (.halfClosedLocal, .windowUpdate), (.halfClosedRemote, .windowUpdate): .ignored
        case (.halfClosedRemote, .data), (.halfClosedRemote, .lastData), (.halfClosedRemote, .headers),
            (.halfClosedRemote, .trailers):
            .reset(.frameAfterEnd)
        case (.ended, .data), (.ended, .lastData), (.ended, .headers), (.ended, .trailers): .failed(.frameAfterClose)
        case (.resetByPeer, .data), (.resetByPeer, .lastData), (.resetByPeer, .headers), (.resetByPeer, .trailers):
            .reset(.frameAfterReset)
        case (.resetHere, .data), (.resetHere, .lastData), (.forgotten, .data), (.forgotten, .lastData): .ignored
        case (.resetHere, .headers), (.resetHere, .trailers): .discarded
        case (.forgotten, .headers), (.forgotten, .trailers): .reset(.frameAfterReset)
        case (.ended, _), (.resetByPeer, _), (.resetHere, _), (.forgotten, _): .ignored
        }
    }

    private static func expected(_ arrival: Arrival, in state: State, _ role: HTTP2Role) -> Outcome {
        let isBeginning = role == .server && state == .idle && (arrival == .headers || arrival == .trailers)
        if isBeginning { return .told(.headers(1, isNew: true, end: arrival == .trailers, block: block)) }
        return outcome(arrival, in: state)
    }

    @Test(arguments: HTTP2Role.allCases, State.allCases)
    func everyCell(role: HTTP2Role, state: State) {
        for arrival in Arrival.allCases {
            let endpoint = Self.endpoint(role, state)
            let seen = endpoint.receive(Self.bytes(arrival))
            let sent = endpoint.sent().filter { $0.type != FrameType.windowUpdate.rawValue }
            let expected = Self.expected(arrival, in: state, role)
            expect(seen, sent, expected, "\(arrival) in \(state)")
        }
    }

    private func expect(_ seen: [Seen], _ sent: [SentFrame], _ outcome: Outcome, _ comment: Comment) {
        switch outcome {
        case .told(let event): #expect(seen == [event] && sent == [], comment)
        case .ignored: #expect(seen == [] && sent == [], comment)
        case .discarded: #expect(seen == [.discardedHeaders(Self.block)] && sent == [], comment)
        case .reset(let fault):
            #expect(sent == [.reset(1, fault.code)], comment)
            // A block is to be decoded before; a stream that is gone cannot go.
            let rest = seen.filter { $0 != .discardedHeaders(Self.block) }
            #expect(rest == (fault == .frameAfterReset ? [] : [.reset(1, fault.code, fault)]), comment)
        case .failed(let fault):
            #expect(seen == [.failed(fault)] && sent.count == 1 && sent[0].type == 7, comment)
        }
    }

    private static func bytes(_ arrival: Arrival) -> [UInt8] {
        switch arrival {
        case .data: Wire.data(1, [7])
        case .lastData: Wire.data(1, [7], end: true)
        case .headers: Wire.headers(1, end: false)
        case .trailers: Wire.headers(1)
        case .reset: Wire.reset(1)
        case .windowUpdate: Wire.windowUpdate(1, 5)
        case .priority: Wire.priority(1)
        }
    }

    /// An endpoint with stream 1 in a state.
    private static func endpoint(_ role: HTTP2Role, _ state: State) -> Endpoint {
        let endpoint = Endpoint.settled(role)
        if state == .idle { return endpoint }
        begin(1, endpoint)
        let place = endpoint.place(1)
        switch state {
        case .idle, .open: break
        case .halfClosedLocal: endpoint.machine.sentData(place, 0, endStream: true)
        case .halfClosedRemote: endpoint.receive(Wire.data(1, [], end: true))
        case .ended:
            endpoint.receive(Wire.data(1, [], end: true))
            endpoint.machine.sentHeaders(place, endStream: true)
        case .resetByPeer: endpoint.receive(Wire.reset(1))
        case .resetHere: endpoint.machine.reset(place, .cancel)
        case .forgotten:
            endpoint.machine.reset(place, .cancel)
            for number in 1...64 {
                begin(UInt32(2 * number + 1), endpoint)
                endpoint.machine.reset(endpoint.place(UInt32(2 * number + 1)), .cancel)
            }
        }
        _ = endpoint.sent()
        return endpoint
    }

    private static func begin(_ number: UInt32, _ endpoint: Endpoint) {
        if endpoint.machine.role == .client { endpoint.request(end: false) }
        endpoint.receive(Wire.headers(number, end: false))
        endpoint.expectContent(number)
    }

    @Test func whatComesBehindAResetIsRefusedOnce() {
        let server = Endpoint.settled()
        server.receive(Wire.headers(1, end: false) + Wire.reset(1))
        #expect(server.receive(Wire.data(1, [1])) == [] && server.sent() == [.reset(1, .streamClosed)])
        #expect(server.receive(Wire.data(1, [1]) + Wire.reset(1)) == [] && server.sent() == [])
    }

    @Test func streamsThatWereSkipped() {
        for arrival in [Wire.data(3, [1]), Wire.headers(3)] {
            let server = Endpoint.settled()
            server.receive(Wire.headers(1) + Wire.headers(5))
            let fault = arrival[3] == 0 ? HTTP2Fault.frameAfterClose : .streamNotAscending
            #expect(server.receive(arrival) == [.failed(fault)])
            #expect(server.sent() == [.goAway(5, fault.code)])
        }
        let server = Endpoint.settled()
        server.receive(Wire.headers(5))
        #expect(server.receive(Wire.reset(3) + Wire.windowUpdate(1, 1) + Wire.priority(3)) == [])
    }

    /// PRIORITY may come for what has not begun, but an error of it cannot be told there.
    @Test func priorityOfAnIdleStream() {
        let server = Endpoint.settled()
        #expect(server.receive(Wire.priority(7) + Wire.priority(2)) == [])
        #expect(server.receive(Wire.priority(7, on: 7)) == [.failed(.selfDependency)])
        #expect(server.sent() == [.goAway(0, .protocolError)])
    }
}
