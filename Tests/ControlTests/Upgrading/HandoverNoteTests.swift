import Testing

@testable import MartletControl

/// What two processes, perhaps of different versions, tell each other.
@Suite struct HandoverNoteTests {
    private var note: HandoverNote {
        var note = HandoverNote(process: 7, program: "1.0", errors: 5)
        note.sockets = [.init(descriptor: 6, listener: "web", address: ":80", isForeign: true)]
        note.stickySecret = [1, 2, 255]
        note.tickets = [.init(listener: "tls", address: ":443", keys: [[9, 8]], made: [-1])]
        note.servers = [.init(upstream: "a", server: "b:1", state: "drain")]
        note.upgrades = 3
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

    @Test(arguments: ["", "{", "[]", "{\"version\":1}"]) func nonsenseIsRefused(text: String) {
        guard case .failure = decode(text) else {
            Issue.record("\(text) was read")
            return
        }
    }
}
