// Reads the answer to an HTTP check. Pure: bytes go in, the outcome comes out as soon as it is certain.
import MartletBalancing
import MartletHTTP1
import MartletHTTPCore

/// The answer to one HTTP check, as far as it has come.
struct HTTPCheckReader {
    static let limits = HeadLimits()

    private let check: HTTPCheck
    private let method: HTTPMethod
    private var match: ContentMatch
    /// What has come and is not dealt with.
    private var bytes: [UInt8] = []
    private var hasHead = false
    private var decoder = ContentDecoder()

    init(_ check: HTTPCheck) {
        self.check = check
        method = HTTPMethod(name: check.method.utf8.span)
        match = ContentMatch(prefix: check.prefix, part: check.contains)
    }

    /// Takes more bytes; the outcome when it is certain.
    /// - Parameter head: memory to parse into.
    mutating func take(_ piece: Span<UInt8>, _ head: inout ResponseHead) -> CheckOutcome? {
        for index in piece.indices { bytes.append(piece[index]) }
        while !hasHead {
            switch ResponseParser.parse(bytes.span, into: &head, requestMethod: method, limits: Self.limits) {
            case .incomplete: return nil
            case .refused: return .failed("the answer is not HTTP")
            case .complete: if let outcome = takeHead(head) { return outcome }
            }
        }
        return takeContent()
    }

    private mutating func takeHead(_ head: borrowing ResponseHead) -> CheckOutcome? {
        bytes.removeFirst(head.length)
        // Another head follows an interim one (RFC 9110 section 15.2).
        if head.isInformational { return nil }
        hasHead = true
        decoder = ContentDecoder(head.framing)
        if !check.statuses.contains(head.status) { return .failed("status \(head.status)") }
        return match.isWanted ? nil : .passed
    }

    private mutating func takeContent() -> CheckOutcome? {
        var rest = bytes
        bytes = []
        let decoded = Self.decode(&rest, with: &decoder)
        let found = match.take(rest.span.extracting(decoded.content))
        rest.removeFirst(decoded.consumed)
        bytes = rest
        if let found { return found ? .passed : Self.unexpected }
        if decoded.refusal != nil { return .failed("the content is not HTTP") }
        return decoded.isComplete ? Self.unexpected : nil
    }

    private static func decode(_ bytes: inout [UInt8], with decoder: inout ContentDecoder) -> DecodedContent {
        var span = bytes.mutableSpan
        return decoder.decode(&span, trailerLimit: limits.headBytes)
    }

    /// The server has closed the connection before the outcome was certain.
    mutating func ended() -> CheckOutcome {
        if !hasHead { return .failed("the connection was closed without an answer") }
        return decoder.ended() ? Self.unexpected : .failed("the answer was broken off")
    }

    private static let unexpected = CheckOutcome.failed("the content is not what is expected")
}
