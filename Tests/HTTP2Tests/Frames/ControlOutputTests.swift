// Frames that a machine sends of itself, byte for byte.

import MartletHTTPCore
import Testing

@testable import MartletHTTP2

struct ControlOutputTests {
    private func written(_ write: (inout ControlOutput) -> Void) -> [UInt8] {
        var output = ControlOutput()
        write(&output)
        return array(output.bytes)
    }

    @Test func frames() {
        #expect(written { $0.preface() } == Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8))
        #expect(written { $0.settingsAck() } == [0, 0, 0, 4, 1, 0, 0, 0, 0])
        let settings = written {
            $0.settings(count: 2)
            $0.setting(.enablePush, 0)
            $0.setting(.initialWindowSize, 0x0102_0304)
        }
        #expect(settings == [0, 0, 12, 4, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4])
        let ping: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        #expect(written { $0.ping(ping.span.word(at: 0), isAck: true) } == [0, 0, 8, 6, 1, 0, 0, 0, 0] + ping)
        #expect(written { $0.ping(ping.span.word(at: 0), isAck: false) } == [0, 0, 8, 6, 0, 0, 0, 0, 0] + ping)
        let goAway = written { $0.goAway(last: 0x7FFF_FFFF, .enhanceYourCalm) }
        #expect(goAway == [0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 11])
        #expect(written { $0.reset(0x0102_0304, .cancel) } == [0, 0, 4, 3, 0, 1, 2, 3, 4, 0, 0, 0, 8])
        #expect(written { $0.windowUpdate(5, 0x0A0B_0C0D) } == [0, 0, 4, 8, 0, 0, 0, 0, 5, 10, 11, 12, 13])
    }

    /// What is written stays as it is when the memory grows.
    @Test func manyFrames() {
        var output = ControlOutput()
        for stream in 1...1000 { output.windowUpdate(UInt32(stream), UInt32(stream) << 8) }
        let frames = SentFrame.all(in: array(output.bytes))
        #expect(frames == (1...1000).map { .windowUpdate($0, $0 << 8) })
        output.trim()
        let count = output.count
        output.removeAll()
        output.trim()
        output.settingsAck()
        let rest = array(output.bytes)
        #expect(count == 13_000 && rest == [0, 0, 0, 4, 1, 0, 0, 0, 0])
    }

    /// What is held back leaves behind what is written when it is released, whatever of the rest was sent meanwhile.
    @Test(arguments: [0, 1, 2], [0, 1, 500]) func holding(before: UInt32, held: UInt32) {
        for isSent in [false, true] {
            var output = ControlOutput()
            for stream in 0..<before { output.reset(stream, .cancel) }
            output.hold()
            for stream in 0..<held { output.windowUpdate(stream, 1) }
            let first = SentFrame.all(in: array(output.bytes))
            #expect(first == (0..<before).map { .reset($0, .cancel) })
            if isSent {
                output.removeAll()
                output.removeAll()
                let count = output.count
                #expect(count == 0)
            }
            output.release { $0.goAway(last: 9, .noError) }
            output.settingsAck()
            let rest = SentFrame.all(in: array(output.bytes))
            let expected = [SentFrame.goAway(9, .noError)] + (0..<held).map { .windowUpdate($0, 1) } + [.settingsAck]
            #expect(rest == (isSent ? [] : first) + expected)
            output.removeAll()
            let count = output.count
            #expect(count == 0)
        }
    }
}
