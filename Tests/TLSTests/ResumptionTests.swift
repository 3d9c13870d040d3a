import MartletTestSupport
import Synchronization
import Testing

@testable import MartletTLS

@Suite struct ResumptionTests {
    /// Connects and exchanges something, so that tickets arrive; whether it was resumed.
    private func isResumed(_ client: TLSClientContext, _ server: TLSServerContext, key: Int = 1) throws -> Bool {
        let connection = try Fixture.get().connect(client, server, key: key)
        #expect(connection.echoes(), "\(String(describing: connection.client.failure))")
        #expect(connection.client.session.isResumed == connection.server.session.isResumed)
        #expect(connection.client.session.peer != nil)
        return connection.client.session.isResumed
    }

    @Test(arguments: [TLSVersion.v12, .v13]) func `A client comes back to any context with the keys`(
        version: TLSVersion
    ) throws {
        let fixture = try Fixture.get()
        let keys = TLSTicketKeys(rotateEverySeconds: 3600)
        let one = try fixture.server { $0.tickets = keys }
        let two = try fixture.server { $0.tickets = keys }
        let stranger = try fixture.server { $0.tickets = TLSTicketKeys(rotateEverySeconds: 3600) }
        let without = try fixture.server()
        let client = try fixture.client { ($0.minimum, $0.maximum) = (version, version) }
        #expect(try !isResumed(client, one))
        #expect(try isResumed(client, two))
        #expect(try isResumed(client, one))
        #expect(try !isResumed(client, one, key: 2), "what is kept is for its key")
        #expect(try !isResumed(client, stranger))
        #expect(try !isResumed(client, without, key: 3))
        #expect(try !isResumed(client, without, key: 3))
        let forgetful = try fixture.client { $0.reusesSessions = false }
        #expect(try !isResumed(forgetful, one))
        #expect(try !isResumed(forgetful, one))
    }

    @Test func `A replaced identity does not come back as the old one`() throws {
        let fixture = try Fixture.get()
        let server = try fixture.server { $0.tickets = TLSTicketKeys(rotateEverySeconds: 3600) }
        let client = try fixture.client()
        let open = try Connection(client.session(to: "a.test", cacheKey: 1), server.session())
        // Its tickets are on their way.
        open.pump(until: { open.server.session.isEstablished })
        #expect(!open.server.outbox.isEmpty)
        #expect(try !isResumed(client, server))
        client.replace(identity: nil)
        // Tickets of a connection that began before are not kept either.
        #expect(open.echoes())
        #expect(try !isResumed(client, server))
        #expect(try isResumed(client, server))
    }

    @Test(arguments: [TLSVersion.v12, .v13]) func `Keys are followed by new ones`(version: TLSVersion) throws {
        let fixture = try Fixture.get()
        let clock = Clock()
        let keys = TLSTicketKeys(rotateEverySeconds: 100) { clock.time.load(ordering: .relaxed) }
        let server = try fixture.server { $0.tickets = keys }
        let client = try fixture.client { ($0.minimum, $0.maximum) = (version, version) }
        #expect(try !isResumed(client, server))
        clock.time.add(150, ordering: .relaxed)
        #expect(try isResumed(client, server))
        clock.time.add(250, ordering: .relaxed)
        #expect(try isResumed(client, server), "the old ticket was replaced by one of the newer key")
        clock.time.add(1000, ordering: .relaxed)
        #expect(try !isResumed(client, server))
    }

    private final class Clock: Sendable { let time = Atomic<Int64>(1_000_000) }

    @Test func `A key is accepted until two more have come`() throws {
        let clock = Clock()
        let keys = TLSTicketKeys(rotateEverySeconds: 10) { clock.time.load(ordering: .relaxed) }
        let first = try #require(keys.encrypting())
        #expect(keys.decrypting(first.name)?.isOld == false)
        for _ in 0..<2 {
            clock.time.add(10, ordering: .relaxed)
            #expect(keys.encrypting()?.name != first.name)
            #expect(keys.decrypting(first.name)?.isOld == true)
        }
        clock.time.add(10, ordering: .relaxed)
        #expect(keys.decrypting(first.name) == nil)
        #expect(keys.encrypting() != nil)
        #expect(keys.decrypting(first.name) == nil)
        #expect(keys.decrypting(Array(repeating: 0, count: 16)) == nil)
    }

    @Test func `Keys come from files as nginx has them`() throws {
        let fixture = try Fixture.get()
        let small = (0..<48).map { UInt8($0) }
        let large = (100..<180).map { UInt8($0) }
        let keys = try TLSTicketKeys(files: [small])
        let server = try fixture.server { $0.tickets = keys }
        let other = try fixture.server { $0.tickets = try? TLSTicketKeys(files: [large, small]) }
        let client = try fixture.client()
        #expect(try !isResumed(client, server))
        #expect(try isResumed(client, other), "the second file's key decrypts")
        try keys.replace(files: [large])
        #expect(try isResumed(client, server), "the first file's key encrypts")
        #expect(throws: TLSError.self) { try TLSTicketKeys(files: [Array(repeating: 0, count: 47)]) }
        #expect(throws: TLSError.self) { try TLSTicketKeys(files: []) }
        #expect(throws: TLSError.self) { try keys.replace(files: [[]]) }
    }

    @Test func `Little is kept`() {
        var kept = KeptSessions<Int>()
        func origin(_ key: Int) -> SessionOrigin {
            SessionOrigin(owner: SessionOwner(key, "a.test"), generation: kept.generation)
        }
        for session in 0..<10 { kept.keep(session, origin(1)) }
        let owner = SessionOwner(1, "a.test")
        #expect((0..<5).map { _ in kept.take(owner) { _ in true } } == [9, 8, 7, 6, nil])
        kept.keep(1, origin(1))
        #expect((0..<3).map { _ in kept.take(owner) { _ in false } } == [1, 1, 1])
        #expect(kept.take(SessionOwner(1, "b.test")) { _ in false } == nil)
        let old = origin(1)
        kept.forget()
        kept.keep(2, old)
        #expect(kept.take(owner) { _ in true } == nil)
        for key in 0..<3000 { kept.keep(key, origin(key)) }
        #expect((0..<3000).count { kept.take(SessionOwner($0, "a.test")) { _ in false } != nil } == 1024)
    }
}
