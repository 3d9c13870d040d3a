// Who breaks a connection off must not be taken for somebody who has said all.
import Glibc
import MartletTestSupport
import Testing

@Suite struct TruncationTests {
    /// Content that is cut off by the end of a connection is not complete, whether TLS says that it ends (close_notify) or not.
    @Test(
        arguments: ["-tls1_2", "-tls1_3"],
        ["Content-Length: 100\r\n\r\n0123456789", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"])
    func aRequestThatIsCutIsNotComplete(version: String, rest: String) throws {
        let certificates = try TestCertificates()
        let origin = try Origin()
        let config = SecureConfigs.proxy(to: [origin.address], [try certificates.leaf(["app.test"])])
        try withMartlet(config) { martlet throws in
            let port = try martlet.port(of: "tls")
            // The first is complete, and its answer shows that the second has begun on a connection that works.
            let requests =
                "GET /one HTTP/1.1\r\nHost: app.test\r\n\r\nPUT /two HTTP/1.1\r\nHost: app.test\r\n"
            let file = try martlet.folder.write(requests + rest, to: "requests")
            let program = "exec openssl s_client -quiet \(version) -connect 127.0.0.1:\(port) < \(file)"
            let client = try ChildProcess("sh", ["-c", program])
            try client.waitForOutput(containing: "/one")
            try martlet.killClient(client)
            let line = try martlet.accessLogLine(target: "/two")
            #expect(line["status"] == "400" && line["error"] == "client ended within the request", "\(line.values)")
            #expect(origin.requests.map(\.target) == ["/one"])
        }
    }

    /// A server whose responses end with their connection, and a relay that may take its last word away.
    @Test(arguments: ["-tls1_2", "-tls1_3"], [true, false])
    func aResponseThatIsCutIsNotComplete(version: String, saysGoodbye: Bool) throws {
        let certificates = try TestCertificates()
        let leaf = try certificates.leaf(["127.0.0.1"])
        let server = try ChildProcess(
            "openssl",
            ["s_server", "-accept", "127.0.0.1:0", "-cert", leaf.chain, "-key", leaf.key, "-www", version])
        let words = try server.waitForOutput(containing: "ACCEPT 127.0.0.1:")
        let match = try #require(words.firstMatch(of: /ACCEPT 127.0.0.1:([0-9]+)/))
        let relay = try RecordRelay(to: try #require(UInt16(match.output.1))) { speaker, number, record in
            let isGoodbye = speaker == .server && number > 2 && RecordRelay.isAlert(record)
            return isGoodbye && !saysGoodbye ? .end : .pass([record])
        }
        let upstream = ["tls: {ca: \(certificates.authority)}", "retry: off"]
        try withMartlet(Configs.proxy(to: ["127.0.0.1:\(relay.port)"], upstream: upstream)) { martlet throws in
            let client = try martlet.connect()
            try client.send("GET /page HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n")
            let text = String(decoding: try client.receiveUntilGone().bytes, as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 200 ") && text.lowercased().contains("</html>") || !saysGoodbye, "\(text)")
            // A chunk of length 0 is the end of a response that is complete.
            #expect(text.hasSuffix("\r\n0\r\n\r\n") == saysGoodbye, "\(text.suffix(200))")
            let line = try martlet.accessLogLine(target: "/page")
            #expect(line["error"] == (saysGoodbye ? nil : "response truncated"), "\(line.values)")
            #expect(try martlet.metrics["martlet_responses_truncated_total"] == (saysGoodbye ? 0 : 1))
        }
        server.signal(SIGKILL)
    }
}

extension RunningMartlet {
    /// Kills a client, whose connections the kernel then closes.
    fileprivate func killClient(_ client: ChildProcess) throws {
        client.signal(SIGKILL)
        _ = try client.wait()
    }
}
