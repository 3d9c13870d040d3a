// The proxy as the tests of balancing see it: who answers, and how its servers are.
import Foundation
import MartletTestSupport
import Testing

extension Configs {
    /// One listener, an admin listener, and one upstream `app` for every request.
    /// - Parameters:
    ///   - servers: each as it is written in YAML: an address, or `{address: …, weight: 3}`.
    ///   - upstream: more lines for the upstream, such as `balance: random`.
    ///   - more: more sections of the file.
    static func balanced(
        _ servers: [String], workers: Int = 1, _ upstream: [String] = [], _ more: String = ""
    ) -> String {
        let lines = servers.map { "      - " + ($0.hasPrefix("{") ? $0 : "\"\($0)\"") } + upstream.map { "    " + $0 }
        return """
            workers: \(workers)
            listeners: [{address: "127.0.0.1:0"}]
            admin: {address: "127.0.0.1:0", token: \(token), hosts: [test]}
            routes: [{upstream: app}]
            upstreams:
              app:
                servers:
            \(lines.joined(separator: "\n"))
            \(more)
            """
    }

    /// A server as a section.
    static func server(_ address: String, _ keys: String) -> String { "{address: \"\(address)\", \(keys)}" }
}

/// Runs a test with a proxy as `withMartlet` does, and makes sure that nobody was left without an answer.
func withBalanced(_ config: String, _ test: (RunningMartlet) throws -> Void) throws {
    try withMartlet(config) { martlet in
        try test(martlet)
        #expect(try martlet.metrics["martlet_unanswered_total"] == 0)
    }
}

/// A server on the admin listener.
struct ServerEntry {
    let values: [String: Any]

    var state: String { values["state"] as? String ?? "" }
    var reason: String { values["reason"] as? String ?? "" }
    func number(_ key: String) -> Double { (values[key] as? NSNumber)?.doubleValue ?? -1 }
}

extension RunningMartlet {
    /// Begins a request on a connection of its own.
    func begin(_ line: String, _ fields: [String] = [], content: String = "") throws -> TestSocket {
        let client = try connect()
        try client.send(requestText(line, fields, content: content))
        return client
    }

    /// Sends requests one after the other on one connection; how often each content came. Other statuses than 200 count
    /// as "500".
    func tally(_ count: Int, _ line: String = "GET /", _ fields: [String] = []) throws -> [String: Int] {
        let client = try connect()
        var tally: [String: Int] = [:]
        for _ in 0..<count {
            let answer = try client.exchange(line, fields)
            tally[answer.status == 200 ? answer.text : "\(answer.status)", default: 0] += 1
        }
        return tally
    }

    /// How a server is, as the admin listener says.
    func server(_ address: String) throws -> ServerEntry {
        let list = try JSONSerialization.jsonObject(with: Data(try admin("/servers").content)) as? [[String: Any]]
        guard let values = list?.first(where: { $0["server"] as? String == address }) else {
            throw TestFailure("no server \(address) in \(list ?? [])")
        }
        return ServerEntry(values: values)
    }

    /// Waits until a server is in a state.
    func waitForState(_ address: String, _ state: String) throws {
        var last = ""
        do {
            try eventually(state) {
                last = try server(address).state
                return last == state
            }
        } catch { throw TestFailure("\(address) is \(last), not \(state)") }
    }

    /// Tells the admin listener what the operator wants of a server.
    @discardableResult
    func order(_ address: String, _ state: String) throws -> HTTPResponse {
        try connect(to: "admin").exchange("POST /servers/app/\(address)/\(state)", [Configs.bearer])
    }

    /// Waits for a line of the log that has all of these in it.
    func waitForLog(_ parts: String...) throws {
        try eventually("a line with \(parts) in the log") {
            errors.split(separator: "\n").contains { line in parts.allSatisfy { line.contains($0) } }
        }
    }

    /// A counter of a server.
    func serverMetric(_ name: String, _ address: String, _ label: String = "") throws -> Double? {
        let labels = "upstream=\"app\",server=\"\(address)\"" + (label.isEmpty ? "" : "," + label)
        return try metrics["martlet_server_\(name){\(labels)}"]
    }
}
