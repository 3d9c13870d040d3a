// One call of grpc.health.v1.Health/Check by HTTP/2, on a connection of its own. Pure: bytes go in, bytes and the outcome
// come out. How much is read and kept is bounded by `limits` and by `HealthCall.answerLimit`.
import MartletBalancing
import MartletGRPC
import MartletHTTP2
import MartletHTTPCore

/// A call that a record of a connection refers to: a record can be copied, and what HTTP/2 knows cannot be.
final class HealthCallExchange {
    private var call: HealthCallState

    /// - Parameter now: milliseconds on the loop's clock.
    init(now: UInt64) { call = HealthCallState(now: now) }

    /// See `HealthCallState.begin`.
    func begin(_ check: GRPCCheck, authority: String, isSecure: Bool, timeout: UInt64) -> Bool {
        call.begin(check, authority: authority, isSecure: isSecure, timeout: timeout)
    }

    /// What has to be sent now. It waits here, within a bound, until the server takes it.
    func takeSending() -> [UInt8] { call.takeSending() }

    /// See `HealthCallState.take`.
    func take(_ bytes: Span<UInt8>, _ head: inout ResponseHead, now: UInt64) -> CheckOutcome? {
        call.take(bytes, &head, now: now)
    }

    /// The server has closed the connection before the outcome was certain.
    func ended() -> CheckOutcome { call.ended() }
}

/// A call as far as it has come.
struct HealthCallState: ~Copyable {
    /// What the server may cost.
    static let limits: HTTP2Limits = {
        var limits = HTTP2Limits()
        limits.maxStreams = 1
        limits.streamWindow = 65_535
        limits.connectionWindow = 65_535
        limits.maxStreamWindow = 65_535
        limits.maxConnectionWindow = 65_535
        limits.headerListBytes = 16 << 10
        limits.blockBytes = 16 << 10
        limits.continuations = 8
        limits.idleFrames = 100
        limits.outputBytes = 4 << 10
        return limits
    }()

    private var machine: HTTP2Connection
    private var decoder = HPACKDecoder(tableBytes: HealthCallState.limits.headerTableBytes)
    private var section = FieldSection(
        bytes: HealthCallState.limits.headerListBytes, fields: HTTPCheckReader.limits.fields,
        tableBytes: HealthCallState.limits.headerTableBytes)
    private var trailers = FieldTable(capacity: HTTPCheckReader.limits.fields)
    private var place: Int32 = -1
    private var hasHead = false
    private var message = SmallMessage(limit: HealthCall.answerLimit)
    /// The beginning of a frame whose rest has not come.
    private var pending: [UInt8] = []
    /// What has to be sent.
    private var output: [UInt8] = []

    /// - Parameter now: milliseconds on the loop's clock.
    init(now: UInt64) { machine = HTTP2Connection(role: .client, limits: Self.limits, now: now) }

    // MARK: The call

    /// Makes the call, on a connection that stands; `false` when it cannot be written.
    /// - Parameters:
    ///   - authority: what is called if the check does not say it.
    ///   - timeout: how long the check may take, in milliseconds: the server may know.
    mutating func begin(_ check: GRPCCheck, authority: String, isSecure: Bool, timeout: UInt64) -> Bool {
        machine.start()
        takeOutput()
        let head = Array(Self.head(check, authority: authority, timeout: timeout).utf8)
        var block = HeadWriter(capacity: 2 * head.count + 1024)
        var encoder = HPACKEncoder(tableBytes: 0)
        guard let stream = machine.open(),
            encoder.encodeRequest(head.span, isSecure: isSecure, protocol: nil, into: &block) != nil
        else { return false }
        place = stream
        var frames = machine.headerFrames(place, blockBytes: block.count, endStream: false)
        while let frame = frames.next() {
            append(frame.header)
            Self.append(block.bytes.extracting(frame.range), to: &output)
        }
        machine.sentHeaders(place, endStream: false)
        let content = HealthCall.request(service: check.service)
        append(machine.dataFrame(place, content.count, endStream: true))
        output += content
        machine.sentData(place, content.count, endStream: true)
        return true
    }

    private static func head(_ check: GRPCCheck, authority: String, timeout: UInt64) -> String {
        var text = "POST \(HealthCall.path) HTTP/1.1\r\nHost: \(check.host ?? authority)\r\n"
        text += "te: trailers\r\ncontent-type: application/grpc\r\ngrpc-timeout: \(timeout)m\r\n"
        if !check.fields.contains(where: { $0.name.lowercased() == "user-agent" }) { text += "user-agent: martlet\r\n" }
        for field in check.fields { text += "\(field.name.lowercased()): \(field.value)\r\n" }
        return text + "\r\n"
    }

    /// What has to be sent now.
    mutating func takeSending() -> [UInt8] {
        takeOutput()
        defer { output = [] }
        return output
    }

    private mutating func takeOutput() {
        Self.append(machine.output, to: &output)
        machine.clearOutput()
    }

    private mutating func append(_ header: FrameHeader) {
        let bytes = header.bytes
        Self.append(bytes.span, to: &output)
    }

    private static func append(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        for index in bytes.indices { output.append(bytes[index]) }
    }

    // MARK: The answer

    /// Takes more bytes; the outcome when it is certain.
    /// - Parameter head: memory for the response's head.
    mutating func take(_ bytes: Span<UInt8>, _ head: inout ResponseHead, now: UInt64) -> CheckOutcome? {
        var all = pending
        for index in bytes.indices { all.append(bytes[index]) }
        var position = 0
        while true {
            let event = machine.next(in: all.span, from: &position, now: now)
            if event == .needsMore { break }
            if let outcome = handle(event, all.span, &head, now: now) { return outcome }
        }
        pending = Array(all[position...])
        return nil
    }

    /// The server has closed the connection before the outcome was certain.
    func ended() -> CheckOutcome {
        .failed(hasHead ? "the answer was broken off" : "the connection was closed without an answer")
    }

    private mutating func handle(
        _ event: HTTP2Event, _ bytes: Span<UInt8>, _ head: inout ResponseHead, now: UInt64
    ) -> CheckOutcome? {
        switch event {
        case .needsMore, .handled, .windowOpened, .settings, .goAway: return nil
        case .headers(_, _, let endStream, let block):
            return decode(block, bytes) ?? takeFields(endStream: endStream, &head)
        case .discardedHeaders(let block, _): return decode(block, bytes)
        case .data(_, let range, let endStream):
            return takeContent(bytes.extracting(range), endStream: endStream, now: now)
        case .reset(_, let code, let fault):
            return fault == nil ? .failed("the call was reset: \(code.name)") : Self.isNotHTTP2
        case .unprocessed: return .failed("the call was refused")
        case .failed: return Self.isNotHTTP2
        }
    }

    private mutating func decode(_ block: BlockLocation, _ bytes: Span<UInt8>) -> CheckOutcome? {
        let fault =
            switch block {
            case .received(let range): decoder.decode(bytes.extracting(range), into: &section)
            case .gathered: decoder.decode(machine.gatheredBlock, into: &section)
            }
        return fault == nil ? nil : Self.isNotHTTP2
    }

    /// A head, or trailers, in `section`.
    private mutating func takeFields(endStream: Bool, _ head: inout ResponseHead) -> CheckOutcome? {
        if hasHead {
            if section.trailers(into: &trailers, limits: HTTPCheckReader.limits) != nil { return Self.isNotHTTP2 }
            return Self.outcome(Self.field("grpc-status", of: trailers, in: section.arena), message)
        }
        let fault = section.response(
            into: &head, endStream: endStream, requestMethod: .post, limits: HTTPCheckReader.limits)
        if fault != nil { return Self.isNotHTTP2 }
        if head.isInformational { return nil }
        hasHead = true
        machine.receivedFinalHead(place)
        if head.status != 200 { return .failed("status \(head.status)") }
        guard let type = head.fields.firstIndex(of: .contentType),
            GRPCContentType.isGRPC(section.arena.extracting(head.fields[type].value))
        else { return .failed("the answer is not gRPC") }
        if !endStream { return nil }
        return Self.outcome(Self.field("grpc-status", of: head.fields, in: section.arena), message)
    }

    private mutating func takeContent(_ bytes: Span<UInt8>, endStream: Bool, now: UInt64) -> CheckOutcome? {
        if !hasHead { return Self.isNotHTTP2 }
        machine.consumed(place, bytes.count, now: now)
        do throws(SmallMessage.Fault) {
            try message.take(bytes)
        } catch {
            return .failed("the answer is malformed")
        }
        return endStream ? Self.hasNoStatus : nil
    }

    private static func field(
        _ name: StaticString, of fields: borrowing FieldTable, in arena: Span<UInt8>
    ) -> String? {
        for index in 0..<fields.count where ByteScan.equals(arena.extracting(fields[index].name), lowercase: name) {
            let value = arena.extracting(fields[index].value)
            return String(decoding: value.indices.map { value[$0] }, as: UTF8.self)
        }
        return nil
    }

    /// What a call has come to that is over.
    private static func outcome(_ status: String?, _ message: SmallMessage) -> CheckOutcome {
        guard let status else { return hasNoStatus }
        guard let known = GRPCStatus(fieldValue: status.utf8.span) else { return .failed("an unknown grpc-status") }
        if known != .ok { return .failed("the call failed: \(known.name)") }
        guard let content = try? message.ended(), let serving = ServingStatus(message: content.span) else {
            return .failed("the answer is malformed")
        }
        return serving == .serving ? .passed : .failed("the service is \(serving.name)")
    }

    private static let isNotHTTP2 = CheckOutcome.failed("the answer is not HTTP/2")
    private static let hasNoStatus = CheckOutcome.failed("the answer has no grpc-status")
}
