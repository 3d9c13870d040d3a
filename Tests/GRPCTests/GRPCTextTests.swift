// Content types, messages for people, and statuses in terms of HTTP.

import MartletGRPC
import MartletHTTPCore
import Testing

struct GRPCTextTests {
    @Test(arguments: [
        "application/grpc", "application/grpc+proto", "application/grpc+json", "Application/GRPC+proto",
        "application/grpc;charset=utf-8", "application/grpc ; a=b", "application/grpc\t;a=b",
    ])
    func isGRPC(text: String) {
        #expect(GRPCContentType.isGRPC(text.utf8.span) == true)
    }

    @Test(arguments: [
        "", "application", "application/grp", "application/grpc-web", "application/grpc-web+proto",
        "application/grpc-web-text", "application/grpcx", "application/json", "text/html", " application/grpc",
        "xapplication/grpc", "application/grpc,application/grpc",
    ])
    func isNot(text: String) {
        #expect(GRPCContentType.isGRPC(text.utf8.span) == false)
    }

    @Test(arguments: [
        ("", ""), ("not found", "not found"), ("50% off", "50%25 off"), ("a\r\nb: c", "a%0D%0Ab: c"),
        ("caf\u{e9}", "caf%C3%A9"), ("~\u{7f}\0\t", "~%7F%00%09"), ("%41", "%2541"),
    ])
    func messagesAreEncoded(text: String, encoded: String) {
        var writer = HeadWriter(capacity: 256)
        writer.status(.notFound, message: text.utf8.span)
        let bytes = writer.bytes
        let written = String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
        #expect(written == "grpc-status: 5\r\ngrpc-message: \(encoded)\r\n")
    }

    /// The list of gRPC's document, and what only proxies say.
    @Test(
        arguments: [
            (400, .internal), (401, .unauthenticated), (403, .permissionDenied), (404, .unimplemented),
            (429, .unavailable), (502, .unavailable), (503, .unavailable), (504, .deadlineExceeded), (500, .unknown),
            (302, .unknown), (418, .unknown), (408, .unknown), (505, .unknown), (501, .unimplemented),
            (413, .resourceExhausted), (414, .resourceExhausted), (431, .resourceExhausted), (499, .cancelled),
            (200, .ok), (204, .ok),
        ] as [(Int, GRPCStatus)])
    func anAnswerOfHTTPHasAMeaning(status: Int, meaning: GRPCStatus) {
        #expect(GRPCStatus(httpStatus: status) == meaning)
    }

    @Test func whoIsIllIsTold() {
        let ill = GRPCStatus.allCases.filter { $0.verdict >= 500 }
        #expect(ill == [.unknown, .internal, .unavailable, .dataLoss])
        #expect(GRPCStatus.allCases.filter { $0.verdict == 429 } == [.resourceExhausted])
        #expect(GRPCStatus.allCases.filter { $0.verdict == 200 }.count == 12)
    }

    @Test func sets() {
        #expect(GRPCStatusSet().isEmpty)
        let set = GRPCStatusSet([.unavailable, .aborted, .unavailable])
        #expect(GRPCStatus.allCases.filter { set.contains($0) } == [.aborted, .unavailable])
        #expect(!set.isEmpty && set != GRPCStatusSet())
    }
}
