// How connections begin (RFC 9113 sections 3.4 and 6.5).

import MartletHTTP2
import MartletHTTPCore
import Testing

struct PrefaceTests {
    @Test func inPieces() {
        let bytes = Wire.preface + Wire.settings() + Wire.headers(1)
        let expected: [Seen] = [.settings, .headers(1, isNew: true, end: true, block: [0x82])]
        for cut in 0...bytes.count {
            let server = Endpoint(.server)
            #expect(server.receive(Array(bytes[..<cut])) + server.receive(Array(bytes[cut...])) == expected)
        }
        let server = Endpoint(.server)
        #expect(bytes.flatMap { server.receive([$0]) } == expected)
    }

    @Test func anotherPreface() {
        for index in 0..<24 {
            var bytes = Wire.preface
            bytes[index] ^= 1
            let server = Endpoint(.server)
            _ = server.sent()
            #expect(server.receive(bytes + Wire.settings()) == [.failed(.badPreface)])
            #expect(server.sent() == [.goAway(0, .protocolError)])
        }
        #expect(Endpoint(.server).receive(Array("GET / HTTP/1.1\r\n\r\n".utf8)) == [.failed(.badPreface)])
    }

    @Test func whatBeginsAPreface() {
        for count in 1...24 {
            #expect(begins(Array(Wire.preface[..<count])))
            var bytes = Array(Wire.preface[..<count])
            bytes[count - 1] ^= 0x20
            #expect(!begins(bytes))
        }
        #expect(begins(Wire.preface + [1, 2]) && !begins([]) && !begins(Array("POST / HTTP/1.1".utf8)))
    }

    private func begins(_ bytes: [UInt8]) -> Bool { HTTP2Preface.begins(bytes.span) }

    @Test(arguments: HTTP2Role.allCases)
    func theFirstFrameIsSettings(role: HTTP2Role) {
        let first = role == .server ? Wire.preface : []
        for bytes in [
            Wire.settingsAck, Wire.ping(), Wire.headers(1), Wire.windowUpdate(0, 1), Wire.frame(99), Wire.goAway(0),
            Wire.data(1, [1]), Wire.frame(.continuation, stream: 1),
        ] {
            let endpoint = Endpoint(role)
            #expect(endpoint.receive(first + bytes + Wire.settings()) == [.failed(.settingsMissing)])
            #expect(endpoint.sent().last == .goAway(0, .protocolError))
        }
        #expect(Endpoint(role).receive(first + Wire.settings() + Wire.ping()) == [.settings])
    }

    @Test func whatThePeerSaysOfItself() {
        let client = Endpoint(.client)
        #expect(client.machine.peer.maxStreams == 100 && !client.machine.peer.isKnown)
        let all: [(SettingNumber, UInt32)] = [
            (.headerTableSize, 100), (.maxConcurrentStreams, 7), (.initialWindowSize, 5), (.maxFrameSize, 20_000),
            (.maxHeaderListSize, 9), (.enableConnectProtocol, 1), (.noRFC7540Priorities, 1), (.headerTableSize, 300),
        ]
        #expect(client.receive(Wire.settings(all)) == [.settings])
        #expect(client.sent().last == .settingsAck)
        let peer = client.machine.peer
        #expect(peer.headerTableBytes == 300 && peer.smallestHeaderTableBytes == 100 && peer.maxStreams == 7)
        #expect(peer.initialWindow == 5 && peer.maxFrame == 20_000 && peer.headerListBytes == 9)
        #expect(peer.enablesConnect && peer.isKnown)
        // What is not said again stays.
        #expect(client.receive(Wire.settings([(.maxConcurrentStreams, 0)])) == [.settings])
        #expect(client.machine.peer.headerTableBytes == 300 && client.machine.peer.smallestHeaderTableBytes == 300)
        #expect(client.machine.peer.maxStreams == 0 && !client.canOpen && client.machine.open() == nil)
        let silent = Endpoint(.client)
        silent.receive(Wire.settings())
        #expect(silent.machine.peer.maxStreams == .max && silent.machine.peer.headerListBytes == .max)
    }

    @Test func settingsThatAreNotAcknowledged() {
        for isLate in [true, false] {
            let server = Endpoint(.server)
            server.receive(Wire.preface + Wire.settings() + (isLate ? [] : Wire.settingsAck))
            _ = server.sent()
            #expect(server.machine.check(now: server.now + 10_000) == nil)
            let fault = server.machine.check(now: server.now + 10_001)
            #expect(fault == (isLate ? .settingsTimeout : nil))
            #expect(server.sent() == (isLate ? [.goAway(0, .settingsTimeout)] : []))
            #expect(server.machine.check(now: server.now + 20_000) == nil)
            #expect(server.receive([]) == (isLate ? [.failed(.settingsTimeout)] : []))
        }
        // A peer that does not even begin.
        let client = Endpoint(.client)
        #expect(client.machine.check(now: client.now + 10_001) == .settingsTimeout)
    }

    @Test func aBlockThatDoesNotEnd() {
        let server = Endpoint.settled()
        server.now += 50_000
        server.receive(Wire.frame(.headers, stream: 1, [1]))
        #expect(server.machine.check(now: server.now + 10_000) == nil)
        server.receive(Wire.frame(.continuation, stream: 1, [1]))
        #expect(server.machine.check(now: server.now + 10_001) == .blockTimeout)
        #expect(server.sent() == [.goAway(0, .enhanceYourCalm)])
        let another = Endpoint.settled()
        another.receive(Wire.frame(.headers, stream: 1, [1]) + Wire.frame(.continuation, .endHeaders, stream: 1))
        #expect(another.machine.check(now: another.now + 10_001) == nil)
    }

    /// What is announced is what is enforced, also when it was out of range.
    @Test func limitsOutOfRange() {
        let server = Endpoint.settled { limits in
            limits.maxStreams = 0
            limits.streamWindow = .max
            limits.connectionWindow = 1
            limits.maxFrame = 1
            limits.headerTableBytes = -1
            limits.headerListBytes = .max
            limits.maxStreamWindow = .max
            limits.maxConnectionWindow = .max
        }
        let limits = server.machine.limits
        #expect(limits.maxStreams == 1 && limits.streamWindow == 0x7FFF_FFFF && limits.connectionWindow == 65_535)
        #expect(limits.maxFrame == 16_384 && limits.headerTableBytes == 0 && limits.headerListBytes == 0xFFFF_FFFF)
        #expect(server.receive(Wire.headers(1) + Wire.headers(3)).count == 2)
        #expect(server.sent() == [.reset(3, .refusedStream)])
    }
}
