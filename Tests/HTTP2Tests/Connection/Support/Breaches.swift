// Every rule that a peer can break, broken.

import MartletHTTP2
import MartletHTTPCore

/// Bytes that break a rule.
struct Breach: CustomStringConvertible, Sendable {
    var fault: HTTP2Fault
    var role = HTTP2Role.server
    /// What comes before, without breaking anything.
    var before: [UInt8] = []
    /// Streams that a client has begun, without their end.
    var requests = 0
    var bytes: [UInt8]
    /// The stream that is reset, if the rule is one of a stream.
    var stream: UInt32 = 1

    var description: String { "\(fault) in a \(role): \(bytes.prefix(40))" }

    /// An endpoint to which everything but the breach has happened, and which has nothing to send.
    func endpoint() -> Endpoint {
        let endpoint = Endpoint.settled(role) {
            $0.streamWindow = 100_000
            $0.connectionWindow = 150_000
            $0.maxStreams = 4
            $0.blockBytes = 10_000
        }
        for _ in 0..<requests { endpoint.request(end: false) }
        let seen = endpoint.receive(before)
        precondition(seen.allSatisfy { if case .failed = $0 { false } else { true } }, "the beginning is in order")
        _ = endpoint.sent()
        return endpoint
    }
}

extension Breach {
    /// The same for both roles; a stream 1 is open.
    private static func both(_ fault: HTTP2Fault, _ bytes: [UInt8], stream: UInt32 = 1) -> [Breach] {
        [
            Breach(fault: fault, before: Wire.headers(1, end: false), bytes: bytes, stream: stream),
            Breach(fault: fault, role: .client, requests: 1, bytes: bytes, stream: stream),
        ]
    }

    private static func server(
        _ fault: HTTP2Fault, after before: [UInt8] = Wire.headers(1, end: false), _ bytes: [UInt8], stream: UInt32 = 1
    ) -> [Breach] {
        [Breach(fault: fault, before: before, bytes: bytes, stream: stream)]
    }

    private static func client(_ fault: HTTP2Fault, after before: [UInt8] = [], _ bytes: [UInt8]) -> [Breach] {
        [Breach(fault: fault, role: .client, before: before, requests: 1, bytes: bytes)]
    }

    private static func list(_ breaches: [Breach]...) -> [Breach] { breaches.flatMap { $0 } }

    private static let zeros = [UInt8](repeating: 0, count: 16_384)
    private static let opening = Wire.frame(.headers, stream: 1, [1])

    /// Any frame.
    private static let frames = list(
        both(.frameTooLarge, Wire.frame(0, stream: 1, [], length: 16_385)),
        both(.frameTooLarge, Wire.frame(99, [], length: 16_385)),
        both(.continuationExpected, opening + Wire.priority(3)),
        both(.continuationExpected, opening + Wire.headers(1)),
        both(.continuationExpected, opening + Wire.data(1, [1])),
        both(.continuationExpected, opening + Wire.frame(99)),
        both(.continuationExpected, opening + Wire.frame(.continuation, stream: 3)),
        both(.unexpectedContinuation, Wire.frame(.continuation, .endHeaders, stream: 1, [1])),
        both(.paddingTooLong, Wire.frame(.data, .padded, stream: 1, [5, 1, 1, 1, 1])),
        both(.paddingTooLong, Wire.frame(.headers, [.padded, .endHeaders], stream: 1, [2, 1])),
        both(.paddingTooLong, Wire.frame(.headers, [.padded, .priority], stream: 1, [2, 0, 0, 0, 0, 0, 1])),
        both(.payloadTooShort, Wire.frame(.data, .padded, stream: 1)),
        both(.payloadTooShort, Wire.frame(.headers, .padded, stream: 1)),
        both(.payloadTooShort, Wire.frame(.headers, .priority, stream: 1, [0, 0, 0, 0])),
        both(.payloadTooShort, Wire.frame(.headers, [.priority, .padded], stream: 1, [0, 0, 0, 0, 0])),
        both(.pushPromise, Wire.frame(.pushPromise, .endHeaders, stream: 1, [0, 0, 0, 2, 0x82])))

    /// Frames on streams where they cannot be.
    private static let places = list(
        both(.dataOnConnection, Wire.data(0, [1])),
        both(.headersOnConnection, Wire.headers(0)),
        both(.priorityOnConnection, Wire.priority(0)),
        both(.resetOnConnection, Wire.reset(0)),
        both(.settingsOnStream, Wire.frame(.settings, stream: 1)),
        both(.pingOnStream, Wire.frame(.ping, stream: 1, [0, 0, 0, 0, 0, 0, 0, 0])),
        both(.goAwayOnStream, Wire.frame(.goAway, stream: 1, [0, 0, 0, 0, 0, 0, 0, 0])),
        server(.priorityUpdateOnStream, Wire.frame(.priorityUpdate, stream: 1, [0, 0, 0, 1])),
        client(.priorityUpdateFromServer, Wire.priorityUpdate(1, "u=1")),
        server(.priorityUpdateTarget, Wire.priorityUpdate(0, "u=1")),
        server(.priorityUpdateTarget, Wire.priorityUpdate(2, "u=1")))

    /// Sizes that frames may not have.
    private static let sizes = list(
        both(.resetSize, Wire.frame(.resetStream, stream: 1, [0, 0, 0])),
        both(.resetSize, Wire.frame(.resetStream, stream: 1, [0, 0, 0, 0, 0])),
        both(.settingsSize, Wire.frame(.settings, [0, 1, 0, 0, 0])),
        both(.settingsSize, Wire.frame(.settings, [0, 1, 0, 0, 0, 0, 0])),
        both(.settingsAckSize, Wire.frame(.settings, .ack, [0, 1, 0, 0, 0, 0])),
        both(.pingSize, Wire.frame(.ping, [0, 0, 0, 0, 0, 0, 0])),
        both(.pingSize, Wire.frame(.ping, .ack, [0, 0, 0, 0, 0, 0, 0, 0, 0])),
        both(.goAwaySize, Wire.frame(.goAway, [0, 0, 0, 0, 0, 0, 0])),
        both(.windowUpdateSize, Wire.frame(.windowUpdate, stream: 1, [0, 0, 1])),
        both(.windowUpdateSize, Wire.frame(.windowUpdate, [0, 0, 0, 0, 1])),
        server(.priorityUpdateSize, Wire.frame(.priorityUpdate, [0, 0, 0])),
        both(.prioritySize, Wire.frame(.priority, stream: 1, [0, 0, 0, 0])),
        both(.prioritySize, Wire.frame(.priority, stream: 1, [0, 0, 0, 0, 0, 0])))

    /// Settings.
    private static let settings = list(
        both(.badEnablePush, Wire.settings([(.enablePush, 2)])),
        client(.badEnablePush, Wire.settings([(.enablePush, 1)])),
        both(.badInitialWindow, Wire.settings([(.initialWindowSize, 0x8000_0000)])),
        both(.badMaxFrame, Wire.settings([(.maxFrameSize, 16_383)])),
        both(.badMaxFrame, Wire.settings([(.maxFrameSize, 1 << 24)])),
        both(.badEnableConnect, Wire.settings([(.enableConnectProtocol, 2)])),
        both(.badEnableConnect, Wire.settings([(.enableConnectProtocol, 1), (.enableConnectProtocol, 0)])),
        both(.badNoPriorities, Wire.settings([(.noRFC7540Priorities, 2)])),
        both(.badNoPriorities, Wire.settings([(.noRFC7540Priorities, 1)])),
        both(.unexpectedSettingsAck, Wire.settingsAck))

    /// Streams that cannot have the frame.
    private static let streams = list(
        both(.frameOnIdleStream, Wire.data(3, [1])), both(.frameOnIdleStream, Wire.data(2, [1])),
        both(.frameOnIdleStream, Wire.reset(3)), both(.frameOnIdleStream, Wire.reset(4)),
        both(.frameOnIdleStream, Wire.windowUpdate(3, 1)), both(.frameOnIdleStream, Wire.windowUpdate(2, 0)),
        client(.frameOnIdleStream, Wire.headers(3)), client(.frameOnIdleStream, Wire.headers(2)),
        server(.evenStream, Wire.headers(2)), server(.evenStream, after: [], Wire.headers(2)),
        server(.streamNotAscending, after: Wire.headers(5), Wire.headers(3)),
        server(.tooManyStreams, after: open(4), Wire.headers(9), stream: 9),
        server(.tooManyStreams, after: open(4), Wire.headers(11), stream: 11),
        both(.selfDependency, Wire.priority(1, on: 1)), both(.selfDependency, dependent(1)),
        both(.selfDependency, dependent(1, end: false)), server(.selfDependency, dependent(3), stream: 3))

    /// Messages that are not in order.
    private static let messages = list(
        server(.frameAfterEnd, after: Wire.headers(1), Wire.data(1, [1])),
        server(.frameAfterEnd, after: Wire.headers(1), Wire.data(1, [], end: true)),
        server(.frameAfterEnd, after: Wire.headers(1), Wire.headers(1)),
        client(.frameAfterEnd, after: Wire.headers(1), Wire.data(1, [1])),
        client(.frameAfterEnd, after: Wire.headers(1), Wire.headers(1)),
        client(.dataBeforeHead, Wire.data(1, [1], end: true)),
        client(.dataBeforeHead, after: Wire.headers(1, end: false), Wire.data(1, [1])),
        server(.trailersWithoutEnd, Wire.headers(1, end: false)))

    /// HEADERS for a stream that depends on itself.
    private static func dependent(_ stream: UInt32, end: Bool = true) -> [UInt8] {
        let flags: FrameFlags = end ? [.priority, .endHeaders, .endStream] : [.priority, .endHeaders]
        return Wire.frame(.headers, flags, stream: stream, big(stream) + [0, 0x82])
    }

    /// The numbers of so many streams.
    private static func numbers(_ count: UInt32) -> [UInt32] { (0..<count).map { 2 * $0 + 1 } }

    /// The heads of so many requests.
    private static func open(_ count: UInt32) -> [UInt8] { numbers(count).flatMap { Wire.headers($0) } }

    /// So many requests that are given up at once.
    private static func rapid(_ count: UInt32) -> [UInt8] {
        numbers(count).flatMap { Wire.headers($0) + Wire.reset($0) }
    }

    /// The same bytes so many times.
    private static func repeated(_ count: Int, _ bytes: [UInt8]) -> [UInt8] {
        [[UInt8]](repeating: bytes, count: count).flatMap { $0 }
    }

    /// So many bytes of content, in the largest frames.
    private static func load(_ stream: UInt32, _ count: Int) -> [UInt8] {
        let whole = repeated(count / zeros.count, Wire.data(stream, zeros))
        return whole + Wire.data(stream, Array(zeros[..<(count % zeros.count)]))
    }

    /// Windows.
    private static let windows = list(
        server(.connectionWindowExceeded, after: open(2, load: 75_000), Wire.data(3, [1])),
        server(.connectionWindowExceeded, after: open(2, load: 74_999), Wire.padded(1, [1], padding: 1)),
        server(.streamWindowExceeded, after: open(1, load: 100_000), Wire.data(1, [1])),
        server(.streamWindowExceeded, after: open(1, load: 99_999), Wire.padded(1, [], padding: 1)),
        both(.zeroIncrement, Wire.windowUpdate(0, 0)),
        both(.zeroStreamIncrement, Wire.windowUpdate(1, 0)),
        both(.connectionWindowOverflow, Wire.windowUpdate(0, 0x7FFF_0001)),
        both(.streamWindowOverflow, Wire.windowUpdate(1, 0x7FFF_0001)),
        both(.initialWindowOverflow, Wire.windowUpdate(1, 1) + Wire.settings([(.initialWindowSize, 0x7FFF_FFFF)])))

    /// The heads of so many requests, and as many bytes of content for each.
    private static func open(_ count: UInt32, load bytes: Int) -> [UInt8] {
        numbers(count).flatMap { Wire.headers($0, end: false) + load($0, bytes) }
    }

    /// The end, and abuse.
    private static let rest = list(
        both(.goAwayIncreased, Wire.goAway(0) + Wire.goAway(1)),
        both(.tooManyIdleFrames, repeated(1100, Wire.ping())),
        both(.tooManyContinuations, Wire.frame(.headers, stream: 1) + continuations(33, [])),
        both(.blockTooLarge, Wire.frame(.headers, stream: 1, zeros)),
        both(.blockTooLarge, Wire.frame(.headers, stream: 1, Array(zeros[..<9999])) + continuations(1, [0, 0])),
        server(.tooManyResets, after: [], rapid(201)))

    private static func continuations(_ count: Int, _ fragment: [UInt8]) -> [UInt8] {
        repeated(count, Wire.frame(.continuation, stream: 1, fragment))
    }

    static let all = list(frames, places, sizes, settings, streams, messages, windows, rest)
}
