import MartletDNS
import MartletProxyConfig
import MartletTestSupport
import Testing

@testable import MartletControl

/// Who is asked, and in which domains names are looked for.
@Suite struct ResolversTests {
    private func resolvers(_ lines: String, in folder: TestFolder) throws -> Resolvers {
        let file = try folder.write("nameserver 10.0.0.2\nsearch corp.test test\noptions ndots:3\n", to: "resolv.conf")
        let yaml = "listeners: [{address: ':1'}]\nresolvers: {file: \(file)\(lines)}\n"
        return Resolvers(try ConfigurationLoader.parse(yaml, file: "m.yaml").resolvers)
    }

    @Test func domainsAreThoseOfTheFileIfItsResolversAreAsked() throws {
        let folder = try TestFolder()
        let file = try resolvers("", in: folder)
        #expect(file.addresses.map(\.description) == ["10.0.0.2:53"])
        #expect(file.search.domains == ["corp.test", "test"] && file.search.dots == 3)
        let own = try resolvers(", addresses: 10.0.0.3", in: folder)
        #expect(own.addresses.map(\.description) == ["10.0.0.3:53"] && own.search.domains.isEmpty)
        #expect(own.search.dots == 1)
    }

    @Test func theConfigsDomainsCount() throws {
        let folder = try TestFolder()
        let other = try resolvers(", search: [other.test]", in: folder)
        #expect(other.search.domains == ["other.test"] && other.search.dots == 3)
        #expect(try resolvers(", search: []", in: folder).search.domains.isEmpty)
        let both = try resolvers(", addresses: 10.0.0.3, search: [other.test], ndots: 2", in: folder)
        #expect(both.search.domains == ["other.test"] && both.search.dots == 2)
        #expect(try resolvers(", ndots: 0", in: folder).search.names(for: "app").map(\.description)[0] == "app")
    }

    @Test func whatCannotBeReadIsAsIfItWereEmpty() throws {
        var settings = ResolversConfiguration()
        settings.file = "/nowhere/resolv.conf"
        #expect(Resolvers(settings).addresses.map(\.description) == ["127.0.0.1:53"])
    }
}
