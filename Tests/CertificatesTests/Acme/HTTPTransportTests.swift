// How an authority is reached.
import MartletTestSupport
import Testing

@testable import MartletCertificates

@Suite(.timeLimit(.minutes(30)))
struct HTTPTransportTests {
    private func failure(_ url: String) async throws -> String {
        let transport = try HTTPTransport(authorities: nil)
        let error = await #expect(throws: AcmeError.self) { try await transport.send(AcmeHTTPRequest(.get, url)) }
        await transport.close()
        return error?.description ?? ""
    }

    @Test("only by https", arguments: ["http://127.0.0.1:1/dir", "", "ftp://a.test", "file:///etc/passwd", "//a.test"])
    func scheme(url: String) async throws {
        #expect(try await failure(url) == "\(url) is not asked: an authority has to be reached by https")
    }

    @Test("a URL that is none is told", arguments: ["https://", "https:///x", "https://[::1"])
    func strangeURLs(url: String) async throws {
        #expect(try await failure(url).hasPrefix("no answer from \(url): "))
    }

    @Test("nobody there, or somebody who speaks no TLS")
    func nobody() async throws {
        let port = try ReservedPort()
        #expect(try await failure("https://127.0.0.1:\(port.port)/").hasPrefix("no answer from https://127.0.0.1:"))
        let server = try ScriptedServer { socket, _ in try socket.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") }
        #expect(try await failure("https://127.0.0.1:\(server.port)/").hasPrefix("no answer from https://127.0.0.1:"))
        server.stop()
    }

    @Test("cancelling breaks a request off")
    func cancelling() async throws {
        let server = try ScriptedServer { socket, _ in _ = try socket.receiveUntilGone() }
        let transport = try HTTPTransport(authorities: nil)
        let url = "https://127.0.0.1:\(server.port)/"
        let task = Task { try await transport.send(AcmeHTTPRequest(.get, url)) }
        let hasCome = await offPool { server.waitForConnections(1, .seconds(600)) }
        #expect(hasCome)
        task.cancel()
        let result = await task.result
        #expect(throws: CancellationError.self) { try result.get() }
        await transport.close()
        server.stop()
    }

    @Test("roots that cannot be read are told by their path")
    func roots() throws {
        let error = #expect(throws: AcmeError.self) { try HTTPTransport(authorities: "/nowhere/ca.pem") }
        #expect(try #require(error).description.hasPrefix("cannot read the authority's roots from /nowhere/ca.pem: "))
    }
}
