import MartletHTTPCore
import Testing

@testable import MartletDNS

/// Which names a written one stands for, and where that is said.
@Suite struct SearchListTests {
    private func names(_ text: String, _ domains: [String], dots: Int = 1) -> [String] {
        SearchList(domains, dots: dots).names(for: text).map(\.description)
    }

    @Test func namesAreLookedForInTheDomains() {
        let domains = ["corp.test", "Test."]
        #expect(names("app", domains) == ["app.corp.test", "app.test", "app"])
        #expect(names("app.web", domains) == ["app.web", "app.web.corp.test", "app.web.test"])
        #expect(names("app.web", domains, dots: 2) == ["app.web.corp.test", "app.web.test", "app.web"])
        #expect(names("a.b.c", domains, dots: 2)[0] == "a.b.c")
        #expect(names("app", domains, dots: 0)[0] == "app")
        #expect(names("app.", domains) == ["app"] && names("app.web.", domains, dots: 5) == ["app.web"])
        #expect(names("app", []) == ["app"] && names("a..b", domains) == [])
    }

    @Test func theRootIsADomainAndNoNameIsAskedForTwice() {
        #expect(names("app", [".", "corp.test"]) == ["app", "app.corp.test"])
        #expect(names("app", ["corp.test", "CORP.test"]) == ["app.corp.test", "app"])
    }

    @Test func thereAreBounds() {
        let many = (1...9).map { "d\($0).test" }
        #expect(SearchList(many).domains == Array(many.prefix(6)))
        #expect(SearchList(many, dots: 99).dots == 15 && SearchList(dots: -1).dots == 0)
        let label = String(repeating: "x", count: 63)
        let long = "\(label).\(label)"
        // 127 and 127 and the space between are 255; there is no room for another one.
        #expect(SearchList([long, long, "a"]).domains == [long, long])
        #expect(SearchList(["a..b", "", "-", "c.test", String(repeating: "y", count: 64)]).domains == ["-", "c.test"])
        // Too long with the domain, so it is looked for as it is.
        #expect(names("\(long).app", ["\(label).\(label)"]) == ["\(long).app"])
    }

    @Test(
        arguments: [
            ("", [], 1), ("search a.test b.test\n", ["a.test", "b.test"], 1), ("domain a.test b.test\n", ["a.test"], 1),
            ("search a.test\ndomain b.test\n", ["b.test"], 1), ("domain b.test\nsearch a.test\n", ["a.test"], 1),
            ("search a.test\n search\t.\n", [""], 1), ("# search a.test\n;search b.test\nsearch\n", [], 1),
            ("options rotate ndots:3\noptions timeout:1\n", [], 3), ("options ndots:x\noptions ndots:99\n", [], 15),
            ("options ndots:2\noptions ndots:\n", [], 2), ("search a..b c.test\n", ["c.test"], 1),
        ] as [(String, [String], Int)])
    func resolvConfHasThem(text: String, domains: [String], dots: Int) {
        let search = ResolverFile(text).search
        #expect(search.domains == domains && search.dots == dots)
    }

    /// As long as the file says nothing else.
    @Test func theHostsOwnDomainIsOne() {
        #expect(ResolverFile("", hostName: "one.corp.test\n").search.domains == ["corp.test"])
        for name in ["one", "one\n", "", "one."] { #expect(ResolverFile("", hostName: name).search.domains == []) }
        #expect(ResolverFile("search a.test\n", hostName: "one.corp.test").search.domains == ["a.test"])
        #expect(ResolverFile("search .\n", hostName: "one.corp.test").search.names(for: "app").count == 1)
    }
}
