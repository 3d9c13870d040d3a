// The four forms of a target, and who the request is for (RFC 9112 sections 3.2 and 3.3).

import MartletHTTP1
import MartletHTTPCore
import Testing

/// A row of a table of targets.
struct TargetRow: CustomTestStringConvertible, Sendable {
    let line: String
    let form: TargetForm
    let path: String
    let query: String?
    let authority: String
    /// The request line that leaves for the server.
    let sent: String

    var testDescription: String { line }
}

struct TargetTests {
    @Test(arguments: [
        TargetRow(line: "GET / HTTP/1.1", form: .origin, path: "/", query: nil, authority: "h", sent: "GET /"),
        TargetRow(line: "GET /? HTTP/1.1", form: .origin, path: "/", query: "", authority: "h", sent: "GET /?"),
        TargetRow(line: "GET //x/ HTTP/1.1", form: .origin, path: "//x/", query: nil, authority: "h", sent: "GET //x/"),
        TargetRow(
            line: "GET /a?b?c=/d HTTP/1.1", form: .origin, path: "/a", query: "b?c=/d", authority: "h",
            sent: "GET /a?b?c=/d"),
        TargetRow(
            line: "GET /http://b/ HTTP/1.1", form: .origin, path: "/http://b/", query: nil, authority: "h",
            sent: "GET /http://b/"),
        TargetRow(
            line: "GET http://b/c?d HTTP/1.1", form: .absolute, path: "/c", query: "d", authority: "b",
            sent: "GET /c?d"),
        TargetRow(
            line: "GET HTTPS://B:443/ HTTP/1.1", form: .absolute, path: "/", query: nil, authority: "B:443",
            sent: "GET /"),
        TargetRow(
            line: "GET http://b HTTP/1.1", form: .absolute, path: "", query: nil, authority: "b", sent: "GET /"),
        TargetRow(
            line: "GET http://b?c HTTP/1.1", form: .absolute, path: "", query: "c", authority: "b", sent: "GET /?c"),
        TargetRow(
            line: "GET http://b//c:d@e HTTP/1.1", form: .absolute, path: "//c:d@e", query: nil, authority: "b",
            sent: "GET //c:d@e"),
        TargetRow(
            line: "OPTIONS http://b HTTP/1.1", form: .absolute, path: "", query: nil, authority: "b",
            sent: "OPTIONS *"),
        TargetRow(
            line: "OPTIONS http://b/ HTTP/1.1", form: .absolute, path: "/", query: nil, authority: "b",
            sent: "OPTIONS /"),
        TargetRow(
            line: "OPTIONS http://b? HTTP/1.1", form: .absolute, path: "", query: "", authority: "b",
            sent: "OPTIONS /?"),
        TargetRow(
            line: "OPTIONS * HTTP/1.1", form: .asterisk, path: "", query: nil, authority: "h", sent: "OPTIONS *"),
        TargetRow(
            line: "CONNECT b:443 HTTP/1.1", form: .authority, path: "", query: nil, authority: "b:443",
            sent: "CONNECT b:443"),
        TargetRow(
            line: "CONNECT [::1]:443 HTTP/1.1", form: .authority, path: "", query: nil, authority: "[::1]:443",
            sent: "CONNECT [::1]:443"),
    ])
    func isUnderstoodAndSent(row: TargetRow) {
        let bytes = request("Host: h", line: row.line)
        let parsed = parseRequest(bytes)
        #expect(parsed.result == .complete && parsed.form == row.form)
        #expect(parsed.path == row.path && parsed.query == row.query)
        #expect(parsed.authority == row.authority)
        #expect(sentRequestLine(bytes) == row.sent + " HTTP/1.1\r\n")
        expectSameInPieces(bytes)
    }

    static let refused: [Refused] = [
        // CONNECT takes "host:port" and nothing else; the port is never left out (RFC 9112 section 3.2.3).
        Refused(request("Host: h", line: "CONNECT b HTTP/1.1"), .badTarget),
        Refused(request("Host: h", line: "CONNECT b: HTTP/1.1"), .badTarget),
        Refused(request("Host: h", line: "CONNECT 443 HTTP/1.1"), .badTarget),
        Refused(request("Host: h", line: "CONNECT :443 HTTP/1.1"), .badTarget),
        Refused(request("Host: h", line: "CONNECT [::1] HTTP/1.1"), .badTarget),
        Refused(request("Host: h", line: "CONNECT b:65536 HTTP/1.1"), .badTarget),
        Refused(request("Host: h", line: "CONNECT b:4?a HTTP/1.1"), .badTarget),
        Refused(request("Host: h", line: "CONNECT / HTTP/1.1"), .badTarget),
        Refused(request("Host: h", line: "CONNECT * HTTP/1.1"), .badTarget),
        Refused(request("Host: h", line: "CONNECT http://b:1/ HTTP/1.1"), .badTarget),
        // Absolute-form: http and https, with a host.
        Refused(request("Host: h", line: "GET ftp://b/ HTTP/1.1"), .badTarget),
        Refused(request("Host: h", line: "GET http:/b HTTP/1.1"), .badTarget),
        Refused(request("Host: h", line: "GET http:b HTTP/1.1"), .badTarget),
        Refused(request("Host: h", line: "GET http: HTTP/1.1"), .badTarget),
        Refused(request("Host: h", line: "GET http:/?/ HTTP/1.1"), .badTarget),
        Refused(request("Host: h", line: "GET ://b/ HTTP/1.1"), .badTarget),
        Refused(request("Host: h", line: "GET xhttp://b/ HTTP/1.1"), .badTarget),
        Refused(request("Host: h", line: "GET http:// HTTP/1.1"), .badHost),
        Refused(request("Host: h", line: "GET http:///a HTTP/1.1"), .badHost),
        Refused(request("Host: h", line: "GET http://?a HTTP/1.1"), .badHost),
        Refused(request("Host: h", line: "GET http://:80/ HTTP/1.1"), .badHost),
        Refused(request("Host: h", line: "GET http://u@b/ HTTP/1.1"), .badHost),
        Refused(request("Host: h", line: "GET http://u:p@b/ HTTP/1.1"), .badHost),
        Refused(request("Host: h", line: "GET http://b:x/ HTTP/1.1"), .badHost),
        Refused(request("Host: h", line: "GET http://b\\@c/ HTTP/1.1"), .badHost),
    ]

    @Test(arguments: refused)
    func isRefused(row: Refused) {
        #expect(parseRequest(row.bytes).result == .refused(row.refusal))
        expectSameInPieces(row.bytes)
    }
}
