// Proxies whose servers are found, and what there is to be found.
import MartletTestSupport
import Testing

/// Names, and what they have at the moment.
final class Zone: Sendable {
    private let answers = Monitor<[String: TestAnswer]>([:])

    /// A resolver for it. Whoever has no answer of this name and type is told that there is nothing.
    func resolver(
        datagramPort: UInt16? = nil, forgeries: @escaping @Sendable ([UInt8]) -> [[UInt8]] = { _ in [] }
    ) throws -> TestResolver {
        try TestResolver(datagramPort: datagramPort, forgeries: forgeries) { [answers] question in
            answers.value["\(question.name) \(question.type) \(question.isStream)"]
                ?? answers.value["\(question.name) \(question.type)"] ?? TestAnswer()
        }
    }

    /// What a name has of a type from now on.
    /// - Parameter isStream: for questions that come like this alone.
    func set(_ name: String, _ type: UInt16, _ answer: TestAnswer, isStream: Bool? = nil) {
        answers.change { $0["\(name) \(type)" + (isStream.map { " \($0)" } ?? "")] = answer }
    }

    /// Has the services of a name at these origins.
    func serve(_ name: String, _ origins: [Origin], additional: Bool = true) {
        let records = origins.map { TestRecord.srv(name, "one.test", port: $0.server.port) }
        set(name, 33, TestAnswer(records, additional: additional ? [.a("one.test", "127.0.0.1")] : []))
        set("one.test", 1, TestAnswer([.a("one.test", "127.0.0.1")]))
    }
}

/// Origins that answer with their numbers.
func numbered(_ count: Int) throws -> [Origin] {
    try (0..<count).map { number in try Origin { _ in response(200, "\(number)") } }
}

extension Configs {
    /// The name that the tests use.
    static let service = "_http._tcp.app.test"

    /// A proxy with an upstream `app` whose servers are found.
    static func discovering(_ discover: String, _ upstream: String = "", _ more: String = "") -> String {
        """
        workers: 2
        listeners: [{address: '127.0.0.1:0', name: web}]
        admin: {address: '127.0.0.1:0', token: \(token)}
        routes: [{upstream: app}]
        upstreams:
          app:
            discover: \(discover)
            queue: {noServerTimeout: 0s}
        \(upstream)
        \(more)
        """
    }

    /// The same by the name of a service.
    static func discovering(_ resolvers: [TestResolver], _ more: String = "") -> String {
        let addresses = resolvers.map { "'\($0.address)'" }.joined(separator: ", ")
        return discovering(
            "{dns: \(service), type: srv, minTTL: 100ms}", "",
            "resolvers: {addresses: [\(addresses)], timeout: 500ms}\n\(more)")
    }
}

extension RunningMartlet {
    /// The servers with where they come from: `127.0.0.1:9001 dns`.
    func found() throws -> [String] {
        try admin("/v1/servers").objects.map { "\($0["server"] as? String ?? "") \($0["origin"] as? String ?? "")" }
    }

    /// Waits until these servers are there, in any order.
    func waitFor(_ servers: [String]) throws {
        var last: [String] = []
        do {
            try eventually("servers") {
                last = try found()
                return Set(last) == Set(servers) && last.count == servers.count
            }
        } catch { throw TestFailure("the servers are \(last), not \(servers)") }
    }
}

/// Clients that ask all the time, until they are stopped.
final class SteadyRequests: Sendable {
    private let state = Monitor((failures: [String](), isOver: false, requests: 0))
    private let threads: [TestThread]

    init(_ martlet: RunningMartlet, count: Int = 3) {
        let state = self.state
        threads = (0..<count).map { _ in
            TestThread {
                do {
                    let client = try martlet.connect()
                    while !state.value.isOver {
                        let response = try client.exchange("GET /")
                        state.change {
                            $0.requests += 1
                            if response.status != 200 { $0.failures.append("\(response.status)") }
                        }
                    }
                } catch { state.change { $0.failures.append("\(error)") } }
            }
        }
    }

    /// Ends them; what failed.
    func stop() -> (failures: [String], requests: Int) {
        state.change { $0.isOver = true }
        for thread in threads { _ = thread.join() }
        return (state.value.failures, state.value.requests)
    }
}
