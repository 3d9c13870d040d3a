import Foundation
import Glibc
import MartletTestSupport
import Testing

/// What is told of requests may change while clients are there: the access log, slow requests, traces, the log's level.
@Suite(.timeLimit(.minutes(20))) struct TellingReloadTests {
    private func config(_ origin: String, _ more: String) -> String {
        """
        workers: 1
        listeners: [{address: "127.0.0.1:0"}]
        admin: {address: "127.0.0.1:0"}
        routes: [{path: /*, upstream: app, name: all}]
        upstreams: {app: {servers: ["\(origin)"]}}
        \(more)

        """
    }

    /// The lines of a log; they come up to 100 ms after the response.
    private func lines(_ martlet: RunningMartlet, _ name: String, _ count: Int) throws -> [String] {
        var lines: [String] = []
        try eventually("\(count) lines in \(name)", .seconds(60)) {
            lines = (martlet.folder.read(name) ?? "").split(separator: "\n").map(String.init)
            return lines.count >= count
        }
        #expect(lines.count == count, "\(lines)")
        return lines
    }

    @Test func theAccessLogIsTurnedOnMovedChangedAndTurnedOff() throws {
        let origin = try ConfigReloadTests.origin("text")
        try withMartlet(config(origin.address, "accessLog: off")) { martlet in
            let client = try martlet.connect()
            func ask(_ target: String, _ log: String) throws {
                try martlet.write(config(origin.address, log))
                try martlet.reload()
                #expect(try client.exchange("GET " + target).status == 200)
            }
            #expect(try client.exchange("GET /none").status == 200)
            try ask("/1", "accessLog: {file: FOLDER/one.log}")
            #expect(try lines(martlet, "one.log", 1)[0].contains("\"target\":\"/1\""))
            try ask("/2", "accessLog: {file: FOLDER/one.log, format: combined}")
            #expect(try lines(martlet, "one.log", 2)[1].contains("\"GET /2 HTTP/1.1\" 200 "))
            try ask("/3", "accessLog: {file: FOLDER/two.log, fields: [method, path, route, response.header.X-None]}")
            #expect(
                try lines(martlet, "two.log", 1) == [
                    #"{"method":"GET","path":"/3","route":"all"}"#
                ])
            try ask("/4", "accessLog: {file: FOLDER/two.log, fields: [path], queue: 128KiB, sample: 0}")
            try ask("/5", "accessLog: {file: FOLDER/two.log, fields: [path], exclude: [{path: [/6, /metrics]}]}")
            #expect(try client.exchange("GET /6").status == 200)
            #expect(try client.exchange("GET /7").status == 200)
            #expect(try lines(martlet, "two.log", 3).dropFirst() == [#"{"path":"/5"}"#, #"{"path":"/7"}"#])
            // What was written by the logs before is not forgotten.
            try martlet.waitForMetric("martlet_access_log_lines_written_total", 5)
            try ask("/8", "accessLog: off")
            #expect(try lines(martlet, "one.log", 2).count + lines(martlet, "two.log", 3).count == 5)
            #expect(try martlet.metrics["martlet_access_log_lines_written_total"] == 5)
            #expect(!martlet.errors.contains("at-next-start"), "\(martlet.errors)")
        }
    }

    /// Its line is begun when its head comes.
    @Test func aRequestThatIsGoingOnHasTheLineThatItBeganWith() throws {
        let isOpen = Monitor(false)
        let origin = try Origin { request in
            if request.target == "/slow" { _ = isOpen.wait { $0 ? true : nil } }
            return response(200, "text", ["X-Answer: yes"])
        }
        let first = "accessLog: {file: FOLDER/a.log, fields: [path, response.header.X-Answer, status]}"
        try withMartlet(config(origin.address, first)) { martlet in
            let slow = try martlet.connect()
            try slow.send(requestText("GET /slow"))
            _ = try origin.waitForRequests(1)
            try martlet.write(config(origin.address, "accessLog: {file: FOLDER/a.log, format: combined}"))
            try martlet.reload()
            #expect(try martlet.request("GET /fast").status == 200)
            #expect(try lines(martlet, "a.log", 1)[0].contains("\"GET /fast HTTP/1.1\" 200 "))
            isOpen.change { $0 = true }
            #expect(try slow.readResponse().status == 200)
            let line = #"{"path":"/slow","response.header.x-answer":"yes","status":200}"#
            #expect(try lines(martlet, "a.log", 2)[1] == line)
            // The next one on the same connection has a line as they are now.
            #expect(try slow.exchange("GET /next").status == 200)
            #expect(try lines(martlet, "a.log", 3)[2].contains("\"GET /next HTTP/1.1\" 200 "))
        }
    }

    @Test func aLogThatCannotBeOpenedLeavesTheOneBeforeInForce() throws {
        let origin = try ConfigReloadTests.origin("text")
        try withMartlet(config(origin.address, "accessLog: {file: FOLDER/a.log}")) { martlet in
            try martlet.write(config(origin.address, "accessLog: {file: FOLDER/none/a.log}"))
            try martlet.reload("config not reloaded")
            #expect(martlet.errors.contains("cannot open the access log"), "\(martlet.errors)")
            #expect(try martlet.request("GET /1").status == 200)
            #expect(try lines(martlet, "a.log", 1)[0].contains("/1"))
        }
    }

    @Test func slowRequestsAreToldOfFromTheNextRequestOn() throws {
        let isOpen = Monitor(false)
        let origin = try Origin { request in
            if request.target == "/held" { _ = isOpen.wait { $0 ? true : nil } }
            _ = Monitor(false).wait(.milliseconds(20)) { $0 ? true : nil }
            return response(200, "text")
        }
        try withMartlet(config(origin.address, "")) { martlet in
            let client = try martlet.connect()
            try client.send(requestText("GET /held"))
            _ = try origin.waitForRequests(1)
            try martlet.write(config(origin.address, "slowRequests: {over: 10ms}"))
            try martlet.reload()
            isOpen.change { $0 = true }
            #expect(try client.readResponse().status == 200)
            #expect(try client.exchange("GET /slow").status == 200)
            try martlet.process.waitForOutput(containing: "slow request", on: .errors)
            let told = martlet.errors.split(separator: "\n").filter { $0.contains("slow request") }
            #expect(told.count == 1 && told[0].contains("/slow"), "\(told)")
            try martlet.write(config(origin.address, ""))
            try martlet.reload()
            #expect(try client.exchange("GET /again").status == 200)
            #expect(try martlet.metrics["martlet_slow_requests_total"] == 1)
        }
    }

    @Test func tracesBeginMoveAndEnd() throws {
        let origin = try Origin { _ in response(200, "text") }
        let (one, two) = (try OTLPCollector(), try OTLPCollector())
        try withMartlet(config(origin.address, "")) { martlet in
            let client = try martlet.connect()
            func ask(_ tracing: String) throws -> Bool {
                try martlet.write(config(origin.address, tracing))
                try martlet.reload()
                #expect(try client.exchange("GET /").status == 200)
                return try origin.lastRequest["traceparent"] != nil
            }
            #expect(try client.exchange("GET /").status == 200)
            #expect(try origin.lastRequest["traceparent"] == nil)
            #expect(try ask("tracing: {otlp: {endpoint: \"\(one.endpoint)\"}}"))
            #expect(try one.wait(for: 2).count == 2)
            #expect(try ask("tracing: {otlp: {endpoint: \"\(two.endpoint)\"}}"))
            #expect(try two.wait(for: 2).count == 2)
            try martlet.waitForMetric("martlet_trace_spans_exported_total", 4)
            #expect(try !ask(""))
            #expect(try martlet.metrics["martlet_trace_spans_exported_total"] == 4)
        }
    }

    @Test func theLevelOfTheLogChanges() throws {
        let origin = try ConfigReloadTests.origin("text")
        try withMartlet(config(origin.address, "log: {level: notice}")) { martlet in
            martlet.process.signal(SIGUSR1)
            try martlet.write(config(origin.address, "log: {level: info}"))
            try martlet.reload()
            #expect(!martlet.errors.contains("opening the access log anew"))
            martlet.process.signal(SIGUSR1)
            try martlet.process.waitForOutput(containing: "opening the access log anew", on: .errors)
            #expect(!martlet.errors.contains("at-next-start"), "\(martlet.errors)")
        }
    }

    /// The time for draining is that of the config in force when it begins.
    @Test func theTimeForDrainingChanges() throws {
        let held = try ScriptedServer(limit: .seconds(120)) { socket, _ in
            _ = try socket.readRequest()
            _ = try socket.arrival(within: .seconds(120))
        }
        let martlet = try RunningMartlet(config("127.0.0.1:\(held.port)", "timeouts: {drain: 100s}"))
        let client = try martlet.connect()
        try client.send(requestText("GET /"))
        #expect(held.waitForConnections(1))
        try martlet.write(config("127.0.0.1:\(held.port)", "timeouts: {drain: 100ms}"))
        try martlet.reload()
        try martlet.stop(SIGTERM, .seconds(60))
        #expect(martlet.errors.contains("the time for draining is over"), "\(martlet.errors)")
    }
}
