import Foundation
import Glibc
import MartletTestSupport
import Testing

/// Descriptors that are used up: a defined answer, no spinning, and it passes.
@Suite(.timeLimit(.minutes(20))) struct DescriptorTests {
    /// A proxy that may open 64 files.
    private struct Poor {
        let process: ChildProcess
        let folder: TestFolder
        let port: UInt16
        let metricsSocket: TestSocket

        init(to origin: Origin) throws {
            let config = Configs.proxy(to: origin.server, "timeouts: {linger: 100ms}\naccessLog: off\n")
            folder = try TestFolder()
            let file = try folder.write(
                config.replacing(
                    Configs.admin, with: "admin: {address: 'unix:\(folder.path("a"))'}"),
                to: "martlet.yaml")
            process = try ChildProcess("sh", ["-c", "ulimit -n 64; exec '\(MartletBinary.path)' run '\(file)'"])
            port = try process.listeningPort()
            // Operators who are connected stay connected.
            metricsSocket = try TestSocket(path: folder.path("a"))
            _ = try metrics()
        }

        func metrics() throws -> String { try metricsSocket.exchange("GET /metrics").text }

        func counter(_ name: String) throws -> Int {
            let line = try metrics().split(separator: "\n").first { $0.hasPrefix(name + " ") }
            guard let text = line?.split(separator: " ").last, let value = Int(text) else {
                throw TestFailure("no metric \(name)")
            }
            return value
        }

        func end() throws {
            metricsSocket.close()
            process.signal(SIGTERM)
            let exit = try process.wait(.seconds(20))
            if exit != .code(0) { throw TestFailure("it ended with \(exit): \(process.errors)") }
        }
    }

    /// What a client gets that sends a request: a status, or the end of the connection (0).
    private func outcome(_ client: TestSocket) throws -> Int {
        try? client.send(requestText("GET /"))
        let text = String(decoding: try client.receiveUntilGone().bytes.prefix(12), as: UTF8.self)
        return text.split(separator: " ").last.flatMap { Int($0) } ?? 0
    }

    @Test func itSaysThatTheLimitIsTooLow() throws {
        let poor = try Poor(to: Origin())
        #expect(poor.process.errors.contains("the limit of descriptors is too low for limits.connections"))
        try poor.end()
    }

    /// Whatever the limit is, it starts, or says which limit is too low.
    @Test(arguments: [10, 12, 14, 16, 20, 24, 28, 32, 36, 40, 48], [false, true])
    func itStartsOrSaysWhyNot(limit: Int, asksOthers: Bool) throws {
        let folder = try TestFolder()
        let tracing = asksOthers ? "tracing: {otlp: 'http://127.0.0.1:9/v1/traces'}\n" : ""
        let config =
            "workers: 1\nlisteners: [{address: '127.0.0.1:0'}]\nadmin: {address: 'unix:\(folder.path("a"))'}\n"
            + tracing
        let file = try folder.write(config, to: "martlet.yaml")
        let process = try ChildProcess("sh", ["-c", "ulimit -n \(limit); exec '\(MartletBinary.path)' run '\(file)'"])
        if limit > 40 && !asksOthers {
            _ = try process.waitForOutput(containing: " notice started ", on: .errors)
            process.signal(SIGTERM)
            #expect(try process.wait() == .code(0))
        } else if limit < 24 {
            #expect(try process.wait() == .code(69), "\(process.errors)")
            #expect(
                process.errors.contains("martlet: it takes ") && process.errors.contains("`ulimit -n`"))
        } else {
            // How many it has to begin with is not known here.
            try eventually("it serves or ends") {
                process.errors.contains(" notice started ") || process.errors.contains("martlet: it takes ")
            }
            let serves = process.errors.contains(" notice started ")
            if serves { process.signal(SIGTERM) }
            #expect(try process.wait() == .code(serves ? 0 : 69), "\(process.errors)")
        }
    }

    /// The client for collectors, authorities and services has loops of its own, which are made when they are first needed.
    @Test func aReloadThatNeedsMoreIsRefused() throws {
        let poor = try Poor(to: Origin())
        var held: [TestSocket] = []
        while try poor.counter("martlet_connections_refused_total{reason=\"exhausted\"}") == 0 {
            held.append(try TestSocket(port: poor.port))
        }
        // Enough for reading the file.
        for client in held.prefix(2) { client.close() }
        let before = try #require(poor.folder.read("martlet.yaml"))
        try poor.folder.write(before + "tracing: {otlp: 'http://127.0.0.1:9/v1/traces'}\n", to: "martlet.yaml")
        try eventually("refused") {
            poor.process.signal(SIGHUP)
            return poor.process.errors.contains("more open files and sockets")
        }
        #expect(try poor.counter("martlet_requests_total") >= 0, "it goes on")
        for client in held { client.close() }
        try eventually("reloaded") {
            poor.process.signal(SIGHUP)
            return poor.process.errors.contains("config reloaded")
        }
        try poor.end()
    }

    @Test func thoseBeyondAreRefusedCleanlyAndItRecovers() throws {
        let origin = try Origin()
        let poor = try Poor(to: origin)
        // One connection to the server is in the pool, so that those within can be served.
        #expect(try TestSocket(port: poor.port).exchange("GET /").status == 200)
        var held: [TestSocket] = []
        while try poor.counter("martlet_connections_refused_total{reason=\"exhausted\"}") == 0 {
            held.append(try TestSocket(port: poor.port))
            if held.count > 200 { break }
        }
        // The rest of the 64 is the proxy's own, and what it has inherited from whatever runs the tests.
        #expect(held.count > 15 && held.count < 64, "\(held.count)")
        // A client within the limit is served on.
        #expect(try held[0].exchange("GET /").status == 200)
        // Those beyond are told, or at least not left waiting.
        for _ in 0..<20 {
            let outcome = try outcome(try TestSocket(port: poor.port))
            #expect(outcome == 503 || outcome == 0, "\(outcome)")
        }
        #expect(try poor.counter("martlet_connections_refused_total{reason=\"exhausted\"}") >= 20)
        for client in held { client.close() }
        try eventually("recovered") {
            let client = try TestSocket(port: poor.port)
            return (try? client.exchange("GET /").status) == 200
        }
        try poor.end()
    }

    /// Nothing to do but to wait: the listener that cannot accept must not keep the loop awake.
    @Test func itDoesNotSpin() throws {
        let poor = try Poor(to: Origin())
        var held: [TestSocket] = []
        while try poor.counter("martlet_connections_refused_total{reason=\"exhausted\"}") == 0 {
            held.append(try TestSocket(port: poor.port))
        }
        let before = try poor.process.computingTime()
        // A second in which nothing happens.
        #expect(held[0].isQuiet(for: .seconds(1)))
        let used = try poor.process.computingTime() - before
        #expect(used < .milliseconds(200), "\(used)")
        for client in held { client.close() }
        try poor.end()
    }

    /// No descriptor for a connection to a server: that is the proxy's want, and the client is told so.
    @Test func aRequestThatNeedsANewConnectionIsAnsweredFor() throws {
        let origin = try Origin()
        let poor = try Poor(to: origin)
        let clients = try (0..<50).map { _ in try TestSocket(port: poor.port) }
        var statuses: [Int] = []
        for client in clients { try? client.send(requestText("GET /")) }
        for client in clients { statuses.append((try? client.readResponse().status) ?? 0) }
        // 0 is one that was refused before it could ask.
        #expect(Set(statuses).isSubset(of: [0, 200, 503]), "\(statuses)")
        #expect(statuses.contains(503))
        for client in clients { client.close() }
        try eventually("recovered") { (try? TestSocket(port: poor.port).exchange("GET /").status) == 200 }
        #expect(origin.requests.count >= 1)
        try poor.end()
    }
}
