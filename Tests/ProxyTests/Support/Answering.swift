// What the tests of answering all the same have in common.
import MartletBalancing
import MartletTelemetry
import MartletTestSupport

@testable import MartletProxy

/// Keeps what loops notice of servers.
final class Watch: ServerWatch {
    private let all = Monitor<[ServerNotice]>([])

    func notice(_ notice: ServerNotice) { all.change { $0.append(notice) } }

    var notices: [ServerNotice] { all.value }
}

/// Requests in the order in which servers got them.
final class Received: Sendable {
    private let all = Monitor<[HTTPRequest]>([])

    func append(_ request: HTTPRequest) { all.change { $0.append(request) } }

    var requests: [HTTPRequest] { all.value }
    var targets: [String] { requests.map(\.target) }

    /// Waits until there are `count`.
    func wait(for count: Int) throws {
        if all.wait(for: { $0.count >= count ? true : nil }) == nil {
            throw TestFailure("only \(targets) of \(count) requests have come")
        }
    }
}

extension ScriptedServer {
    /// A server that notes each request and then says `response`, when `gate` is open.
    static func noting(
        _ received: Received, _ response: String = Responses.ok, after gate: Gate? = nil
    ) throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            while let request = try socket.readRequest() {
                received.append(request)
                try gate?.wait()
                try socket.send(response)
            }
        }
    }
}

extension Responses {
    /// A response with a status and fields, and the server's name as content.
    static func named(_ name: String, status: Int = 200, _ fields: String...) -> String {
        let lines = fields.map { $0 + "\r\n" }.joined()
        return "HTTP/1.1 \(status) X\r\nContent-Length: \(name.utf8.count)\r\n\(lines)\r\n\(name)"
    }
}

extension Requests {
    static func get(_ target: String, _ fields: String...) -> String {
        let lines = fields.map { $0 + "\r\n" }.joined()
        return "GET \(target) HTTP/1.1\r\nHost: test\r\n\(lines)\r\n"
    }

    static func put(length count: Int) -> String {
        "PUT / HTTP/1.1\r\nHost: test\r\nContent-Length: \(count)\r\n\r\n"
    }
}

extension ProxySetup {
    init(_ servers: ScriptedServer...) { self.init(servers.map { ServerModel($0) }) }

    /// Servers are taken from the first on, so that a test knows who is asked.
    var inOrder: ProxySetup { with { $0.health.policy = .first } }

    /// Exchanges wait as long as a test does.
    var patient: ProxySetup {
        with {
            $0.upstream.queue.noServerTime = 60_000
            $0.upstream.queue.saturatedTime = 60_000
        }
    }

    /// A roster of some of the servers.
    func roster(_ servers: [Int], probation: [UInt32] = []) -> Roster {
        let members = servers.map {
            Candidate(server: UInt32($0), limit: inFlightLimit, identity: Candidate.identity(of: self.servers[$0].name))
        }
        return Roster(members, probation: probation, for: health.policy)
    }
}

extension TestProxy {
    /// A client that has sent a request.
    func asking(_ request: String = Requests.get) throws -> TestSocket {
        let client = try connect()
        try client.send(request)
        return client
    }

    /// Waits until so many exchanges wait for a server, on this loop.
    func waitForWaiting(_ count: UInt64) throws { try wait(for: .exchangesWaiting, count) }
}
