import MartletBalancing
import MartletHTTPCore
import MartletProxyConfig
import Testing

@testable import MartletControl

/// What two processes, perhaps of different versions, tell each other.
@Suite struct HandoverNoteTests {
    private var note: HandoverNote {
        var note = HandoverNote(process: 7, program: "1.0", errors: 5)
        note.sockets = [.init(descriptor: 6, listener: "web", address: ":80", isForeign: true)]
        note.stickySecret = [1, 2, 255]
        note.tickets = [.init(listener: "tls", address: ":443", keys: [[9, 8]], made: [-1])]
        note.servers = [.init(upstream: "a", server: "b:1", state: "drain", configured: "up")]
        note.upgrades = 3
        var record = HealthRecord(state: .down, time: 9)
        (record.passes, record.failure) = (false, "status 503")
        note.health = [.init(upstream: "a", server: "b:1", record: record)]
        note.changes = [
            .init(
                upstream: "a", server: "b:1", wanted: .init(weight: 2, backup: true, state: "up", maxInFlight: 7),
                basis: .init(weight: 1, backup: false, state: "draining")),
            .init(upstream: "a", server: "b:2", basis: .init(weight: 1, backup: false, state: "up")),
        ]
        note.log = .init(level: "debug", configured: "info")
        note.confirms = true
        return note
    }

    private func decode(_ text: String) -> Result<HandoverNote, InheritanceError> {
        Result { () throws(InheritanceError) in try HandoverNote(decoding: Array(text.utf8)) }
    }

    @Test func itArrivesAsItWasWritten() throws {
        #expect(try HandoverNote(decoding: note.encoded) == note)
    }

    @Test func whatIsNotKnownIsPassedOver() throws {
        let text = String(decoding: note.encoded, as: UTF8.self).dropFirst()
        #expect(try decode("{\"later\":[1],\(text)").get() == note)
    }

    @Test func anotherVersionIsRefusedInWords() {
        guard case .failure(let error) = decode("{\"version\":2,\"process\":\"x\"}") else {
            Issue.record("a note of another version was read")
            return
        }
        #expect(error.message.contains("notes of version 2") && error.message.contains("reads version 1"))
    }

    /// As the first version wrote it.
    @Test func whatIsNotThereIsDoneWithout() throws {
        let text = #"{"version":1,"process":7,"program":"1.0","errors":5,"sockets":[]}"#
        let note = try decode(text).get()
        #expect(note == HandoverNote(process: 7, program: "1.0", errors: 5))
        #expect(note.changes == nil && note.overlay == nil && !note.confirms)
    }

    /// Each member that one can do without, with something else in it.
    @Test(
        arguments: [
            "stickySecret", "tickets", "servers", "upgrades", "health", "changes", "log", "confirms",
        ], ["7.5", #""x""#, #"{"a": [1]}"#, "[null]", "[[]]", #"[{"upstream": 1}]"#])
    func whatMakesNoSenseIsDoneWithout(member: String, value: String) throws {
        let core = #"{"version":1,"process":7,"program":"1.0","errors":5,"sockets":[],"#
        let note = try decode(core + "\"\(member)\": \(value)}").get()
        #expect(note.faults.count == 1 && note.faults[0].hasSuffix(member), "\(note.faults)")
        var rest = note
        (rest.faults, rest.changes) = ([], nil)
        #expect(rest == HandoverNote(process: 7, program: "1.0", errors: 5))
    }

    @Test func whatMakesSenseBesideItIsHeeded() throws {
        let text = String(decoding: note.encoded, as: UTF8.self)
            .replacing(#""health":["#, with: #""health":[{"upstream":7},{"record":{}},"#)
        var read = try decode(text).get()
        #expect(read.faults == ["2 of health"])
        read.faults = []
        #expect(read == note)
    }

    @Test func changesBecomeAnOverlay() throws {
        let (overlay, faults) = try #require(note.overlay)
        #expect(faults == 0 && overlay.entries.map(\.text) == ["a/b:1 changed", "a/b:2 removed"])
        let entry = overlay.entries[0]
        #expect(entry.wanted?.weight == 2 && entry.wanted?.backup == true && entry.wanted?.maxInFlight == 7)
        #expect(entry.basis?.state == .draining && overlay.entries[1].wanted == nil)
        var other = HandoverNote(process: 7, program: "1.0", errors: 5)
        other.set(overlay)
        #expect(other.changes == note.changes)
    }

    @Test(
        arguments: [
            HandoverNote.Change(upstream: "", server: "b:1", wanted: .init(weight: 1, backup: false, state: "up")),
            HandoverNote.Change(upstream: "a", server: "b", wanted: .init(weight: 1, backup: false, state: "up")),
            HandoverNote.Change(upstream: "a", server: "b:1", wanted: .init(weight: 0, backup: false, state: "up")),
            HandoverNote.Change(upstream: "a", server: "b:1", wanted: .init(weight: 1, backup: false, state: "x")),
            HandoverNote.Change(
                upstream: "a", server: "b:1", wanted: .init(weight: 1, backup: false, state: "up", maxConnections: 0)),
            HandoverNote.Change(upstream: "a", server: "b:1", basis: .init(weight: 9_999, backup: false, state: "up")),
            HandoverNote.Change(upstream: "a", server: "b:1"),
        ])
    func aChangeThatMakesNoSenseIsCountedAndPassedOver(change: HandoverNote.Change) throws {
        var note = note
        note.changes = (note.changes ?? []) + [change, change]
        let (overlay, faults) = try #require(note.overlay)
        #expect(faults == 2 && overlay.entries.count == 2)
    }

    @Test func whatIsTooMuchIsLeftOut() throws {
        let whole = note.encoded.count
        #expect(note.encoded(atMost: whole).dropped.isEmpty)
        let (bytes, dropped) = note.encoded(atMost: whole - 1)
        #expect(dropped == ["the health of 1 servers"] && bytes.count < whole)
        #expect(try HandoverNote(decoding: bytes).changes == note.changes)
        let (least, all) = note.encoded(atMost: 10)
        #expect(all.count == 2)
        #expect(try HandoverNote(decoding: least).sockets == note.sockets, "what clients connect to goes on")
    }

    @Test(arguments: ["", "{", "[]", "{\"version\":1}"]) func nonsenseIsRefused(text: String) {
        guard case .failure = decode(text) else {
            Issue.record("\(text) was read")
            return
        }
    }
}
