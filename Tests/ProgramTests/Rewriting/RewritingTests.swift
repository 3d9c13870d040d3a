// What routes do with requests and responses, through the built program.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct RewritingTests {
    private static var isUpdating: Bool { ProcessInfo.processInfo.environment["MARTLET_UPDATE"] == "1" }

    @Test(arguments: RewritingGolden.names)
    func headsAreAsTheFileSays(name: String) throws {
        let golden = try RewritingGolden(name)
        let address = Monitor("")
        let origin = try Origin { ObedientServer.respond(to: $0, address: address.value) }
        address.change { $0 = origin.address }
        let config = golden.config.replacing("SERVER", with: origin.address).replacing("LISTEN", with: "127.0.0.1:0")
        try withMartlet(config) { martlet in
            let port = try martlet.port()
            let results = try golden.cases.map { one in
                let before = origin.requests.count
                let client = try martlet.connect()
                try client.send(RewritingGolden.bytes(of: one.sent, server: origin.address))
                let method = String(one.sent.prefix { $0 != " " })
                let answer = try client.readResponse(to: method)
                let request = origin.requests.dropFirst(before).first
                return Self.shown(request, answer, server: origin.address, port: port)
            }
            let actual = golden.text(with: results)
            if Self.isUpdating { try actual.write(to: golden.file, atomically: true, encoding: .utf8) }
            for (one, result) in zip(golden.cases, results) {
                #expect(result == one.rest || Self.isUpdating, "\(one.sent)")
            }
        }
    }

    private static func shown(_ request: HTTPRequest?, _ answer: HTTPResponse, server: String, port: UInt16) -> String {
        var heads = ["(nothing)"]
        if let request {
            heads = ["\(request.method) \(request.target) \(request.version)"]
            heads += request.fields.filter { $0.name != "X-Respond" }.map { "\($0.name): \($0.value)" }
        }
        var back = ["\(answer.version) \(answer.status) \(answer.reason)"]
        back += answer.fields.map { "\($0.name): \($0.value)" }
        let isLocal = !answer.content.isEmpty && answer.text != "inside"
        if isLocal { back += [""] + answer.text.split(separator: "\n").map(String.init) }
        return RewritingGolden.shown(heads, server: server, port: port) + "\n=== client gets\n"
            + RewritingGolden.shown(back, server: server, port: port) + "\n"
    }

    @Test func thereAreManyCases() throws {
        let cases = try RewritingGolden.names.map { try RewritingGolden($0).cases.count }
        #expect(cases.reduce(0, +) >= 50)
    }
}
