// Requests: pieces do not matter, nothing ambiguous is accepted, and what is sent says the same as what came.

import MartletHTTP1
import MartletHTTPCore

enum RequestTarget: FuzzTarget {
    static let name = "request"
    static let corpus = Corpus.requests

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        let limits = Parsing.limits(&random)
        let whole = Parsing.request(input, limits)
        try checkPieces(input, whole, limits, &random)
        try checkReference(input, whole)
        guard case .complete(let values) = whole else { return false }
        try RequestRewriting.check(input, values)
        return true
    }

    private static func checkPieces(
        _ input: [UInt8], _ whole: Outcome<RequestValues>, _ limits: HeadLimits, _ random: inout Randomness
    ) throws(Violation) {
        let pieces = try Parsing.request(input, cuts: random.cuts(input.count), limits)
        // Of two faults, the scanner may meet the later one first; and it waits for the end of what is refused.
        let agree = whole.isRefused ? pieces.isRefused || pieces == .incomplete : pieces == whole
        try require(agree, "in pieces as at once: \(whole), not \(pieces)")
        let beginning = Parsing.request(Array(input[..<random.below(input.count + 1)]), limits)
        try require(beginning == .incomplete || beginning == whole, "a beginning is judged like the whole")
    }

    private static func checkReference(_ input: [UInt8], _ whole: Outcome<RequestValues>) throws(Violation) {
        let reference = ReferenceHead(input, emptyLines: 2)
        switch whole {
        case .incomplete: return
        case .refused(let refusal):
            guard ReferenceFaults.ofRequests.contains(refusal) else { return }
            try require(!isClear(reference), "what is clear is not refused as \(refusal)")
        case .complete(let values):
            guard let reference, let line = reference.requestLine, isClear(reference) else {
                throw Violation(property: "nothing ambiguous is accepted")
            }
            try require(reference.length == values.length, "the head ends where another reader sees its end")
            try require(line.method == values.methodName && line.target == values.target, "the same request line")
            try require(reference.framing(isHTTP10: line.isHTTP10) == values.framing, "the same framing")
        }
    }

    /// No two readers can understand it differently.
    private static func isClear(_ head: ReferenceHead?) -> Bool {
        guard let head, let line = head.requestLine, head.framing(isHTTP10: line.isHTTP10) != nil else { return false }
        let hosts = head.values("host").count
        return hosts == 1 || hosts == 0 && line.isHTTP10
    }
}

/// Refusals whose rules the second reader knows: it must see the fault too.
enum ReferenceFaults {
    static let ofResponses: [HeadRefusal] = [
        .bareCarriageReturn, .bareLineFeed, .badFieldName, .spaceBeforeColon, .obsoleteFolding, .badFieldValue,
        .badContentLength, .repeatedContentLength, .lengthWithTransferEncoding, .badTransferEncoding,
        .transferEncodingInHTTP10, .versionNotSupported, .badStatusLine,
    ]
    static let ofRequests = ofResponses + [.missingHost, .repeatedHost, .badRequestLine, .badMethod]
}
