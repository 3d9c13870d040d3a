// Heads that arrive in pieces, taken in as the drivers do it. The result may not depend on where the pieces end.

import MartletHTTP1
import MartletHTTPCore
import Testing

/// What a driver makes of a request that comes in pieces: parses the first, and the rest when the end has been found.
func parseRequest(inPieces pieces: [[UInt8]], limits: HeadLimits = HeadLimits()) -> ParsedRequest {
    var scanner = HeadEndScanner()
    var pending: [UInt8] = []
    for (index, piece) in pieces.enumerated() {
        pending += piece
        let isWorthParsing: Bool
        switch index == 0 ? .complete(end: 0) : scanner.scan(pending.span) {
        case .complete: isWorthParsing = true
        case .incomplete: isWorthParsing = pending.count >= limits.headBytes
        case .refused(let refusal): return ParsedRequest(result: .refused(refusal))
        }
        guard isWorthParsing else { continue }
        let parsed = parseRequest(pending, limits: limits)
        if parsed.result != .incomplete { return parsed }
        #expect(index == 0, "the scanner found an end that the parser does not see")
    }
    return ParsedRequest(result: .incomplete)
}

/// `bytes` in two pieces, cut everywhere, and one by one.
func everyCut(of bytes: [UInt8]) -> [[[UInt8]]] {
    var all = bytes.indices.dropFirst().map { [Array(bytes[..<$0]), Array(bytes[$0...])] }
    all.append(bytes.map { [$0] })
    return all
}

/// Expects the same from pieces as from the whole, and that no beginning is judged otherwise than the whole.
func expectSameInPieces(_ bytes: [UInt8], limits: HeadLimits = HeadLimits()) {
    let whole = parseRequest(bytes, limits: limits)
    #expect(whole.result != .incomplete)
    for pieces in everyCut(of: bytes) {
        let parsed = parseRequest(inPieces: pieces, limits: limits)
        #expect(parsed == whole, "cut behind \(readable(pieces[0]))")
    }
    for end in bytes.indices {
        let result = parseRequest(Array(bytes[..<end]), limits: limits).result
        #expect(result == .incomplete || result == whole.result, "only \(readable(bytes[..<end]))")
    }
}

/// The same for a response, which is parsed from its start each time.
func expectSameInPieces(response bytes: [UInt8], to method: HTTPMethod = .get, limits: HeadLimits = HeadLimits()) {
    let whole = parseResponse(bytes, to: method, limits: limits)
    #expect(whole.result != .incomplete)
    for end in bytes.indices {
        let parsed = parseResponse(Array(bytes[..<end]), to: method, limits: limits)
        #expect(parsed.result == .incomplete || parsed == whole, "only \(readable(bytes[..<end]))")
    }
}
