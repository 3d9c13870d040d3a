import Logging
import MartletCertificates
import MartletProxy
import MartletProxyConfig
import MartletTLS
import MartletTestSupport
import Testing

@testable import MartletControl

/// Responses of OCSP in files: only what clients would believe is stapled.
@Suite struct StapleFileTests {
    private let root: TestCertificates
    private let authority: TestCertificates
    private let leaf: TestCertificates.Leaf
    private let log = LogRecorder()

    init() throws {
        root = try TestCertificates()
        authority = try TestCertificates("Issuing Authority", issuedBy: root)
        leaf = try authority.leaf(["a.test"])
    }

    private func write(_ response: [UInt8], of leaf: TestCertificates.Leaf) throws -> Configuration {
        let path = authority.folder + "/staple.der"
        try MartletControlTests.write(response, to: path)
        let entry = "{certificate: '\(leaf.chain)', key: '\(leaf.key)', ocsp: '\(path)'}"
        return try ConfigurationLoader.parse(
            "listeners: [{address: ':1', name: web, tls: {certificates: [\(entry)]}}]", file: "test")
    }

    private func finding(_ response: [UInt8], of other: TestCertificates.Leaf? = nil) throws -> String? {
        let found = SecureParts.load(try write(response, of: other ?? leaf)).findings
        #expect(found.allSatisfy { $0.keyPath == "listeners[0].tls.certificates[0].ocsp" && $0.severity == .error })
        return found.first?.message.replacing("'\(authority.folder)/staple.der' is of no use: ", with: "")
    }

    @Test func aGoodOneIsTaken() throws {
        #expect(try finding(try authority.ocspResponse(for: leaf)) == nil)
        // Without the issuer in the file of the certificate, who has signed cannot be seen; the rest can.
        let alone = try root.leaf(["alone.test"])
        #expect(try finding(try root.ocspResponse(for: alone), of: alone) == nil)
        let another = try root.leaf(["another.test"])
        #expect(try finding(try root.ocspResponse(for: another), of: alone) == "it is about another certificate")
    }

    @Test func whatIsNoResponseIsRefused() throws {
        let good = try authority.ocspResponse(for: leaf)
        let nonsense = "it is no response of OCSP in DER form"
        for bytes in [[], Array("hello\n".utf8), [0x30, 0x03, 0x0A, 0x01, 0x00], Array(good.dropLast()), good + [0]] {
            let found = try finding(bytes)
            #expect(found == nonsense || found == "it has no content", "\(found ?? "taken")")
        }
        #expect(try finding([0x30, 0x03, 0x0A, 0x01, 0x03]) == "the responder says: try later")
    }

    @Test func whatClientsWouldNotBelieveIsRefused() throws {
        let other = try authority.leaf(["b.test"])
        #expect(try finding(try authority.ocspResponse(for: other)) == "it is about another certificate")
        var forged = try authority.ocspResponse(for: leaf)
        // A digit of the first time in it.
        let time = try #require(forged.indices.dropLast(20).first { forged[$0...].starts(with: [0x18, 0x0F]) })
        forged[time + 15] ^= 1
        #expect(try finding(forged) == "it is not signed by the authority, nor by who may sign for it")
        let stranger = try root.leaf(["stranger.test"])
        #expect(try finding(try root.ocspResponse(for: stranger)) == "it is about another certificate")
        try authority.revoke([leaf])
        #expect(
            try finding(try authority.ocspResponse(for: leaf)) == "it says that the certificate has been revoked")
    }

    @Test func aChangeForTheWorseKeepsTheOldOne() throws {
        let good = try authority.ocspResponse(for: leaf)
        let configuration = try write(good, of: leaf)
        let parts = SecureParts.load(configuration).parts
        let keeper = try CertificateKeeper(configuration, parts, challenges: .ofProcess, log: log.logger)
        _ = try write([1, 2, 3], of: leaf)
        for second in 0..<10 { keeper.look(now: UInt64(second) * 1_000, wall: WallClock.seconds) }
        #expect(keeper.counts.reloadFailures == 1 && keeper.counts.staplesLost == 0)
        #expect(log.messages == ["error: certificate not loaded: the one before stays in force"])
        _ = try write(good, of: leaf)
        keeper.look(now: 20_000, wall: WallClock.seconds)
        #expect(keeper.counts.reloads == 1)
    }

    @Test func oneThatHasRunOutIsStapledNoLonger() throws {
        let configuration = try write(try authority.ocspResponse(for: leaf), of: leaf)
        let parts = SecureParts.load(configuration).parts
        let shown = try #require(parts.listeners[0]).certificates
        let keeper = try CertificateKeeper(configuration, parts, challenges: .ofProcess, log: log.logger)
        let now = WallClock.seconds
        keeper.look(now: 0, wall: now + 6 * 86_400)
        #expect(keeper.counts.staplesLost == 0 && log.messages.isEmpty)
        keeper.look(now: 1_000, wall: now + 8 * 86_400)
        keeper.look(now: 2_000, wall: now + 8 * 86_400)
        #expect(keeper.counts.staplesLost == 1)
        #expect(
            log.messages == [
                "error: the OCSP response has run out, and its file has no new one: nothing is stapled any longer"
            ])
        #expect(shown.dropStaple(0, runOutAt: .max) == nil, "it is gone")
        #expect(shown.vouchedFor.count == 1, "the certificate stays")
    }
}
