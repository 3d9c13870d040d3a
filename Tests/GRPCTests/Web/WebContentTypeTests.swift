// The names of gRPC-Web's forms.

import MartletGRPC
import MartletHTTPCore
import Testing

struct WebContentTypeTests {
    @Test(arguments: [
        ("application/grpc-web", false, ""), ("application/grpc-web+proto", false, "+proto"),
        ("application/grpc-web-text", true, ""), ("application/grpc-web-text+proto", true, "+proto"),
        ("Application/gRPC-Web+JSON", false, "+JSON"),
        ("application/grpc-web-text; charset=utf-8", true, "; charset=utf-8"),
        ("application/grpc-web ;a=b", false, " ;a=b"),
    ])
    func isOne(value: String, isText: Bool, rest: String) throws {
        let bytes = Array(value.utf8)
        let found = WebContentType(bytes.span)
        let type = try #require(found)
        #expect(type.isText == isText)
        #expect(Array(bytes[type.rest.range]) == Array(rest.utf8))
    }

    @Test(arguments: [
        "", "application/grpc", "application/grpc+proto", "application/grpc-webtext", "application/grpc-web-texts",
        "application/grpc-web-", "application/grpc-we", "text/plain", "application/grpc-web/x", "xapplication/grpc-web",
    ])
    func isNone(value: String) {
        #expect(WebContentType(Array(value.utf8).span) == nil)
    }

    @Test(arguments: [
        ("application/grpc", ""), ("application/grpc+proto", "+proto"), ("APPLICATION/GRPC;x", ";x"),
        ("application/grpc-web", nil), ("application/grpcx", nil), ("application/grp", nil),
    ])
    func whatStandsBehindTheName(value: String, rest: String?) {
        let bytes = Array(value.utf8)
        let range = WebContentType.rest(of: bytes.span, behind: WebContentType.call)
        #expect(range.map { Array(bytes[$0.range]) } == rest.map { Array($0.utf8) })
    }

    @Test(arguments: [
        ("application/grpc-web-text", true), ("application/grpc-web", false), ("*/*", nil), ("", nil),
        ("text/html, application/grpc-web-text+proto , application/grpc-web", true),
        ("application/json,application/grpc-web+proto;q=0.5,application/grpc-web-text", false), (",,", nil),
    ])
    func theFirstThatIsAcceptedCounts(value: String, isText: Bool?) {
        #expect(WebContentType.accepted(Array(value.utf8).span) == isText)
    }
}
