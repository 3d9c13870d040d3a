// Heads close to their limits: what is accepted has to be passed on, though it grows on the way.
import MartletTestSupport
import Testing

@Suite struct LargeHeadTests {
    private static let value = String(repeating: "v", count: 1_000)
    private static let fields = (0..<31).map { "X-Field-\($0): \(value)" }

    @Test func aLargeRequestHeadPasses() throws {
        let origin = try Origin { response(200, $0.text) }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            for content in ["", "content", String(repeating: "c", count: 100_000)] {
                #expect(try client.exchange("POST /", Self.fields, content: content).text == content)
                let request = try origin.lastRequest
                #expect((0..<31).allSatisfy { request["X-Field-\($0)"] == Self.value })
            }
        }
    }

    @Test func aLargeResponseHeadPasses() throws {
        let content = String(repeating: "c", count: 100_000)
        let origin = try Origin { _ in response(200, content, Self.fields) }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            for _ in 0..<2 {
                let answer = try client.exchange("GET /")
                #expect(answer.text == content)
                #expect((0..<31).allSatisfy { answer["X-Field-\($0)"] == Self.value })
            }
        }
    }

    @Test func manyFieldsAndALongTargetPass() throws {
        let origin = try Origin { response(200, $0.target) }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let target = "/" + String(repeating: "a", count: 8_190)
            let answer = try martlet.request("GET " + target, Array(repeating: "X: y", count: 98))
            #expect(answer.text == target)
            #expect(try origin.lastRequest.values("X").count == 98)
        }
    }

    @Test func chunksOfOneBytePass() throws {
        let origin = try Origin { response(200, $0.text) }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            let letters = (0..<30_000).map { _ in "1\r\nx\r\n" }.joined()
            try client.send(requestText("POST /", ["Transfer-Encoding: chunked"]) + letters + "0\r\n\r\n")
            #expect(try client.readResponse().text == String(repeating: "x", count: 30_000))
        }
    }
}
