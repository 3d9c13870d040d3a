import MartletEventLoop
import MartletProxyConfig
import Testing

@testable import MartletControl

@Suite(.timeLimit(.minutes(20))) struct NameLookupTests {
    @Test func localhostIsThisHost() throws {
        let addresses = try NameLookup.addresses(of: "localhost", port: 81)
        let known = [SocketAddress.loopback(port: 81), SocketAddress(high: 0, low: 1, port: 81)]
        #expect(!addresses.isEmpty && addresses.allSatisfy(known.contains))
        #expect(Set(addresses).count == addresses.count)
    }

    @Test func anAddressIsItsOwnName() throws {
        #expect(try NameLookup.addresses(of: "127.0.0.1", port: 1) == [.loopback(port: 1)])
    }

    @Test func aNameWithoutAddressIsAnErrorInWords() throws {
        // Too long for DNS, so that nobody is asked.
        let host = String(repeating: "a", count: 64) + ".invalid"
        #expect { try NameLookup.addresses(of: host, port: 1) } throws: {
            ($0 as? LookupError)?.description.isEmpty == false
        }
    }

    @Test func namesAreFoundWithTheirPlaces() throws {
        let configuration = try ConfigurationLoader.parse(
            """
            listeners: [{address: ':1'}]
            routes: [{upstream: a}, {path: /b, upstream: b}]
            upstreams:
              a: {servers: ['127.0.0.1:1', 'one.test:2'], resolveInterval: 3s}
              b: {servers: ['two.test:4', 'unix:/a', 'three.test:5']}
            """, file: "test")
        #expect(
            try ServerName.all(in: configuration, ModelCompiler.compile(configuration, loops: 1)) == [
                ServerName(server: 1, host: "one.test", port: 2, interval: .seconds(3)),
                ServerName(server: 2, host: "two.test", port: 4, interval: .seconds(10)),
                ServerName(server: 4, host: "three.test", port: 5, interval: .seconds(10)),
            ])
    }
}
