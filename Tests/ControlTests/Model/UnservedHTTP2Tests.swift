import MartletProxyConfig
import Testing

@testable import MartletControl

/// What is not there yet is not promised.
@Suite struct UnservedHTTP2Tests {
    private func findings(_ listener: String, _ upstream: String, isServed: Bool = false) throws -> [String] {
        let configuration = try ConfigurationLoader.parse(
            "listeners: [{address: ':1'\(listener)}]\nroutes: [{upstream: a}]\n"
                + "upstreams: {a: {servers: ['127.0.0.1:1']\(upstream)}}", file: "test")
        return UnservedHTTP2.findings(configuration, isServed: isServed).map { "\($0.severity) \($0.keyPath)" }
    }

    @Test func whatIsAskedForInVainIsSaid() throws {
        #expect(try findings("", "").isEmpty)
        #expect(try findings(", http2: on", ", protocol: http1").isEmpty)
        #expect(try findings(", http2: off", "").isEmpty)
        #expect(try findings(", http2: {resets: 9}", "") == ["warning listeners[0].http2"])
        #expect(try findings("", ", protocol: h2") == ["error upstreams.a.protocol"])
        #expect(try findings(", http2: {resets: 9}", ", protocol: h2", isServed: true).isEmpty)
    }
}
