// Each rule is enforced, with the code and the scope that RFC 9113 has for it, wherever the bytes are cut.

import MartletHTTP2
import MartletHTTPCore
import Testing

struct RuleTests {
    @Test(arguments: Breach.all)
    func isEnforced(breach: Breach) {
        let endpoint = breach.endpoint()
        let highest: UInt32 = breach.role == .client ? 0 : endpoint.highest
        let seen = endpoint.receive(breach.bytes)
        let sent = endpoint.sent()
        if breach.fault.isOfStream {
            #expect(sent.contains(.reset(breach.stream, breach.fault.code)))
            let isNew = breach.fault == .tooManyStreams || breach.stream == 3
            #expect(isNew || seen.last == .reset(breach.stream, breach.fault.code, breach.fault))
            #expect(endpoint.place(breach.stream) == -1)
            // The connection goes on.
            #expect(endpoint.receive(Wire.ping()) == [] && endpoint.sent().count == 1)
        } else {
            #expect(seen.last == .failed(breach.fault))
            let last = breach.fault == .tooManyResets ? 401 : highest
            #expect(sent.last == .goAway(last, breach.fault.code))
            // It stays so.
            #expect(endpoint.receive(Wire.headers(7) + Wire.ping()) == [.failed(breach.fault)])
            #expect(endpoint.sent() == [] && endpoint.isFinished && endpoint.pending.isEmpty)
        }
    }

    @Test(arguments: Breach.all.filter { $0.bytes.count < 200 })
    func whereverTheBytesAreCut(breach: Breach) {
        let whole = breach.endpoint()
        let seen = whole.receive(breach.bytes)
        let sent = whole.sent()
        var all = (0..<breach.bytes.count).map { [Array(breach.bytes[..<$0]), Array(breach.bytes[$0...])] }
        all.append(breach.bytes.map { [$0] })
        for pieces in all {
            let endpoint = breach.endpoint()
            var inPieces: [Seen] = []
            for piece in pieces where inPieces.last.map(Self.isFailure) != true { inPieces += endpoint.receive(piece) }
            #expect(inPieces == seen && endpoint.sent() == sent, "cut behind \(pieces[0])")
        }
    }

    private static func isFailure(_ seen: Seen) -> Bool {
        if case .failed = seen { true } else { false }
    }

    /// Who has counted wrong does not send the rest.
    @Test func theSizeOfSettingsIsSeenBeforeTheyAreWhole() {
        let server = Endpoint.settled()
        let bytes = Wire.frame(.settings, [0, 1, 0, 0, 0, 0, 0])
        #expect(server.receive(Array(bytes.dropLast())) == [.failed(.settingsSize)])
    }

    /// A rule without a breach would be one that nothing tests.
    @Test func everyRuleIsBroken() {
        // Those of other tests: the preface, time, content, the output, and what needs a stream that is gone.
        let elsewhere: Set<HTTP2Fault> = [
            .badPreface, .settingsMissing, .compression, .settingsTimeout, .blockTimeout, .contentTooLong,
            .contentTooShort, .frameAfterClose, .frameAfterReset, .outputTooLarge,
        ]
        #expect(Set(Breach.all.map(\.fault)).union(elsewhere) == Set(HTTP2Fault.allCases))
        #expect(Set(Breach.all.map(\.fault)).isDisjoint(with: elsewhere))
    }

    @Test func reasonsAreToldApart() {
        let reasons = HTTP2Fault.allCases.map { "\($0.reason)" }
        #expect(Set(reasons).count == HTTP2Fault.allCases.count && !reasons.contains(""))
        #expect(HTTP2Fault.allCases.filter(\.isAbuse).count == 6)
        #expect(HTTP2ErrorCode.enhanceYourCalm.name.description == "ENHANCE_YOUR_CALM")
        #expect(HTTP2ErrorCode.http11Required.name.description == "HTTP_1_1_REQUIRED")
        #expect(HTTP2ErrorCode(rawValue: 14).name.description == "UNKNOWN")
    }

    /// Below the bounds nothing happens.
    @Test func almostTooMuch() {
        let server = Endpoint.settled { $0.blockBytes = 40_000 }
        let pings = (0..<999).flatMap { _ in Wire.ping() }
        #expect(server.receive(pings) == [] && server.sent().count == 999)
        server.now += 1000
        #expect(server.receive(pings) == [] && server.sent().count == 999)
        let block = [UInt8](repeating: 7, count: 1000)
        let continuations = (0..<31).flatMap { _ in Wire.frame(.continuation, stream: 1, block) }
        let bytes =
            Wire.frame(.headers, .endStream, stream: 1, block) + continuations
            + Wire.frame(.continuation, .endHeaders, stream: 1, block)
        let whole = [UInt8](repeating: 7, count: 33_000)
        #expect(server.receive(bytes) == [.headers(1, isNew: true, end: true, block: whole)])
    }

    @Test func theCodecFails() {
        let server = Endpoint.settled()
        server.receive(Wire.headers(1))
        server.machine.fail(.compression)
        #expect(server.sent() == [.goAway(1, .compressionError)])
        #expect(server.receive(Wire.headers(3)) == [.failed(.compression)])
        server.machine.fail(.badPreface)
        server.machine.finish(.noError)
        server.machine.drain()
        #expect(server.receive([]) == [.failed(.compression)] && server.sent() == [])
    }
}
