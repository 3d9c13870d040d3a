// A request's head as it is sent: accepted again with the same meaning, and nothing in it that should have ended here.

import MartletHTTP1
import MartletHTTPCore

enum RequestRewriting {
    static func check(_ input: [UInt8], _ values: RequestValues) throws(Violation) {
        let sent = try write(input)
        try checkMeaning(of: sent, values)
        try checkHop(input, sent)
        try require(try write(sent) == sent, "what is sent does not change when it is sent again: \(escaped(sent))")
    }

    /// The head that a driver sends for the request at the front of `bytes`, without the fields that it adds.
    static func write(_ bytes: [UInt8]) throws(Violation) -> [UInt8] {
        var head = RequestHead(fieldCapacity: 100)
        guard RequestParser.parse(bytes.span, into: &head, limits: Parsing.wide) == .complete else {
            throw Violation(property: "what is sent is accepted: \(escaped(bytes))")
        }
        var writer = HeadWriter(capacity: 2 * bytes.count + 256)
        writer.requestLine(head, in: bytes.span)
        if head.authority.isEmpty {
            writer.field(name: "Host", value: "server")
        } else {
            writer.field("Host", bytes.span.extracting(head.authority))
        }
        writer.fields(head.fields, in: bytes.span, except: [.host])
        writer.framing(head.framing)
        writer.endOfHead()
        try require(!writer.overflowed, "there is room for what is sent")
        return array(writer.bytes)
    }

    private static func checkMeaning(of sent: [UInt8], _ values: RequestValues) throws(Violation) {
        guard case .complete(let again) = Parsing.request(sent, Parsing.wide) else {
            throw Violation(property: "what is sent is accepted: \(escaped(sent))")
        }
        let isSame =
            again.methodName == values.methodName && again.method == values.method && again.query == values.query
            && again.framing == values.framing && again.version == .http11 && again.isPersistent
            && again.length == sent.count
        try require(isSame, "what is sent has the same meaning: \(escaped(sent))")
        let host = values.authority.isEmpty ? Array("server".utf8) : values.authority
        let isSamePath =
            again.path == values.path || values.path.isEmpty && (again.path == [0x2F] || again.target == [0x2A])
        try require(again.authority == host && isSamePath, "what is sent goes to the same place: \(escaped(sent))")
        let fields = again.fields.filter { $0.known != .host }
        try require(fields == values.fields.filter { $0.known != .host }, "what is sent has the same fields")
    }

    /// What no nomination takes out; the first three are written anew.
    private static let protected = [
        "host", "content-length", "transfer-encoding", "via", "forwarded", "x-forwarded-for", "x-forwarded-proto",
        "x-forwarded-host", "x-forwarded-port", "x-real-ip", "x-request-id",
    ].map { Array($0.utf8) }

    private static let endsHere = [
        "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te", "upgrade",
    ].map { Array($0.utf8) }

    /// Fields of this hop and those that Connection names do not pass; the protected do.
    private static func checkHop(_ input: [UInt8], _ sent: [UInt8]) throws(Violation) {
        guard let before = ReferenceHead(input, emptyLines: 2), let after = ReferenceHead(sent) else {
            throw Violation(property: "what is sent is clear: \(escaped(sent))")
        }
        let names = after.fields.map(\.name)
        let nominated = before.nominated.filter { !protected.contains($0) }
        for name in endsHere + nominated {
            try require(!names.contains(name), "\(escaped(name)) ends at this hop: \(escaped(sent))")
        }
        for name in protected.dropFirst(3) {
            let count = before.fields.count { $0.name == name }
            try require(names.count { $0 == name } == count, "\(escaped(name)) passes: \(escaped(sent))")
        }
    }
}
