// Compares the ways to choose servers. See docs/balancing.md.
import Glibc
import MartletBalancing
import MartletSimulation

/// The program.
@main
struct Simulate {
    /// The policies that are compared.
    private static let policies: [(name: String, kind: PolicyKind)] = [
        ("least-busy", .leastBusy), ("least-request", .leastRequest), ("round-robin", .roundRobin),
        ("random", .random), ("hash", .hash(bound: 125)),
    ]

    static func main() {
        guard let options = Options(CommandLine.arguments.dropFirst()) else {
            print(Options.usage)
            print("scenarios: " + Scenario.all.map(\.name).joined(separator: " "))
            exit(2)
        }
        for scenario in options.scenarios {
            var table = ResultTable(scenario)
            for policy in policies
            where options.policies.isEmpty || options.policies.contains(where: { $0 == policy.name }) {
                table.add(policy.name, Simulation.run(scenario, policy.kind, seed: options.seed))
            }
            print(table.text)
        }
    }
}
