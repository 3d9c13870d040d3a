// The numbers and names of gRPC's statuses.

import MartletGRPC
import Testing

struct GRPCStatusTests {
    @Test(arguments: GRPCStatus.allCases)
    func aNumberIsAStatus(status: GRPCStatus) {
        #expect(GRPCStatus(fieldValue: String(status.rawValue).utf8.span) == status)
    }

    @Test(arguments: ["", " ", "17", "99", "100", "-1", "+1", "1 ", "0x1", "OK", "004", "256", "a"])
    func isNone(text: String) {
        #expect(GRPCStatus(fieldValue: text.utf8.span) == nil)
    }

    @Test func theNumbersAreThoseOfTheDocument() {
        #expect(GRPCStatus.allCases.map(\.rawValue) == Array(0...16))
        #expect(GRPCStatus.deadlineExceeded.rawValue == 4)
        #expect(GRPCStatus.unavailable.rawValue == 14)
    }

    @Test func namesDiffer() {
        #expect(Set(GRPCStatus.allCases.map(\.name.description)).count == 17)
        #expect(GRPCStatus.deadlineExceeded.name.description == "DEADLINE_EXCEEDED")
        #expect(GRPCStatus.unauthenticated.name.description == "UNAUTHENTICATED")
    }
}
