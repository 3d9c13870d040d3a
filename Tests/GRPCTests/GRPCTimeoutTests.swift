// Digits and units of `grpc-timeout`.

import MartletGRPC
import Testing

struct GRPCTimeoutTests {
    @Test(
        arguments: [
            ("1H", 3_600_000), ("2M", 120_000), ("3S", 3_000), ("4m", 4), ("5000u", 5), ("5001u", 6), ("1n", 1),
            ("1000000n", 1), ("1000001n", 2), ("0S", 0), ("0n", 0), ("007m", 7), ("99999999m", 99_999_999),
            ("99999999H", 359_999_996_400_000),
        ] as [(String, UInt64)])
    func isATime(text: String, milliseconds: UInt64) {
        #expect(GRPCTimeout.milliseconds(text.utf8.span) == milliseconds)
    }

    @Test(arguments: [
        "", "m", "1", "123456789m", "100000000n", "1h", "1s", "1 m", " 1m", "-1m", "+1m", "1.5S", "1mm", "1ms", "m1",
        "1m,2m", "\u{661}m", "1\0",
    ])
    func isNone(text: String) {
        #expect(GRPCTimeout.milliseconds(text.utf8.span) == nil)
    }

    private func written(_ milliseconds: UInt64) -> String {
        var bytes = [UInt8](repeating: 0x2E, count: GRPCTimeout.width + 2)
        var span = bytes.mutableSpan
        GRPCTimeout.write(milliseconds, into: &span, at: 1)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(
        arguments: [
            (0, ".       0m."), (1, ".       1m."), (1_500, ".    1500m."), (99_999_999, ".99999999m."),
            (100_000_000, ".  100000S."), (100_000_999, ".  100000S."), (99_999_999_999, ".99999999S."),
            (100_000_000_000, ". 1666666M."), (5_999_999_999_999, ".99999999M."), (6_000_000_000_000, ". 1666666H."),
            (359_999_996_400_000, ".99999999H."), (UInt64.max, ".99999999H."),
        ] as [(UInt64, String)])
    func isWritten(milliseconds: UInt64, text: String) {
        #expect(written(milliseconds) == text)
    }

    /// What is written is read as no more than it was, and as nearly as much.
    @Test func whatIsWrittenIsReadAgain() {
        var time: UInt64 = 1
        while time < 359_999_996_400_000 {
            for near in [time - 1, time, time + 1] {
                let text = written(near).dropFirst().dropLast().drop { $0 == " " }
                let again = GRPCTimeout.milliseconds(String(text).utf8.span)
                #expect(again.map { $0 <= near && near - $0 <= near / 100_000 } == true, "\(near)")
            }
            time *= 3
        }
    }
}
