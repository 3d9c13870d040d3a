// Responses: as with requests, and their framing depends on the method and the status.

import MartletHTTP1
import MartletHTTPCore

enum ResponseTarget: FuzzTarget {
    static let name = "response"
    static let corpus = Corpus.responses

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        let limits = Parsing.limits(&random)
        let method = random.pick([HTTPMethod.get, .get, .head, .post])
        let whole = Parsing.response(input, to: method, limits)
        for end in random.cuts(input.count) {
            let beginning = Parsing.response(Array(input[..<end]), to: method, limits)
            try require(beginning == .incomplete || beginning == whole, "a beginning is judged like the whole")
        }
        try checkReference(input, whole, method)
        guard case .complete(let values) = whole else { return false }
        try checkRewriting(input, values, method)
        return true
    }

    private static func checkReference(
        _ input: [UInt8], _ whole: Outcome<ResponseValues>, _ method: HTTPMethod
    ) throws(Violation) {
        let reference = ReferenceHead(input)
        let line = reference?.statusLine
        let framing = line.flatMap { reference?.framing(isHTTP10: $0.isHTTP10) }
        switch whole {
        case .incomplete: return
        case .refused(let refusal):
            guard ReferenceFaults.ofResponses.contains(refusal) else { return }
            try require(framing == nil, "what is clear is not refused as \(refusal)")
        case .complete(let values):
            guard let reference, let line, let framing else {
                throw Violation(property: "nothing ambiguous is accepted")
            }
            try require(reference.length == values.length, "the head ends where another reader sees its end")
            try require(line.status == values.status, "the same status")
            let expected = contentFraming(framing, line.status, method)
            try require(values.framing == expected, "content ends where another reader sees its end")
            try require(!values.isPersistent || expected != .untilClose, "what ends with the connection ends it")
        }
    }

    /// RFC 9112 section 6.3 once more.
    private static func contentFraming(
        _ framing: ContentFraming, _ status: Int, _ method: HTTPMethod
    ) -> ContentFraming {
        if method == .head || status == 204 || status == 304 || (100..<200).contains(status) { return .none }
        return framing == .none ? .untilClose : framing
    }

    private static func checkRewriting(
        _ input: [UInt8], _ values: ResponseValues, _ method: HTTPMethod
    ) throws(Violation) {
        let sent = try write(input, method)
        guard case .complete(let again) = Parsing.response(sent, to: method, Parsing.wide) else {
            throw Violation(property: "what is sent is accepted: \(escaped(sent))")
        }
        let isSame =
            again.status == values.status && again.reason == values.reason && again.framing == values.framing
            && again.declaredLength == values.declaredLength && again.fields == values.fields
            && again.length == sent.count && again.version == .http11
        try require(isSame, "what is sent has the same meaning: \(escaped(sent))")
        try require(ReferenceHead(sent) != nil, "what is sent is clear: \(escaped(sent))")
        try require(try write(sent, method) == sent, "what is sent does not change when it is sent again")
    }

    private static func write(_ bytes: [UInt8], _ method: HTTPMethod) throws(Violation) -> [UInt8] {
        var head = ResponseHead(fieldCapacity: 100)
        let result = ResponseParser.parse(bytes.span, into: &head, requestMethod: method, limits: Parsing.wide)
        try require(result == .complete, "what is sent is accepted: \(escaped(bytes))")
        var writer = HeadWriter(capacity: 2 * bytes.count + 256)
        writer.statusLine(head.status, reason: bytes.span.extracting(head.reason))
        writer.fields(head.fields, in: bytes.span)
        if let length = head.declaredLength, head.framing == .none {
            writer.contentLength(length)
        } else {
            writer.framing(head.framing)
        }
        writer.endOfHead()
        try require(!writer.overflowed, "there is room for what is sent")
        return array(writer.bytes)
    }
}
