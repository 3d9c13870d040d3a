import MartletTestSupport
import Testing

/// Whether a resolver of a test can be where those of a file are: who runs the tests may lack the right, or have one there.
private let isResolverPortFree = (try? TestResolver(datagramPort: 53) { _ in TestAnswer() }) != nil

/// Names that are looked for in domains.
@Suite(.timeLimit(.minutes(20)), .serialized) struct SearchDomainTests {
    private let zone = Zone()

    private func config(_ name: String, _ origin: Origin, _ resolvers: String) -> String {
        Configs.discovering(
            "{dns: \(name), port: \(origin.server.port), type: a, minTTL: 100ms}", "", "resolvers: \(resolvers)\n")
    }

    private func serves(_ martlet: RunningMartlet) throws { #expect(try martlet.request("GET /").status == 200) }

    private func have(_ name: String) { zone.set(name, 1, TestAnswer([.a(name, "127.0.0.1")])) }

    @Test func aNameIsFoundInADomain() throws {
        let (origin, resolver) = (try Origin(), try zone.resolver())
        have("app.two.test")
        let search = "{addresses: '\(resolver.address)', search: [one.test, two.test]}"
        try withMartlet(config("app", origin, search)) { martlet in
            try serves(martlet)
            #expect(resolver.questions.prefix(2).map(\.name) == ["app.one.test", "app.two.test"])
            #expect(!resolver.questions.contains { $0.name == "app" })
            // It moves to the domain before.
            have("app.one.test")
            #expect(resolver.waitForQuestions { $0.suffix(2).allSatisfy { $0.name == "app.one.test" } })
            try serves(martlet)
        }
    }

    @Test func dotsSayWhetherItIsLookedForInDomains() throws {
        let (origin, resolver) = (try Origin(), try zone.resolver())
        have("app.web")
        have("app.web.one.test")
        let address = "addresses: '\(resolver.address)'"
        for (name, more, first) in [
            ("app.web", ", search: [one.test]", "app.web"),
            ("app.web", ", search: [one.test], ndots: 2", "app.web.one.test"),
            ("app.web.", ", search: [one.test], ndots: 2", "app.web"), ("app.web", "", "app.web"),
        ] {
            let before = resolver.questions.count
            try withMartlet(config(name, origin, "{\(address)\(more)}")) { martlet in
                try serves(martlet)
                let asked = Set(resolver.questions.dropFirst(before).map(\.name))
                #expect(asked == [first], "\(name)\(more)")
            }
        }
    }

    @Test(.enabled(if: isResolverPortFree)) func theSystemsFileHasDomains() throws {
        let (origin, resolver) = (try Origin(), try zone.resolver(datagramPort: 53))
        have("app.web.two.test")
        let folder = try TestFolder()
        try folder.write("nameserver 127.0.0.1\nsearch one.test two.test\noptions ndots:2\n", to: "resolv.conf")
        let martlet = try RunningMartlet(
            config("app.web", origin, "{file: FOLDER/resolv.conf, timeout: 500ms}"), folder: folder)
        #expect(try martlet.request("GET /").status == 200)
        #expect(resolver.questions.prefix(2).map(\.name) == ["app.web.one.test", "app.web.two.test"])
        // Other domains are looked in as soon as the file has them; until there is something there, what is known stays.
        try folder.write("nameserver 127.0.0.1\nsearch three.test\n", to: "resolv.conf")
        #expect(resolver.waitForQuestions { $0.contains { $0.name == "app.web.three.test" } })
        have("app.web.three.test")
        #expect(try martlet.request("GET /").status == 200)
        try martlet.stop()
    }
}
