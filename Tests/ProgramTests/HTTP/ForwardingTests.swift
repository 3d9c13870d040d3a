// What the server is told of the client, and whose word is taken for it.
import Foundation
import MartletTestSupport
import Testing

@Suite struct ForwardingTests {
    private static let claims = [
        "X-Forwarded-For: 203.0.113.7", "X-Forwarded-For: 203.0.113.8", "X-Forwarded-Proto: https",
        "X-Forwarded-Host: public.example", "Forwarded: for=203.0.113.7;proto=https", "X-Request-ID: from-outside",
        "Via: 1.0 first", "Via: 1.1 second",
    ]

    @Test func aClientThatIsNotTrustedIsNotBelieved() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            _ = try martlet.request("GET /", Self.claims + ["Host: real.example:81"])
            let request = try origin.lastRequest
            #expect(request.values("X-Forwarded-For") == ["127.0.0.1"])
            #expect(request.values("X-Forwarded-Proto") == ["http"])
            #expect(request.values("X-Forwarded-Host") == ["real.example:81"])
            #expect(request.values("Forwarded") == ["for=127.0.0.1;host=\"real.example:81\";proto=http"])
            #expect(request.values("X-Request-ID").count == 1)
            #expect(request["X-Request-ID"]?.count == 32)
            // Via is a trace, not a claim: nothing is decided by it.
            #expect(request.values("Via") == ["1.0 first, 1.1 second, 1.1 martlet"])
        }
    }

    @Test func aTrustedClientsChainGrows() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server, "trustedProxies: [127.0.0.1]")) { martlet in
            _ = try martlet.request("GET /", Self.claims)
            let request = try origin.lastRequest
            #expect(request.values("X-Forwarded-For") == ["203.0.113.7, 203.0.113.8, 127.0.0.1"])
            #expect(request.values("X-Forwarded-Proto") == ["https"])
            #expect(request.values("X-Forwarded-Host") == ["public.example"])
            let added = "for=127.0.0.1;host=\"test\";proto=http"
            #expect(request.values("Forwarded") == ["for=203.0.113.7;proto=https, " + added])
            #expect(request.values("X-Request-ID") == ["from-outside"])
            #expect(try martlet.accessLogLine(target: "/")["request_id"] == "from-outside")
        }
    }

    @Test func otherNetworksAreNotTrusted() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server, "trustedProxies: [10.0.0.0/8, 127.0.0.2]")) { martlet in
            _ = try martlet.request("GET /", Self.claims)
            #expect(try origin.lastRequest["X-Forwarded-For"] == "127.0.0.1")
        }
    }

    @Test func eachRequestHasAnIDOfItsOwn() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            for _ in 0..<20 { _ = try client.exchange("GET /") }
            let ids = origin.requests.compactMap { $0["X-Request-ID"] }
            #expect(Set(ids).count == 20)
            #expect(ids.allSatisfy { $0.allSatisfy(\.isHexDigit) })
        }
    }

    @Test func theResponseTellsItsWayToo() throws {
        let origin = try Origin { _ in response(200, "", ["Via: 1.1 inner"]) }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let answer = try martlet.request("GET /")
            #expect(answer.values("Via") == ["1.1 inner, 1.1 martlet"])
        }
    }

    /// Fields that look like ours to a server that turns "_" into "-", as CGI does, are the client's all the same.
    @Test func anUnderscoreIsNoWayAround() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            _ = try martlet.request("GET /", ["X_Forwarded_For: 203.0.113.7", "x-forwarded-for: 203.0.113.7"])
            #expect(try origin.lastRequest.values("X-Forwarded-For") == ["127.0.0.1"])
        }
    }
}
