// What the command line says.
import MartletSimulation

/// The scenarios that are asked for, and what is changed of them.
struct Options {
    static let usage = """
        usage: martlet-simulate [SCENARIO ...] [--policies NAME,...] [--load PERCENT] [--proxies N] [--workers N]
                                [--requests N] [--seed N]
        """

    private(set) var scenarios: [Scenario] = []
    private(set) var policies: [Substring] = []
    private(set) var seed: UInt64 = 1

    /// `nil` if the arguments are not understood.
    init?(_ arguments: some Sequence<String>) {
        var numbers: [String: Int] = [:]
        var rest = arguments.makeIterator()
        while let argument = rest.next() {
            if argument == "--policies" {
                guard let names = rest.next() else { return nil }
                policies = names.split(separator: ",")
            } else if argument.hasPrefix("--") {
                guard ["--load", "--proxies", "--workers", "--requests", "--seed"].contains(argument),
                    let text = rest.next(), let number = Int(text), number > 0
                else { return nil }
                numbers[argument] = number
            } else {
                guard let scenario = Scenario.all.first(where: { $0.name == argument }) else { return nil }
                scenarios.append(scenario)
            }
        }
        if scenarios.isEmpty { scenarios = Scenario.all }
        if let number = numbers["--seed"] { seed = UInt64(number) }
        for index in scenarios.indices { Self.change(&scenarios[index], numbers) }
    }

    private static func change(_ scenario: inout Scenario, _ numbers: [String: Int]) {
        if let number = numbers["--workers"] {
            for server in scenario.servers.indices { scenario.servers[server].workers = number }
        }
        if let number = numbers["--load"] { scenario.load = Double(number) / 100 }
        if let number = numbers["--proxies"] { scenario.proxies = number }
        if let number = numbers["--requests"] { scenario.requests = number }
    }
}
