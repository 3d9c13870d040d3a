import Foundation
import Testing

@testable import MartletProxyConfig

/// The config in force, as it is shown.
@Suite struct ConfigurationTextTests {
    private static let examples = ["everything", "balancing", "hosts", "smallest", "typical"]

    private func example(_ name: String) throws -> Configuration {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../docs/examples/\(name).yaml")
        return try ConfigurationLoader.load(path: path.path)
    }

    @Test(arguments: examples)
    func saysTheSameWhenItIsRead(name: String) throws {
        var configuration = try example(name)
        var again = try ConfigurationLoader.parse(configuration.yaml, file: "again")
        // What is secret is not said.
        for index in configuration.upstreams.indices {
            configuration.upstreams[index].sticky?.secret = nil
            again.upstreams[index].sticky?.secret = nil
        }
        for index in configuration.listeners.indices {
            configuration.listeners[index].tls?.acme?.accountBinding = nil
            again.listeners[index].tls?.acme?.accountBinding = nil
        }
        configuration.admin?.token = nil
        again.admin?.token = nil
        configuration.challenge.secret = nil
        again.challenge.secret = nil
        #expect(again == configuration, "\(configuration.yaml)")
    }

    @Test func secretsAreMasked() throws {
        var configuration = Configuration(listeners: [])
        configuration.admin?.token = "0123456789abcdef0123456789abcdef"
        #expect(!configuration.yaml.contains("0123456789abcdef"))
        #expect(configuration.yaml.contains("  token: masked-"))
        #expect(configuration.document.compact.contains("\"token\":\"masked-"))
    }

    @Test func whatIsAsByDefaultIsLeftOut() throws {
        var configuration = try ConfigurationLoader.parse(
            "listeners: [{address: ':1'}]\nroutes: [{upstream: a}]\nupstreams: {a: {servers: ['127.0.0.1:2']}}\n",
            file: "test")
        let plain =
            "listeners:\n  -\n    address: \":1\"\nroutes:\n  -\n    upstream: a\nupstreams:\n  a:\n    servers:\n"
            + "      -\n        address: \"127.0.0.1:2\"\n"
        #expect(configuration.yaml == plain)
        configuration.upstreams[0].servers[0].weight = 3
        configuration.timeouts.drain = .seconds(5)
        #expect(configuration.yaml.contains("        weight: 3\n") && configuration.yaml.contains("  drain: 5s\n"))
    }
}

@Suite struct JSONReaderTests {
    @Test(arguments: [
        ("null", JSONText.null), (" true ", .boolean(true)), ("-12", .integer(-12)), ("1.50e3", .bare("1.50e3")),
        (#""a\"\\\/\b\f\n\r\té😀ä""#, .string("a\"\\/\u{8}\u{C}\n\r\té😀ä")),
        ("[]", .array([])), ("{ }", .object([])), ("[1,[2]]", .array([.integer(1), .array([.integer(2)])])),
        (#"{"a":{"b":false}}"#, .object([("a", .object([("b", .boolean(false))]))])),
        ("99999999999999999999", .bare("99999999999999999999")),
    ])
    func reads(text: String, value: JSONText) throws { #expect(try JSONText(reading: Array(text.utf8)) == value) }

    @Test(arguments: [
        "", "nul", "[1,]", "{\"a\":}", "{a:1}", "01", "1.", "+1", "[1 2]", "\"a", "\"\u{1}\"", #""\x""#, #""\ud83d""#,
        #""\ud83da""#, #""\udc00""#, #""\u12g4""#, "1 2", #"{"a":1,"a":2}"#, "NaN", "{", "[", "-", "1e", "\"\\",
    ])
    func refuses(text: String) {
        #expect(throws: JSONFault.self) { try JSONText(reading: Array(text.utf8)) }
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(throws: JSONFault.self) { try JSONText(reading: [0x22, 0xff, 0x22]) }
    }

    @Test func depthIsBounded() throws {
        let most = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
        _ = try JSONText(reading: Array(most.utf8))
        #expect(throws: JSONFault.self) { try JSONText(reading: Array("[\(most)]".utf8)) }
        #expect(throws: JSONFault.self) { try JSONText(reading: [UInt8](repeating: 0x5b, count: 1_000_000)) }
    }
}
