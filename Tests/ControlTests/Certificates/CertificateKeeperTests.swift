import Logging
import MartletProxy
import MartletProxyConfig
import MartletTLS
import MartletTestSupport
import Testing

@testable import MartletControl

/// Files that change while the proxy runs. Time is given; nobody waits.
@Suite struct CertificateKeeperTests {
    private let authority: TestCertificates
    private let first: TestCertificates.Leaf
    private let second: TestCertificates.Leaf
    private let log = LogRecorder()

    init() throws {
        authority = try TestCertificates()
        first = try authority.leaf(["first.test"])
        second = try authority.leaf(["second.test"])
        try write(first.chainPEM, to: authority.folder + "/now.pem")
        try write(first.keyPEM, to: authority.folder + "/now.key")
    }

    private func path(_ name: String) -> String { "\(authority.folder)/\(name)" }

    private func start(_ tls: String = "") throws -> (CertificateKeeper, ListenerCertificates) {
        let text = """
            listeners: [{address: ':1', name: web,
              tls: {certificates: [{certificate: '\(path("now.pem"))', key: '\(path("now.key"))'}]\(tls)}}]
            """
        let configuration = try ConfigurationLoader.parse(text, file: "test")
        let parts = SecureParts.load(configuration).parts
        let keeper = try CertificateKeeper(configuration, parts, challenges: .ofProcess, log: log.logger)
        return (keeper, try #require(parts.listeners[0]).certificates)
    }

    @Test func aChangedPairIsPutIntoForce() throws {
        let (keeper, shown) = try start()
        keeper.look(now: 0, wall: 1_900_000_000)
        #expect(shown.vouchedFor.map(\.names) == [["first.test"]])
        #expect(keeper.counts.reloads == 0)
        try write(second.chainPEM, to: path("now.pem"))
        try write(second.keyPEM, to: path("now.key"))
        keeper.look(now: 1_000, wall: 1_900_000_001)
        #expect(shown.vouchedFor.map(\.names) == [["second.test"]])
        #expect(keeper.counts.reloads == 1 && keeper.counts.reloadFailures == 0)
        #expect(log.messages == ["notice: certificate loaded anew"])
    }

    @Test func halfAChangeIsWaitedFor() throws {
        let (keeper, shown) = try start()
        try write(second.chainPEM, to: path("now.pem"))
        keeper.look(now: 0, wall: 1_900_000_000)
        keeper.look(now: 4_000, wall: 1_900_000_004)
        #expect(shown.vouchedFor.map(\.names) == [["first.test"]] && log.messages.isEmpty)
        try write(second.keyPEM, to: path("now.key"))
        keeper.look(now: 4_500, wall: 1_900_000_004)
        #expect(shown.vouchedFor.map(\.names) == [["second.test"]])
        #expect(keeper.counts.reloadFailures == 0)
    }

    @Test func aBadFileKeepsTheOldOneInForceAndSaysSoOnce() throws {
        let (keeper, shown) = try start()
        try write(Array("garbage".utf8), to: path("now.pem"))
        for second in 0..<20 { keeper.look(now: UInt64(second) * 1_000, wall: 1_900_000_000) }
        #expect(shown.vouchedFor.map(\.names) == [["first.test"]])
        #expect(keeper.counts.reloads == 0 && keeper.counts.reloadFailures == 1)
        #expect(log.messages == ["error: certificate not loaded: the one before stays in force"])
        #expect(log.metadata["setting"] == "listeners[0].tls.certificates[0].certificate")
        try write(first.chainPEM, to: path("now.pem"))
        keeper.look(now: 30_000, wall: 1_900_000_000)
        #expect(keeper.counts.reloads == 1)
    }

    @Test func authoritiesAndTicketKeysAreWatchedToo() throws {
        try write(authority.authorityPEM, to: path("clients.pem"))
        try write([UInt8](repeating: 1, count: 80), to: path("ticket"))
        let (keeper, _) = try start(
            ", clientCertificates: {ca: '\(path("clients.pem"))'}, tickets: {keys: ['\(path("ticket"))']}")
        try write([UInt8](repeating: 2, count: 48), to: path("ticket"))
        keeper.look(now: 0, wall: 1_900_000_000)
        #expect(log.messages == ["notice: ticket keys loaded anew"])
        try write(try TestCertificates("Other").authorityPEM, to: path("clients.pem"))
        keeper.look(now: 1_000, wall: 1_900_000_000)
        #expect(log.messages.last == "notice: authorities of clients loaded anew")
        try write([], to: path("clients.pem"))
        keeper.look(now: 2_000, wall: 1_900_000_000)
        keeper.look(now: 8_000, wall: 1_900_000_000)
        #expect(log.messages.last == "error: authorities of clients not loaded: the one before stays in force")
    }

    @Test func whatExpiresIsSaidAndCounted() throws {
        let (keeper, _) = try start()
        // The certificates of tests are good until 2099.
        let end: Int64 = 4_070_908_800
        keeper.look(now: 0, wall: end - 13 * 86_400)
        keeper.look(now: 1_000, wall: end - 13 * 86_400 + 1)
        keeper.look(now: 2_000, wall: end + 1)
        #expect(log.messages == ["warning: certificate expires in 13 days", "error: certificate has expired"])
        #expect(
            keeper.counts.expiries == [
                .init(owner: "web", name: "first.test", keyType: "ECDSA P-256", notAfter: end)
            ])
    }

    private func startWithServers() throws -> CertificateKeeper {
        let text = """
            listeners: [{address: ':1'}]
            routes: [{upstream: a}]
            upstreams: {a: {servers: ['127.0.0.1:1'], tls: {ca: '\(path("servers.pem"))',
              certificate: '\(path("now.pem"))', key: '\(path("now.key"))'}}}
            """
        let configuration = try ConfigurationLoader.parse(text, file: "test")
        let parts = SecureParts.load(configuration).parts
        return try CertificateKeeper(configuration, parts, challenges: .ofProcess, log: log.logger)
    }

    @Test func theAuthoritiesOfServersAreReplaced() throws {
        try write(authority.authorityPEM, to: path("servers.pem"))
        let keeper = try startWithServers()
        try write(try TestCertificates("Other").authorityPEM, to: path("servers.pem"))
        keeper.look(now: 0, wall: 1_900_000_000)
        #expect(log.messages == ["notice: authorities of servers loaded anew"])
        #expect(keeper.counts.reloads == 1)
        try write(Array("garbage".utf8), to: path("servers.pem"))
        for second in 1..<10 { keeper.look(now: UInt64(second) * 1_000, wall: 1_900_000_000) }
        #expect(log.messages.last == "error: authorities of servers not loaded: the one before stays in force")
        #expect(log.metadata["setting"] == "upstreams.a.tls.ca")
        #expect(keeper.counts.reloadFailures == 1)
    }

    @Test func theCertificateForServersIsReplaced() throws {
        try write(authority.authorityPEM, to: path("servers.pem"))
        let keeper = try startWithServers()
        #expect(keeper.counts.expiries.map(\.name) == ["first.test"])
        try write(second.chainPEM, to: path("now.pem"))
        try write(second.keyPEM, to: path("now.key"))
        keeper.look(now: 0, wall: 1_900_000_000)
        #expect(keeper.counts.expiries.map(\.owner) == ["a"])
        #expect(keeper.counts.expiries.map(\.name) == ["second.test"])
    }
}
