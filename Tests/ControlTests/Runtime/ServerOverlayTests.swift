import MartletHTTPCore
import MartletProxyConfig
import Testing

@testable import MartletControl

@Suite struct ServerOverlayTests {
    private typealias Attributes = ServerOverlay.Attributes

    private func config(_ servers: String) throws -> Configuration {
        try ConfigurationLoader.parse(
            "listeners: [{address: ':1'}]\nroutes: [{upstream: app}]\nupstreams: {app: {servers: [\(servers)]}}\n",
            file: "test")
    }

    private func key(_ server: String, _ upstream: String = "app") throws -> ServerOverlay.Key {
        ServerOverlay.Key(upstream: upstream, server: try ServerAddress(parsing: server))
    }

    private func servers(_ configuration: Configuration) -> [String] {
        configuration.upstreams[0].servers.map { "\($0.address) \($0.weight) \($0.state.rawValue)" }
    }

    @Test func addsRemovesAndChanges() throws {
        let base = try config("'127.0.0.1:1', '127.0.0.1:2', {address: '127.0.0.1:3', weight: 3}")
        var overlay = ServerOverlay()
        #expect(overlay.set(try key("127.0.0.1:4"), wanted: Attributes(weight: 2), basis: nil))
        #expect(overlay.set(try key("127.0.0.1:1"), wanted: nil, basis: Attributes()))
        #expect(
            overlay.set(
                try key("127.0.0.1:3"), wanted: Attributes(weight: 9, state: .draining), basis: Attributes(weight: 3)))
        let (result, fates) = overlay.applied(to: base)
        #expect(servers(result) == ["127.0.0.1:2 1 up", "127.0.0.1:3 9 draining", "127.0.0.1:4 2 up"])
        #expect(fates == [.inForce, .inForce, .inForce])
        #expect(
            overlay.entries.map(\.text) == [
                "app/127.0.0.1:4 added", "app/127.0.0.1:1 removed", "app/127.0.0.1:3 changed",
            ])
    }

    @Test func whatIsAsInTheConfigIsNoDifference() throws {
        var overlay = ServerOverlay()
        _ = overlay.set(try key("127.0.0.1:1"), wanted: Attributes(weight: 2), basis: Attributes())
        _ = overlay.set(try key("127.0.0.1:1"), wanted: Attributes(), basis: Attributes())
        #expect(overlay.entries.isEmpty)
        #expect(overlay[try key("127.0.0.1:1")] == nil)
    }

    /// The rule for conflicts: whoever edits a server in the file after it was changed at run time wants that to be in force.
    @Test func theConfigCountsWhereItHasChangedSince() throws {
        var overlay = ServerOverlay()
        _ = overlay.set(try key("127.0.0.1:1"), wanted: Attributes(weight: 5), basis: Attributes())
        _ = overlay.set(try key("127.0.0.1:2"), wanted: nil, basis: Attributes())
        _ = overlay.set(try key("127.0.0.1:3"), wanted: Attributes(weight: 5), basis: nil)
        let edited = try config(
            "{address: '127.0.0.1:1', weight: 2}, {address: '127.0.0.1:2', weight: 2}, {address: '127.0.0.1:3', weight: 2}"
        )
        let (result, fates) = overlay.applied(to: edited)
        #expect(fates == [.overruled, .overruled, .overruled])
        #expect(result == edited)
        #expect(overlay.applied(to: try config("{address: '127.0.0.1:3', weight: 5}")).fates.last == .needless)
    }

    @Test func whatHasNoPlaceIsKeptForLater() throws {
        var overlay = ServerOverlay()
        _ = overlay.set(try key("127.0.0.1:9", "gone"), wanted: Attributes(), basis: nil)
        _ = overlay.set(try key("127.0.0.1:2"), wanted: Attributes(weight: 2), basis: Attributes())
        _ = overlay.set(try key("127.0.0.1:3"), wanted: nil, basis: Attributes())
        let base = try config("'127.0.0.1:1'")
        let (result, fates) = overlay.applied(to: base)
        #expect(result == base && fates == [.dormant, .dormant, .needless])
        #expect(overlay.entries.count == 3)
    }

    @Test func anUpstreamKeepsItsLastServer() throws {
        var overlay = ServerOverlay()
        _ = overlay.set(try key("127.0.0.1:1"), wanted: nil, basis: Attributes())
        let base = try config("'127.0.0.1:1'")
        let (result, fates) = overlay.applied(to: base)
        #expect(result == base && fates == [.lastServer])
    }

    @Test func thereAreOnlySoMany() throws {
        var overlay = ServerOverlay()
        for port in 1...ServerOverlay.limit {
            let isSet = overlay.set(try key("10.0.0.1:\(port)"), wanted: Attributes(), basis: nil)
            #expect(isSet)
        }
        let oneMore = overlay.set(try key("10.0.0.2:1"), wanted: Attributes(), basis: nil)
        #expect(!oneMore)
        let changed = overlay.set(try key("10.0.0.1:1"), wanted: Attributes(weight: 2), basis: nil)
        #expect(changed)
    }

    // MARK: The file

    @Test func whatIsWrittenIsRead() throws {
        var overlay = ServerOverlay()
        _ = overlay.set(try key("[::1]:1"), wanted: Attributes(weight: 7, backup: true, maxInFlight: 3), basis: nil)
        _ = overlay.set(try key("unix:/run/a \"b\".sock"), wanted: nil, basis: Attributes(maxConnections: 9))
        _ = overlay.set(try key("a.b:80", "ü"), wanted: Attributes(state: .maintenance), basis: Attributes())
        #expect(try StateText.read(Array(StateText.write(overlay).utf8)) == overlay)
        #expect(try StateText.read(Array(StateText.write(ServerOverlay()).utf8)) == ServerOverlay())
    }

    @Test(arguments: [
        ("", "no JSON"), ("{}", "is missing"), (#"{"version": 2, "servers": []}"#, "/version"),
        (#"{"version": 1, "servers": [{}]}"#, "/servers/0"),
        (#"{"version": 1, "servers": [{"upstream": "a", "server": "x", "wanted": null, "basis": null}]}"#, "'x'"),
        (#"{"version": 1, "servers": [], "more": 1}"#, "/more"),
        (
            #"{"version": 1, "servers": [{"upstream": "a", "server": "a:1", "wanted": {"weight": 0}, "basis": null}]}"#,
            "/servers/0/wanted"
        ),
    ])
    func whatIsNoStateIsTold(text: String, part: String) {
        #expect { try StateText.read(Array(text.utf8)) } throws: {
            ($0 as? StateFault)?.message.contains(part) ?? false
        }
    }

    @Test func theFileIsReplacedAsAWhole() throws {
        let folder = try TemporaryFolder()
        let file = StateFile(configured: folder.path("deep/er/state.json"))
        #expect(try file.read() == ServerOverlay())
        var overlay = ServerOverlay()
        _ = overlay.set(try key("127.0.0.1:1"), wanted: nil, basis: Attributes())
        try file.write(overlay)
        #expect(try file.read() == overlay)
        try file.write(ServerOverlay())
        #expect(try file.read() == ServerOverlay())
        #expect(throws: StateFault.self) { try StateFile(configured: "/proc/none/state.json").write(overlay) }
    }
}
