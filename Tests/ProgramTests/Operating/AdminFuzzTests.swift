import Foundation
import MartletTestSupport
import Testing

/// Requests made from the API's own document, right ones and wrong ones: whatever comes, the answer is one that the document
/// names, and never the fault of the server.
@Suite(.timeLimit(.minutes(20))) struct AdminFuzzTests {
    /// What makes requests.
    private struct Maker {
        var random: SeededRandom
        let schemas: [String: Any]

        mutating func pick<Element>(_ elements: [Element]) -> Element {
            elements[Int.random(in: 0..<elements.count, using: &random)]
        }

        /// A value of a schema, or now and then of none.
        mutating func value(_ schema: [String: Any], depth: Int = 0) -> Any {
            if Int.random(in: 0..<8, using: &random) == 0 { return odd() }
            if let reference = schema["$ref"] as? String, let name = reference.split(separator: "/").last {
                return value(schemas[String(name)] as? [String: Any] ?? [:], depth: depth)
            }
            if let words = schema["enum"] as? [String] { return pick(words) }
            if let kinds = schema["anyOf"] as? [[String: Any]] { return value(pick(kinds), depth: depth) }
            switch schema["type"] as? String {
            case "integer":
                let low = schema["minimum"] as? Int ?? 0
                return pick([low, low + 1, schema["maximum"] as? Int ?? low, low - 1])
            case "boolean": return Bool.random(using: &random)
            case "object":
                var object: [String: Any] = [:]
                for (name, member) in schema["properties"] as? [String: [String: Any]] ?? [:]
                where Bool.random(using: &random) && depth < 4 && name != "delaySeconds" {
                    object[name] = value(member, depth: depth + 1)
                }
                return object
            case "null": return NSNull()
            default: return text()
            }
        }

        mutating func odd() -> Any {
            pick(
                [-1, 1e99, "", "\u{0}", NSNull(), [1], ["a": ["b": "c"]], String(repeating: "x", count: 5_000)] as [Any]
            )
        }

        mutating func text() -> String {
            pick([
                "app", "127.0.0.1:\(Int.random(in: 1...9, using: &random))", "none", "a b", "ä", "/", "up", "%", "..",
            ])
        }

        /// Encoded as it should be, mostly.
        mutating func encoded() -> String {
            if Int.random(in: 0..<10, using: &random) == 0 {
                return pick(["%", "%zz", "%ff", "a/b", "..", "%00", "+"])
            }
            return text().addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "x"
        }

        mutating func path(_ template: String) -> String {
            template.split(separator: "/").map { $0.hasPrefix("{") ? "/" + encoded() : "/" + $0 }.joined()
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func nothingIsTheServersFault(seed: UInt64) throws {
        try withMartlet(Configs.operated(["127.0.0.1:1", "127.0.0.1:2"])) { martlet in
            let document = try martlet.ask("GET /v1/openapi.json").object
            let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
            let schemas = (document["components"] as? [String: Any])?["schemas"] as? [String: Any] ?? [:]
            var maker = Maker(random: SeededRandom(seed: seed), schemas: schemas)
            var operations: [(String, String, [String: Any])] = []
            for (path, methods) in paths.sorted(by: { $0.key < $1.key }) where path != "/v1/drain" {
                for (method, operation) in methods.sorted(by: { $0.key < $1.key }) {
                    if path != "/v1/upgrade" || method == "get" { operations.append((path, method, operation)) }
                }
            }
            for _ in 0..<300 {
                let (path, method, operation) = maker.pick(operations)
                let request = try Self.request(&maker, path, method, operation)
                let socket = try TestSocket(path: martlet.socketPath)
                try socket.send(request)
                let answer = try socket.readResponse(to: method.uppercased())
                socket.close()
                let named = Set((operation["responses"] as? [String: Any] ?? [:]).keys)
                // A path that is none is another one's, or no path at all.
                let isNamed = named.contains("\(answer.status)") || [404, 405].contains(answer.status)
                #expect(isNamed && answer.status != 500, "\(answer.status) to \(request)\n\(answer.text)")
                if answer.status >= 400, !["/healthz", "/readyz", "/metrics"].contains(path) {
                    #expect(answer["Content-Type"] == "application/problem+json", "\(request)\n\(answer.text)")
                    #expect(answer.number("status") == answer.status)
                }
            }
            #expect(try martlet.ask("GET /v1/status").status == 200)
        }
    }

    private static func request(
        _ maker: inout Maker, _ path: String, _ method: String, _ operation: [String: Any]
    ) throws -> String {
        var target = maker.path(path)
        for parameter in operation["parameters"] as? [[String: Any]] ?? []
        where parameter["in"] as? String == "query" && Bool.random(using: &maker.random) {
            let value = maker.value(parameter["schema"] as? [String: Any] ?? [:])
            let text = "\(value)".addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            target += (target.contains("?") ? "&" : "?") + "\(parameter["name"] ?? "")=\(text)"
        }
        guard let body = operation["requestBody"] as? [String: Any],
            let (type, media) = (body["content"] as? [String: [String: Any]])?.first
        else { return requestText("\(method.uppercased()) \(target)") }
        var content = ""
        let value = maker.value(media["schema"] as? [String: Any] ?? [:])
        if type != "application/json" {
            content = "\(value)"
        } else if JSONSerialization.isValidJSONObject(value) {
            content = String(decoding: try JSONSerialization.data(withJSONObject: value), as: UTF8.self)
        }
        if Int.random(in: 0..<10, using: &maker.random) == 0 { content = String(content.dropLast()) }
        let types = [type, type, type, type, "text/html"]
        return requestText("\(method.uppercased()) \(target)", ["Content-Type: \(maker.pick(types))"], content: content)
    }
}
