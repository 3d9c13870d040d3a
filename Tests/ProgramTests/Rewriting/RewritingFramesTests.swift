// The golden files of rewriting again, with clients and servers of HTTP/2.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct RewritingFramesTests {
    /// What differs between the protocols, or is not told in heads of both.
    private static let apart: Set<String> = ["via", "connection", "content-length", "te", "x-respond", "user-agent"]

    /// A head with its fields in order, their names in small letters.
    private static func plain(_ first: String, _ fields: [(String, String)]) -> [String] {
        let lines = fields.map { ($0.0.lowercased(), $0.1) }.filter { !apart.contains($0.0) && !$0.0.hasPrefix(":") }
            .map { name, value in
                switch name {
                case "date": "date: DATE"
                case "x-client-port": "x-client-port: PORT"
                default: "\(name): \(value)"
                }
            }
        return [first] + lines.sorted()
    }

    /// A head of a golden file.
    private static func plain(_ text: Substring, isResponse: Bool) -> [String] {
        let lines = text.components(separatedBy: "\n\n")[0].split(separator: "\n")
        guard let first = lines.first, first != "(nothing)" else { return ["(nothing)"] }
        let words = first.split(separator: " ", omittingEmptySubsequences: false)
        let start = isResponse ? String(words[1]) : words[..<2].joined(separator: " ")
        return plain(start, lines.dropFirst().map(pair))
    }

    private static func pair(_ line: Substring) -> (String, String) {
        let colon = line.firstIndex(of: ":") ?? line.endIndex
        let value = line[colon...].dropFirst()
        return (String(line[..<colon]), value.trimmingCharacters(in: .whitespaces))
    }

    /// The request of a case as fields of HTTP/2; `nil` if that has no such request.
    private static func request(_ sent: String, server: String) -> [HTTPField]? {
        let lines = sent.replacing("SERVER", with: server).split(separator: "\n")
        let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
        let fields = lines.dropFirst().map(pair)
        let hosts = fields.filter { $0.0.lowercased() == "host" }
        let isPlain = words.count == 3 && words[2] == "HTTP/1.1" && words[1].hasPrefix("/") && hosts.count == 1
        if !isPlain || sent.contains("\\x")
            || fields.contains(where: { $0.0.contains(" ") || $0.0.lowercased() == "connection" })
        {
            return nil
        }
        let head = [
            (":method", String(words[0])), (":scheme", "http"), (":path", String(words[1])), (":authority", hosts[0].1),
        ]
        let rest = fields.filter { $0.0.lowercased() != "host" }
        return (head + rest.map { ($0.0.lowercased(), $0.1) }).map { HTTPField($0.0, $0.1) }
    }

    /// A server of HTTP/2 that says what requests want it to say.
    private static func obedientServer() throws -> CallServer {
        let address = Monitor("")
        let server = try CallServer { call, event in
            if event != .ended { return }
            var parts = (call["x-respond"] ?? "200").replacing("SERVER", with: address.value).split(separator: "|")
            let status = String(parts.removeFirst())
            let fields = parts.map(pair).map { HTTPField($0.0.lowercased(), $0.1) }
            let head = HPACKWriter.block([HTTPField(":status", status)] + fields)
            if call["x-respond"] == nil || status == "204" || status == "304" || call[":method"] == "HEAD" {
                return try call.send(.headers(call.stream, head))
            }
            try call.send(.open(call.stream, head), WireFrame(.data, .endStream, call.stream, Array("inside".utf8)))
        }
        address.change { $0 = server.address }
        return server
    }

    @Test(arguments: RewritingGolden.names)
    func headsAreTheSameInFrames(name: String) throws {
        let golden = try RewritingGolden(name)
        let server = try Self.obedientServer()
        let config = golden.config.replacing("servers: [", with: "protocol: h2c, servers: [")
            .replacing("SERVER", with: server.address).replacing("LISTEN", with: "127.0.0.1:0")
        try withMartlet(config) { martlet in
            let port = try martlet.port()
            let client = try FrameClient.ready(FrameServer(port: port, isSecure: false))
            var stream: UInt32 = 1
            var count = 0
            for one in golden.cases {
                guard let fields = Self.request(one.sent, server: server.address) else { continue }
                let before = server.calls.count
                client.send(.headers(stream, HPACKWriter.block(fields)))
                let answer = try client.response(on: stream)
                stream += 2
                count += 1
                let parts = one.rest.components(separatedBy: "=== client gets\n")
                let request = server.calls.dropFirst(before).first.map { Self.asked($0) } ?? ["(nothing)"]
                let response = Self.plain("\(answer.status)", answer.fields.map { ($0.name, $0.value) })
                #expect(
                    Self.shown(request, server, port) == Self.plain(parts[0][...], isResponse: false), "\(one.sent)")
                #expect(
                    Self.shown(response, server, port) == Self.plain(parts[1][...], isResponse: true), "\(one.sent)")
            }
            #expect(count * 2 >= golden.cases.count && count > 3, "\(count) of \(golden.cases.count)")
        }
    }

    private static func asked(_ call: ServedCall) -> [String] {
        let host = call[":authority"].map { [("host", $0)] } ?? []
        return plain("\(call[":method"] ?? "") \(call.path)", call.fields.map { ($0.name, $0.value) } + host)
    }

    private static func shown(_ lines: [String], _ server: CallServer, _ port: UInt16) -> [String] {
        RewritingGolden.shown(lines, server: server.address, port: port).split(separator: "\n").map(String.init)
    }
}
