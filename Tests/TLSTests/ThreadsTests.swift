import MartletTestSupport
import Synchronization
import Testing

@testable import MartletTLS

@Suite struct ThreadsTests {
    @Test func `Contexts serve several threads while what they have is replaced`() throws {
        let fixture = try Fixture.get()
        let identities = TLSIdentities(TLSIdentityTable([try fixture.identity()]))
        let keys = TLSTicketKeys(rotateEverySeconds: 1)
        let verification = TLSClientVerification(authorities: fixture.authority.authorityPEM)
        var settings = TLSServerSettings()
        (settings.tickets, settings.clients) = (keys, verification)
        let server = try TLSServerContext(settings, identities: identities, keyLog: nil)
        let client = try fixture.client { $0.identity = fixture.client }
        let other = try fixture.identity(.rsa2048)
        let third = try fixture.identity(.ed25519)
        let failures = Mutex(0)
        let threads = (0..<4).map { number in
            TestThread {
                for round in 0..<15 {
                    let connection = try? fixture.connect(client, server, key: round % 2)
                    if connection?.echoes() != true { failures.withLock { $0 += 1 } }
                    if number == 0 { identities.replace(TLSIdentityTable(round % 2 == 0 ? [other] : [third, other])) }
                    if number == 1 { try? server.replaceClientVerification(verification) }
                    if number == 2 { client.replace(identity: fixture.client) }
                    if number == 2 { try? client.replace(authorities: .pem(fixture.authority.authorityPEM)) }
                    if number == 3 { identities.setChallenge("a.test", round % 2 == 0 ? other : nil) }
                }
            }
        }
        for thread in threads { #expect(thread.join(.seconds(60))) }
        #expect(failures.withLock { $0 } == 0)
    }
}
