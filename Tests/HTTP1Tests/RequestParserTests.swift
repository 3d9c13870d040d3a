import MartletHTTP1
import MartletHTTPCore
import Testing

struct RequestParserTests {
    @Test func aPlainRequest() {
        let string = "GET /a/b?c=d HTTP/1.1\r\nHost: example.com\r\nUser-Agent:  me \r\nX-Odd_Name!: \r\n\r\nrest"
        let parsed = parseRequest(string)
        #expect(parsed.result == .complete)
        #expect(parsed.target == "/a/b?c=d" && parsed.path == "/a/b" && parsed.query == "c=d")
        #expect(parsed.authority == "example.com")
        #expect(parsed.fields == ["Host: example.com", "User-Agent: me", "X-Odd_Name!: "])
        #expect(parsed.framing == .none && parsed.isPersistent && parsed.length == string.utf8.count - 4)
    }
}
