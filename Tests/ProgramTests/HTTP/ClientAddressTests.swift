// Whom requests are from that other proxies pass on.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct ClientAddressTests {
    /// Tells each request's client, and refuses those of 203.0.113.0/24.
    private static func config(_ trust: String, _ more: String = "") -> String {
        """
        workers: 1
        listeners: [{address: 127.0.0.1:0}]
        admin: {address: 127.0.0.1:0}
        \(trust)
        \(more)
        access: [{name: blocked, action: deny, clients: 203.0.113.0/24}]
        routes:
          - {path: /, redirect: {to: "/{client.ip}/{client.port}", status: 302}}
          - {path: /home, clients: 192.0.2.0/24, redirect: {to: "/inside", status: 302}}
          - {path: /home, redirect: {to: "/outside", status: 302}}
        """
    }

    private static func client(_ martlet: borrowing RunningMartlet, _ fields: [String]) throws -> String? {
        let answer = try martlet.request("GET /", fields)
        if answer.status != 302 { return "\(answer.status)" }
        return answer["Location"]
    }

    @Test func theLastThatIsNotTrustedIsTheClient() throws {
        try withMartlet(Self.config("trustedProxies: [127.0.0.1, 10.0.0.0/8]")) { martlet in
            for (chain, client) in [
                (["192.0.2.1"], "/192.0.2.1/"), (["192.0.2.1:80"], "/192.0.2.1/"),
                (["198.51.100.1, 192.0.2.1"], "/192.0.2.1/"),
                (["192.0.2.1, 10.1.1.1, 10.2.2.2"], "/192.0.2.1/"), (["10.1.1.1, 10.2.2.2"], "/10.1.1.1/"),
                (["192.0.2.1", "10.2.2.2"], "/192.0.2.1/"), (["[2001:db8::1]:80"], "/2001%3Adb8%3A%3A1/"),
                (["192.0.2.1, unknown, 10.2.2.2"], "/10.2.2.2/"), (["203.0.113.1, 192.0.2.1"], "/192.0.2.1/"),
                (["192.0.2.1, 203.0.113.1"], "403"), (["203.0.113.1", "10.0.0.1"], "403"),
            ] {
                #expect(try Self.client(martlet, chain.map { "X-Forwarded-For: \($0)" }) == client, "\(chain)")
            }
            for fields in [
                [], ["X-Forwarded-For: nobody"], ["X_Forwarded_For: 192.0.2.1"], ["Forwarded: for=192.0.2.1"],
            ] {
                let client = try Self.client(martlet, fields) ?? ""
                #expect(client.hasPrefix("/127.0.0.1/"), "\(fields)")
            }
            #expect(try martlet.request("GET /home", ["X-Forwarded-For: 192.0.2.9"])["Location"] == "/inside")
            #expect(try martlet.request("GET /home")["Location"] == "/outside")
        }
    }

    @Test func whoIsNotTrustedNamesNobody() throws {
        try withMartlet(Self.config("trustedProxies: [10.0.0.0/8]")) { martlet in
            let client = try Self.client(martlet, ["X-Forwarded-For: 203.0.113.1"]) ?? ""
            #expect(client.hasPrefix("/127.0.0.1/"))
        }
    }

    @Test(arguments: [
        ("X-Real-IP", "X-Real-IP: 192.0.2.1", "/192.0.2.1/"),
        ("cf-connecting-ip", "CF-Connecting-IP: 2001:db8::1", "/2001%3Adb8%3A%3A1/"),
        ("Forwarded", "Forwarded: for=203.0.113.1, for=\"192.0.2.1:80\";proto=https", "/192.0.2.1/"),
        ("X-Real-IP", "X-Forwarded-For: 192.0.2.1", "/127.0.0.1/"),
        ("off", "X-Forwarded-For: 192.0.2.1", "/127.0.0.1/"),
    ])
    func anotherFieldMayBeAsked(field: String, line: String, client: String) throws {
        let config = Self.config("trustedProxies: [127.0.0.1]", "clientAddressField: \(field)")
        try withMartlet(config) { martlet in
            let found = try Self.client(martlet, [line]) ?? ""
            #expect(found.hasPrefix(client), "\(found)")
        }
    }

    /// Each request of a connection has its own, and one that cannot be read is whoever's has connected.
    @Test func requestsOfAConnectionHaveClientsOfTheirOwn() throws {
        let log = "accessLog: {fields: [client, peer, target, status]}"
        try withMartlet(Self.config("trustedProxies: [127.0.0.1]", log)) { martlet in
            let client = try martlet.connect()
            #expect(try client.exchange("GET /", ["X-Forwarded-For: 192.0.2.1"])["Location"] == "/192.0.2.1/")
            #expect(try client.exchange("GET /", ["X-Forwarded-For: 192.0.2.2"])["Location"] == "/192.0.2.2/")
            #expect(try client.exchange("GET /home")["Location"] == "/outside")
            #expect(try client.exchange("GET /x", ["X-Forwarded-For: 192.0.2.3"]).status == 404)
            let named = try martlet.accessLogLine(target: "/x")
            #expect(named["client"] == "192.0.2.3" && named["peer"] == "127.0.0.1")
            try client.send("GET /y HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
            var unread: AccessLogLine?
            try eventually("a line for what is no request") {
                unread = try martlet.accessLog.first { $0["status"] == "400" }
                return unread != nil
            }
            #expect(unread?["client"] == "127.0.0.1")
        }
    }
}
