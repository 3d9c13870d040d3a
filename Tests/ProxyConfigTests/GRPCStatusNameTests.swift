import MartletGRPC
import Testing

@testable import MartletProxyConfig

/// The statuses of gRPC as the config has them.
struct GRPCStatusNameTests {
    /// "deadline-exceeded" is DEADLINE_EXCEEDED, and so on.
    @Test(arguments: GRPCStatusName.allCases)
    func eachIsAStatus(name: GRPCStatusName) {
        let constant = String(name.rawValue.uppercased().map { $0 == "-" ? "_" : $0 })
        #expect(name.status.name.description == constant)
    }

    @Test func allButOKAreThere() {
        #expect(GRPCStatusName.allCases.map(\.status) == Array(GRPCStatus.allCases.dropFirst()))
    }

    @Test(
        arguments: [
            ("14", .unavailable), ("1", .cancelled), ("16", .unauthenticated),
            ("resource_exhausted", .resourceExhausted),
            ("dataloss", .dataLoss), ("canceled", .cancelled),
        ] as [(String, GRPCStatusName)])
    func othersWriteThemSo(word: String, name: GRPCStatusName) {
        #expect(GRPCStatusName.otherWords[word] == name)
    }
}
