// Requests of HTTP/2 that would become something else in HTTP/1 (RFC 9113 section 10.3).
import MartletTestSupport
import Testing

/// A request that must not reach a server.
struct DowngradeAttack: Sendable {
    /// What a server would see as a second request.
    static let smuggled = "GET /evil HTTP/1.1\r\nHost: evil\r\n\r\n"

    let name: String
    /// What becomes of the fields of a plain request.
    let change: @Sendable ([HTTPField]) -> [HTTPField]
    /// DATA behind the head; without, the head is the end.
    let content: String?

    private init(_ name: String, content: String? = nil, _ change: @escaping @Sendable ([HTTPField]) -> [HTTPField]) {
        self.name = name.debugDescription
        self.change = change
        self.content = content
    }

    /// Fields more.
    private static func adding(_ fields: [(String, String)], content: String? = nil) -> DowngradeAttack {
        DowngradeAttack(fields.map { "\($0): \($1)" }.joined(separator: ", "), content: content) {
            $0 + fields.map { HTTPField($0, $1) }
        }
    }

    /// Another value of a pseudo-field.
    private static func setting(_ name: String, _ value: String) -> DowngradeAttack {
        DowngradeAttack("\(name)=\(value)") { $0.map { $0.name == name ? HTTPField(name, value) : $0 } }
    }

    static let groups: [[DowngradeAttack]] = [paths, methods, schemes, authorities, hosts, names, values, framings]

    private static let paths = [
        "", "evil", "/evil evil", "/evil\r\nX: evil", "/ HTTP/1.1\r\nHost: evil\r\n\r\n\(smuggled)", "/evil\n",
        "/evil\r",
        "/\0evil", "/evil#part", "http://evil/", "https://evil/evil", "\t/evil", " /evil", "/evil ", "/evil\t",
        "/evil\u{7f}", "/evil\u{1}", "*", "?evil", "/evil\u{b}",
    ].map { setting(":path", $0) }

    private static let methods = [
        "", "GET ", " GET", "G ET", "GET /evil HTTP/1.1\r\nHost: evil\r\n\r\nGET", "GET\r\n", "GET\n", "GET\0", "G@T",
        "GET\t", "GET:", "CONNECT", "GET\u{e9}",
    ].map { setting(":method", $0) }

    private static let schemes = [
        "", "http\r\nX: evil", "http://evil/ HTTP/1.1\r\nHost: evil\r\n\r\n", "ht tp", "http\0", "http:", "\u{e9}",
    ].map { setting(":scheme", $0) }

    private static let authorities = [
        "", "evil@good", "good\r\nX: evil", "good evil", "good/evil", "good:99999", "good:evil",
        "good#evil",
        "good?evil", "[::1", "\0", "good\\evil", "good\t", " good", "good\n",
    ].map { setting(":authority", $0) }

    private static let hosts = [
        adding([("host", "evil")]), adding([("host", "")]), adding([("host", "evil"), ("host", "evil")]),
        adding([(":authority", "evil")]), adding([(":path", "/evil")]), adding([("x", "y"), (":path", "/evil")]),
        adding([("x", "y"), (":authority", "evil")]), adding([(":status", "200")]), adding([(":evil", "x")]),
        DowngradeAttack("two hosts, no authority") { fields in
            fields.filter { $0.name != ":authority" } + [HTTPField("host", "good"), HTTPField("host", "evil")]
        },
        DowngradeAttack("neither host nor authority") { $0.filter { $0.name != ":authority" } },
    ]

    private static let names = [
        "", "X-Evil", "content-Length", "x evil", "x:evil", "x-evil: x\r\ny", "x\r\nevil", "x\nevil", "x\revil",
        "x\0evil",
        "x\tevil", " x-evil", "x-evil ", "transfer-encoding ", "x-\u{e9}", "x(evil)", "x\u{7f}", ": evil", "x-evil:",
        "transfer-encoding: chunked\r\nx",
    ].map { adding([($0, "evil")]) }

    private static let values = [
        "evil\r\nX: evil", "evil\nX: evil", "evil\rX: evil", "evil\0", "\r\n\r\n\(smuggled)", " evil", "evil ",
        "\tevil",
        "evil\t", "evil\r", "evil\n", "\0",
    ].map { adding([("x-evil", $0)]) }

    private static let framingFields: [(String, String)] = [
        ("transfer-encoding", "chunked"), ("transfer-encoding", "identity"), ("transfer-encoding", ""),
        ("connection", "content-length"), ("connection", "close"), ("proxy-connection", "keep-alive"),
        ("keep-alive", "timeout=5"), ("upgrade", "h2c"), ("te", "chunked"), ("te", "trailers, chunked"),
        ("content-length", "x"), ("content-length", "+5"),
        ("content-length", "-1"), ("content-length", "5, 5"), ("content-length", ""), ("content-length", "0x5"),
        ("content-length", "5 5"), ("content-length", "99999999999999999999"),
    ]
    private static let framings =
        framingFields.map { adding([$0], content: "0\r\n\r\n" + smuggled) } + [
            adding([("content-length", "0"), ("content-length", "40")], content: smuggled),
            adding([("content-length", "4"), ("content-length", "4")], content: "evil"),
            adding([("content-length", "4")]),
            adding([("content-length", "0")], content: smuggled),
        ]
}
