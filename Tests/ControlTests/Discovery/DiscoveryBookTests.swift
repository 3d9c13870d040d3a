import MartletHTTPCore
import MartletProxyConfig
import Testing

@testable import MartletControl

/// What is looked for, and what a config looks like with what has been found.
@Suite struct DiscoveryBookTests {
    private func server(_ text: String, weight: Int = 1) throws -> ServerConfiguration {
        var server = ServerConfiguration(address: try ServerAddress(parsing: text))
        (server.weight, server.origin) = (weight, .dns)
        return server
    }

    private func configuration(_ servers: [String] = [], dns: String = "app.test", maxTTL: Int = 60) throws
        -> Configuration
    {
        var upstream = UpstreamConfiguration(
            name: "app", servers: try servers.map { ServerConfiguration(address: try ServerAddress(parsing: $0)) })
        var discover = DiscoverConfiguration()
        (discover.dns, discover.port, discover.maxTTL) = (dns, 80, .seconds(maxTTL))
        upstream.discover = discover
        return Configuration(listeners: [], upstreams: [upstream])
    }

    @Test func whatIsFoundStandsBehindWhatIsWritten() throws {
        let config = try configuration(["10.0.0.1:80"])
        var book = DiscoveryBook()
        let added = book.want(DiscoverySource.all(in: config))
        #expect(added.count == 1 && book.want(DiscoverySource.all(in: config)).isEmpty)
        #expect(book.applied(to: config) == config && !book.areAnswered(added))
        let found = try [server("10.0.0.1:80", weight: 9), server("10.0.0.2:80")]
        let isChanged = book.update(added[0]) { ($0.servers, $0.answered) = (found, .zero) }
        #expect(isChanged && book.version == 1 && book.areAnswered(added))
        let isChangedAgain = book.update(added[0]) { $0.servers = found }
        #expect(!isChangedAgain && book.version == 1)
        let servers = book.applied(to: config).upstreams[0].servers
        #expect(servers.map(\.address.description) == ["10.0.0.1:80", "10.0.0.2:80"])
        #expect(servers.map(\.weight) == [1, 1] && servers.map(\.origin) == [.config, .dns])
    }

    @Test func whatLeadsToTheSameHasItsServersMeanwhile() throws {
        var book = DiscoveryBook()
        let first = try book.want(DiscoverySource.all(in: configuration()))
        let found = try [server("10.0.0.2:80")]
        _ = book.update(first[0]) { ($0.servers, $0.answered) = (found, .zero) }
        let other = try configuration(maxTTL: 90)
        let second = book.want(DiscoverySource.all(in: other))
        #expect(book.applied(to: other).upstreams[0].servers.count == 1 && !book.areAnswered(second))
        #expect(book.areAnswered(first), "nobody waits for what is not looked for any more")
        let third = try configuration(dns: "other.test")
        _ = book.want(DiscoverySource.all(in: third))
        #expect(book.applied(to: third).upstreams[0].servers.isEmpty)
        let isChanged = book.update(first[0]) { $0.servers = [] }
        #expect(!isChanged, "an answer that comes too late is nobody's")
    }

    @Test func filesHaveServersALine() throws {
        let file = ServerFile(
            "# all\n10.0.0.1:80 weight=2 # new\r\n\n  app.test:81\tstate=draining backup=true\nunix:/run/a.sock maxConnections=5\n"
        )
        #expect(file.problems.isEmpty)
        #expect(file.servers.map(\.address.description) == ["10.0.0.1:80", "app.test:81", "unix:/run/a.sock"])
        #expect(
            file.servers.map(\.weight) == [2, 1, 1] && file.servers[1].backup && file.servers[1].state == .draining)
        #expect(file.servers[2].maxConnections == 5 && file.servers.allSatisfy { $0.origin == .folder })
    }

    @Test(arguments: [
        ("10.0.0.1", "the port of '10.0.0.1' is missing"),
        ("10.0.0.1:80 weight=0", "weight is '0'; expected a whole number"),
        ("10.0.0.1:80 weight", "'weight' is no setting"), ("10.0.0.1:80 weight=1 weight=2", "'weight' is there twice"),
        ("10.0.0.1:80 backup=yes", "backup is 'yes'"), ("10.0.0.1:80 state=gone", "state is 'gone'"),
        ("10.0.0.1:80 colour=red", "there is no setting 'colour'"), ("10.0.0.9:80", "is on line 1 already"),
        ("\u{1B}[31m", "'?[31m'"),
    ])
    func linesThatAreWrongAreNamed(line: String, message: String) {
        let file = ServerFile("10.0.0.9:80\n\(line)\n")
        #expect(file.problems.count == 1 && file.problems[0].line == 2)
        #expect(file.problems[0].message.contains(message), "\(file.problems[0].message)")
    }

    @Test func aFolderKeepsWhatWasRight() {
        var folder = ServerFolder(mostServers: 3)
        func take(_ files: [String: String]) -> ServerFolder.Outcome {
            folder.take(files.mapValues { .text($0) })
        }
        func names(_ outcome: ServerFolder.Outcome) -> [String] { outcome.servers.map(\.address.description) }
        #expect(names(take(["b": "b:1\n", "a": "a:1\na:2\n"])) == ["a:1", "a:2", "b:1"])
        let wrong = take(["b": "b:1\nb\n", "a": "a:3\n"])
        #expect(names(wrong) == ["a:3", "b:1"] && wrong.problems.count == 1 && wrong.problems[0].hasPrefix("b:2: "))
        #expect(names(folder.take(["b": .unreadable("why"), "a": .text("")])) == ["b:1"])
        #expect(names(take(["a": ""])) == [], "a file that is gone is gone")
        #expect(names(take(["c": "c:1\nwrong\n"])) == ["c:1"], "nothing better is known of it")
        let many = take(["a": "a:1\na:2\n", "b": "a:2\nb:1\nb:2\n"])
        #expect(names(many) == ["a:1", "a:2", "b:1"] && many.leftOut == 1 && many.problems.count == 1)
        #expect(ServerFolder.counts("a.conf") && !ServerFolder.counts(".a") && !ServerFolder.counts("a~"))
    }
}
