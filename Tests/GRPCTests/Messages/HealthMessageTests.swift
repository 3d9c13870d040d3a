// The two messages of a health check.

import MartletGRPC
import Testing

struct HealthMessageTests {
    @Test(
        arguments: [
            ("", [0, 0, 0, 0, 0]), ("a.B", [0, 0, 0, 0, 5, 0x0A, 3, 0x61, 0x2E, 0x42]),
        ] as [(String, [UInt8])])
    func aRequestIsWritten(service: String, bytes: [UInt8]) {
        #expect(HealthCall.request(service: service) == bytes)
    }

    @Test func aLongNameIsWritten() {
        let name = String(repeating: "n", count: 300)
        #expect(HealthCall.request(service: name) == [0, 0, 0, 1, 0x2F, 0x0A, 0xAC, 2] + Array(name.utf8))
    }

    @Test(
        arguments: [
            ([], .unknown), ([8, 0], .unknown), ([8, 1], .serving), ([8, 2], .notServing), ([8, 3], .serviceUnknown),
            ([8, 4], .other(4)), ([8, 0x81, 0x00], .serving), ([8, 2, 8, 1], .serving),
            // Unknown fields of every type around it, and field 1 of another type.
            ([0x10, 0x96, 1, 8, 1], .serving), ([8, 1, 0x11, 1, 2, 3, 4, 5, 6, 7, 8], .serving),
            ([0x12, 3, 8, 2, 8, 8, 1], .serving), ([0x1D, 1, 2, 3, 4, 8, 1], .serving), ([8, 1, 0x0A, 1, 2], .serving),
            // A number that is negative in the message's type, as -1 is written.
            ([8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], .other(.max)),
        ] as [([UInt8], ServingStatus)])
    func aResponseIsRead(bytes: [UInt8], status: ServingStatus) {
        #expect(ServingStatus(message: bytes.span) == status)
    }

    @Test(
        arguments: [
            [8], [8, 0x80], [0x80], [0], [0, 1], [7], [0x0B], [0x0C], [0x0E], [0x12, 3, 1, 2], [0x12, 0xFF, 0xFF, 3],
            [0x11, 1, 2, 3], [0x1D, 1], [8, 1, 8],
            [8, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1],
            // A length near 2^64, and a field number of more than 29 bits.
            [0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], [0x88, 0x80, 0x80, 0x80, 0x10, 1],
        ] as [[UInt8]])
    func whatIsNoMessageIsRefused(bytes: [UInt8]) {
        #expect(ServingStatus(message: bytes.span) == nil)
    }

    @Test func statusesHaveNames() {
        let all: [ServingStatus] = [.unknown, .serving, .notServing, .serviceUnknown, .other(9)]
        #expect(all.map(\.name) == ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN", "status 9"])
    }
}
