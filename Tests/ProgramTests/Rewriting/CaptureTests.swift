// Parts of paths in what servers get, by HTTP/2.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct CaptureTests {
    /// What the golden file says of HTTP/1.1, so by HTTP/2: the same request line, host and fields.
    @Test func capturesAreTheSameByFrames() throws {
        let golden = try RewritingGolden("captures")
        let origin = try Origin { _ in response(200, "") }
        let config = golden.config.replacing("SERVER", with: origin.address).replacing("LISTEN", with: "127.0.0.1:0")
        try withMartlet(config) { martlet in
            let client = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false))
            defer { client.close() }
            var stream: UInt32 = 1
            for one in golden.cases where one.sent.contains(" /") {
                let before = origin.requests.count
                client.send(.headers(stream, HPACKWriter.block(Self.fields(of: one.sent))))
                let answer = try client.response(on: stream)
                stream += 2
                let request = origin.requests.dropFirst(before).first
                let heads = one.rest.components(separatedBy: "\n=== client gets\n")
                let expected = Self.facts(heads[0].split(separator: "\n").map(String.init))
                let actual = request.map { request in
                    ["\(request.method) \(request.target) HTTP/1.1"] + request.fields.map { "\($0.name): \($0.value)" }
                }
                #expect(actual.map { Self.facts($0) } ?? ["(nothing)"] == expected, "\(one.sent)")
                #expect(heads[1].hasPrefix("HTTP/1.1 \(answer.status) "), "\(one.sent)")
                let back = Self.lines(heads[1], ["location", "x-photo", "x-kind", "x-item", "x-what"])
                let said = answer.fields.filter { back.names.contains($0.name) }.map { "\($0.name): \($0.value)" }
                #expect(said.sorted() == back.lines, "\(one.sent)")
            }
        }
    }

    /// The fields of HTTP/2 for a head of HTTP/1.1.
    private static func fields(of sent: String) -> [HTTPField] {
        let lines = sent.split(separator: "\n").map(String.init)
        let start = lines[0].split(separator: " ").map(String.init)
        var fields = [
            HTTPField(":method", start[0]), HTTPField(":scheme", "http"), HTTPField(":path", start[1]),
            HTTPField(":authority", "a.test"),
        ]
        for line in lines.dropFirst() where !line.hasPrefix("Host:") {
            let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
            fields.append(HTTPField(parts[0].lowercased(), parts.count > 1 ? parts[1] : ""))
        }
        return fields
    }

    /// The lines of a head that are the same by both protocols, in any order.
    private static func facts(_ lines: [String]) -> [String] {
        let others = ["via:", "x-request-id:", "forwarded:", "x-forwarded-"]
        return lines.map { $0.lowercased() }.filter { line in !others.contains { line.hasPrefix($0) } }.sorted()
    }

    private static func lines(_ head: String, _ names: [String]) -> (names: [String], lines: [String]) {
        let lines = head.split(separator: "\n").compactMap { line -> String? in
            let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
            guard parts.count == 2, names.contains(parts[0].lowercased()) else { return nil }
            return "\(parts[0].lowercased()): \(parts[1])"
        }
        return (names, lines.sorted())
    }

    /// A path as long as paths may be, for an expression that makes others step back for ever.
    @Test func aHostilePathIsAnsweredAtOnce() throws {
        let origin = try Origin { _ in response(200, "") }
        let text = """
            workers: 1
            listeners: [{ address: "127.0.0.1:0" }]
            limits: { requestHead: 64KiB, uri: 32KiB }
            routes:
              - regex: "^/((a|aa)+)+(b?){20}$"
                upstream: app
                rewrite: { path: "/x/{match.1}" }
            upstreams: { app: { servers: ["\(origin.address)"] } }
            accessLog: off
            """
        try withMartlet(text) { martlet in
            let path = "/" + String(repeating: "a", count: 30_000)
            let clock = ContinuousClock()
            let taken = try clock.measure {
                let refused = try martlet.request("GET " + path + "!")
                let answered = try martlet.request("GET " + path)
                #expect(refused.status == 404 && answered.status == 200)
            }
            #expect(taken < .seconds(20))
            let last = try origin.lastRequest
            #expect(last.target.count == 30_003 && last.target.hasPrefix("/x/a"))
        }
    }
}
