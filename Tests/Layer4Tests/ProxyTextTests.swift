// Version 1 of the PROXY protocol.
import MartletHTTPCore
import Testing

@testable import MartletLayer4

@Suite struct ProxyTextTests {
    private func read(_ text: String, _ location: SourceLocation = #_sourceLocation) -> ProxyHeaderResult {
        inEverySplit(Array(text.utf8), incomplete: .incomplete, location) { ProxyProtocolReader.read($0) }
    }

    @Test(arguments: [
        ("PROXY TCP4 192.168.0.1 10.0.0.2 56324 443\r\n", "192.168.0.1", "10.0.0.2"),
        ("PROXY TCP6 2001:db8::1 ::1 56324 443\r\n", "2001:db8::1", "::1"),
        ("PROXY TCP6 ::ffff:1.2.3.4 ::1 56324 443\r\n", "1.2.3.4", "::1"),
        (
            "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 56324 443\r\n",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
        ),
    ])
    func bothEndsAreRead(_ text: String, _ source: String, _ destination: String) throws {
        let result = read(text)
        guard case .complete(let header) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(header.source == ProxyEndpoint(try #require(IPAddress(parsing: source)), port: 56_324))
        #expect(header.destination == ProxyEndpoint(try #require(IPAddress(parsing: destination)), port: 443))
        #expect(!header.isLocal && header.length == text.utf8.count)
    }

    @Test(arguments: ["PROXY UNKNOWN\r\n", "PROXY UNKNOWN ::1 whatever 1 2 3 4\r\n"])
    func unknownEndsAreNone(_ text: String) {
        let header = ProxyHeader(length: text.utf8.count)
        #expect(read(text) == .complete(header))
    }

    @Test func whatFollowsIsNotTouched() {
        #expect(read("PROXY UNKNOWN\r\nGET / HTTP/1.1\r\n") == .complete(ProxyHeader(length: 15)))
    }

    private static let refused: [(String, ProxyHeaderRefusal)] = [
        ("GET / HTTP/1.1\r\n\r\n", .notAHeader),
        ("PROXY  TCP4 1.2.3.4 1.2.3.4 1 2\r\n", .badFamily),
        ("PROXY TCP5 1.2.3.4 1.2.3.4 1 2\r\n", .badFamily),
        ("PROXY tcp4 1.2.3.4 1.2.3.4 1 2\r\n", .badFamily),
        ("PROXY UNKNOWNS\r\n", .badFamily),
        ("PROXY \r\n", .badFamily),
        ("PROXY\r\n", .notAHeader),
        ("PRoXY TCP4", .notAHeader),
        ("PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n", .badLine),
        ("PROXY TCP4 1.2.3.4 1.2.3.4 1 2 \r\n", .badLine),
        ("PROXY TCP4 1.2.3.4  1.2.3.4 1 2\r\n", .badLine),
        ("PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3\r\n", .badLine),
        ("PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n", .badLine),
        ("PROXY TCP4 1.2.3.4 1.2.3.4 1 2\rx", .badLine),
        ("PROXY TCP4\t1.2.3.4 1.2.3.4 1 2\r\n", .badLine),
        ("PROXY TCP4 ::1 1.2.3.4 1 2\r\n", .badAddress),
        ("PROXY TCP4 ::ffff:1.2.3.4 1.2.3.4 1 2\r\n", .badAddress),
        ("PROXY TCP6 1.2.3.4 ::1 1 2\r\n", .badAddress),
        ("PROXY TCP4 01.2.3.4 1.2.3.4 1 2\r\n", .badAddress),
        ("PROXY TCP4 1.2.3.4 1.2.3 1 2\r\n", .badAddress),
        ("PROXY TCP4 1.2.3.4 1.2.3.4 65536 2\r\n", .badPort),
        ("PROXY TCP4 1.2.3.4 1.2.3.4 1 02\r\n", .badPort),
        ("PROXY TCP4 1.2.3.4 1.2.3.4 +1 2\r\n", .badPort),
        ("PROXY TCP4 1.2.3.4 1.2.3.4 1 -\r\n", .badPort),
        ("PROXY UNKNOWN " + String(repeating: "x", count: 92) + "\r\n", .tooLong),
    ]

    @Test(arguments: refused)
    func anythingElseIsRefused(_ text: String, _ refusal: ProxyHeaderRefusal) {
        #expect(read(text) == .refused(refusal))
    }

    @Test func theLongestIsTaken() {
        let text = "PROXY UNKNOWN " + String(repeating: "x", count: 91) + "\r\n"
        #expect(text.utf8.count == 107)
        #expect(read(text) == .complete(ProxyHeader(length: 107)))
    }
}
