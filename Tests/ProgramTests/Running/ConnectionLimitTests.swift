import Foundation
import MartletTestSupport
import Testing

/// How many connections there may be, and what those beyond are told.
@Suite struct ConnectionLimitTests {
    private static func refused(_ reason: String) -> String {
        "martlet_connections_refused_total{reason=\"\(reason)\"}"
    }

    private func fill(_ martlet: RunningMartlet, _ count: Int) throws -> [TestSocket] {
        let clients = try (0..<count).map { _ in try martlet.connect() }
        for client in clients { #expect(try client.exchange("GET /").status == 200) }
        return clients
    }

    /// A client beyond the limit gets an answer, to a request that it has sent as well as to none.
    private func expectRefusal(_ martlet: RunningMartlet, sends: Bool) throws {
        let client = try martlet.connect()
        if sends { try client.send(requestText("GET /")) }
        let answer = try client.readResponse()
        #expect(answer.status == 503)
        #expect(answer["Connection"] == "close" && answer["Retry-After"] != nil)
        #expect(try client.receiveUntilEnd() == [])
    }

    @Test(arguments: [("connections: 5", "limit_total"), ("connectionsPerClient: 5", "limit_per_client")])
    func thoseBeyondAreToldAndCounted(limit: String, reason: String) throws {
        let origin = try Origin()
        // The admin listener is a client like others for the limit of each.
        let config = Configs.proxy(to: origin.server, "limits: {\(limit)}\ntimeouts: {linger: 100ms}\n")
        try withMartlet(config.replacing(Configs.admin, with: "admin: {address: 'unix:FOLDER/a'}")) {
            martlet in
            var clients = try fill(martlet, 5)
            try expectRefusal(martlet, sends: false)
            try expectRefusal(martlet, sends: true)
            // Those within are served on.
            for client in clients { #expect(try client.exchange("GET /").status == 200) }
            // One that goes makes room for one.
            clients.removeFirst().close()
            try eventually("room") {
                guard let client = try? martlet.connect() else { return false }
                return try client.exchange("GET /").status == 200
            }
            let admin = try TestSocket(path: martlet.folder.path("a"))
            try eventually("counted") {
                let text = try admin.exchange("GET /metrics").text
                return text.contains(Self.refused(reason)) && !text.contains(Self.refused(reason) + " 0")
            }
        }
    }

    @Test func theAdminListenerAnswersWhenClientsAreTooMany() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server, "limits: {connections: 5}\n")) { martlet in
            let clients = try fill(martlet, 5)
            try expectRefusal(martlet, sends: true)
            #expect(try martlet.connect(to: "admin").exchange("GET /healthz").status == 200)
            #expect(try martlet.metrics[Self.refused("limit_total")] == 1)
            // Nor do questions of operators take room from clients.
            clients[0].close()
            try eventually("room") { try martlet.connect().exchange("GET /").status == 200 }
        }
    }

    /// More than the proxy keeps room for to tell them so: the rest is closed without a word, and nothing breaks.
    @Test func aCrowdIsShed() throws {
        let origin = try Origin()
        let times = "timeouts: {linger: 200ms, requestHead: 500ms}\n"
        let config = Configs.proxy(to: origin.server, "limits: {connections: 10}\n" + times)
        try withMartlet(config) { martlet in
            let crowd = try (0..<600).map { _ in try martlet.connect() }
            let answers = try crowd.map { try $0.receiveUntilGone().bytes.isEmpty }
            #expect(answers.count { !$0 } >= 250)
            for client in crowd { client.close() }
            try eventually("room") { (try? martlet.request("GET /"))?.status == 200 }
        }
    }
}
