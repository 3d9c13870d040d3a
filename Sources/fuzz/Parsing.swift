// Heads from bytes, at once and in pieces.

import MartletHTTP1
import MartletHTTPCore

/// What became of an attempt to parse a head.
enum Outcome<Values: Equatable>: Equatable, CustomStringConvertible {
    case complete(Values)
    case incomplete
    case refused(HeadRefusal)

    var isRefused: Bool {
        if case .refused = self { true } else { false }
    }

    var description: String {
        switch self {
        case .complete: "complete"
        case .incomplete: "incomplete"
        case .refused(let refusal): "refused, \(refusal)"
        }
    }
}

enum Parsing {
    /// More than any input here has.
    static let wide = HeadLimits(headBytes: 1 << 20, fields: 100, targetBytes: 1 << 20)

    /// The defaults, or now and then limits that inputs meet.
    static func limits(_ random: inout Randomness) -> HeadLimits {
        guard random.oneIn(4) else { return HeadLimits() }
        return HeadLimits(
            headBytes: 16 + random.below(400), fields: 1 + random.below(8), targetBytes: 1 + random.below(40))
    }

    static func request(_ bytes: [UInt8], _ limits: HeadLimits) -> Outcome<RequestValues> {
        var head = RequestHead(fieldCapacity: 100)
        switch RequestParser.parse(bytes.span, into: &head, limits: limits) {
        case .complete: return .complete(RequestValues(head, in: bytes))
        case .incomplete: return .incomplete
        case .refused(let refusal): return .refused(refusal)
        }
    }

    static func response(_ bytes: [UInt8], to method: HTTPMethod, _ limits: HeadLimits) -> Outcome<ResponseValues> {
        var head = ResponseHead(fieldCapacity: 100)
        switch ResponseParser.parse(bytes.span, into: &head, requestMethod: method, limits: limits) {
        case .complete: return .complete(ResponseValues(head, in: bytes))
        case .incomplete: return .incomplete
        case .refused(let refusal): return .refused(refusal)
        }
    }

    /// As a driver takes in a request that comes in pieces: parses the first, and again when the end has been found.
    static func request(_ bytes: [UInt8], cuts: [Int], _ limits: HeadLimits) throws(Violation) -> Outcome<RequestValues>
    {
        var scanner = HeadEndScanner()
        for (index, end) in cuts.enumerated() {
            let arrived = Array(bytes[..<end])
            let scan = index == 0 ? HeadScan.complete(end: 0) : scanner.scan(arrived.span)
            if case .refused(let refusal) = scan { return .refused(refusal) }
            if scan == .incomplete, arrived.count < limits.headBytes { continue }
            let outcome = request(arrived, limits)
            if outcome != .incomplete { return outcome }
            try require(index == 0, "where the scanner finds an end, the parser does")
        }
        return .incomplete
    }
}
