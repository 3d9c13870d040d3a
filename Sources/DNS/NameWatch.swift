// A name whose servers are wanted: when it is asked for, and what the answers mean together. Pure; times are in milliseconds.
import MartletHTTPCore

/// Watches one name.
///
/// Have it `begin` a round, give it each reply, and it says when the servers are others. What fails leaves what was known. That
/// there is nothing is believed when it has been said several times in a row: resolvers that have just started say so too.
///
/// A name may stand for several, which are asked for one after the other until one of them is there. The one that has had servers
/// is not given up for one behind it sooner than they would be given up altogether.
package struct NameWatch: Sendable {
    /// Targets of services that are looked up.
    static let mostTargets = 256
    /// The longest pause after failures: whoever is down may be up again at any time.
    static let longestPause: UInt64 = 30_000

    /// What the name may stand for, in the order in which it is asked for.
    private var names: [DNSName]
    /// The same from the next round on.
    private var wanted: [DNSName]
    /// The one that is asked for now, and the one that has had the servers.
    private var place = 0
    private var home: DNSName?
    /// Whether it is there.
    private var exists = false
    /// What was wrong with one that was passed over.
    private var skipped: DNSFault?
    private let kind: DiscoveryKind
    private let rules: DiscoveryRules
    /// When it is asked for next.
    package private(set) var due: UInt64 = 0
    /// Whether a round is going on.
    package var isBusy: Bool { !open.isEmpty }
    package private(set) var servers: [DiscoveredServer] = []
    private var open: Set<DNSQuestion> = []
    private var services: [DNSService] = []
    /// The last good answers of this round's questions, and of those before: what fails now has the old one.
    private var known: [DNSQuestion: [IPAddress]] = [:]
    private var fresh: [DNSQuestion: [IPAddress]] = [:]
    private var seconds = UInt32.max
    private var fault: DNSFault?
    /// Which questions about addresses of the current name have failed.
    private var failed: [(question: DNSQuestion, fault: DNSFault)] = []
    private var failures = 0
    private var empties = 0

    /// - Parameter names: what the name may stand for; at least one.
    package init(_ names: [DNSName], _ kind: DiscoveryKind, _ rules: DiscoveryRules) {
        precondition(!names.isEmpty, "there must be a name")
        self.names = names
        wanted = names
        self.kind = kind
        self.rules = rules
    }

    /// For a name that is whole.
    package init(_ name: DNSName, _ kind: DiscoveryKind, _ rules: DiscoveryRules) { self.init([name], kind, rules) }

    /// The name stands for these from the next round on, which begins at once.
    package mutating func look(for names: [DNSName]) {
        precondition(!names.isEmpty, "there must be a name")
        wanted = names
        due = 0
    }

    /// Begins a round: what is to be asked now.
    package mutating func begin() -> [DNSQuestion] {
        (seconds, fault, fresh) = (.max, nil, [:])
        (names, place, skipped) = (wanted, 0, nil)
        return ask()
    }

    private mutating func ask() -> [DNSQuestion] {
        (exists, failed) = (false, [])
        let questions =
            switch kind {
            case .addresses(let v4, let v6, _): Self.questions(names[place], v4: v4, v6: v6)
            case .services: [DNSQuestion(name: names[place], type: .srv)]
            }
        open = Set(questions)
        return questions
    }

    private static func questions(_ name: DNSName, v4: Bool, v6: Bool) -> [DNSQuestion] {
        (v4 ? [DNSQuestion(name: name, type: .a)] : []) + (v6 ? [DNSQuestion(name: name, type: .aaaa)] : [])
    }

    /// A question of this round has this reply. What else is to be asked now, and what has come of the round.
    package mutating func note(
        _ reply: DNSReply, to question: DNSQuestion, now: UInt64
    ) -> (more: [DNSQuestion], outcome: DiscoveryOutcome) {
        guard open.remove(question) != nil else { return ([], .unfinished) }
        var more: [DNSQuestion] = []
        switch reply {
        case .found(.services(let found, let along), let time):
            note(time)
            exists = true
            more = take(found, along)
        case .found(.addresses(let found), let time):
            note(time)
            exists = true
            fresh[question] = found
        case .nothing(_, let time):
            note(time)
            if question.type == .srv { services = [] } else { fresh[question] = [] }
        case .failed(let fault) where question.type == .srv:
            // Without its answer the targets are the old ones, and their addresses too.
            self.fault = fault
            fresh = known
        case .failed(let fault):
            failed.append((question, fault))
            fresh[question] = known[question]
        case .truncated:
            preconditionFailure("a look-up goes on behind a truncated answer")
        }
        open.formUnion(more)
        if !open.isEmpty { return (more, .unfinished) }
        fault = failed.last { isMissed($0.question) }?.fault ?? fault
        if goesOn() { return (ask(), .unfinished) }
        let outcome = finish(now: now)
        // It is to be looked for elsewhere.
        if wanted != names { due = now }
        return (more, outcome)
    }

    /// Whether an answer about addresses is missed: not one of a kind that the name never had while it has the other one. There
    /// are resolvers that know a few IPv4 addresses and refuse to say that there is no IPv6 one.
    private func isMissed(_ question: DNSQuestion) -> Bool {
        let other = DNSQuestion(name: question.name, type: question.type == .a ? .aaaa : .a)
        return !(known[question] ?? []).isEmpty || (fresh[other] ?? []).isEmpty
    }

    /// Whether the next name is to be asked for; it is the current one then.
    private mutating func goesOn() -> Bool {
        if exists || place + 1 == names.count { return false }
        let isHome = names[place] == home
        if let fault {
            // A domain whose own resolver fails is passed over, as the C library does it; but not where the servers have been.
            guard fault == .status(2), !isHome else { return false }
            (skipped, self.fault) = (fault, nil)
        } else if isHome && empties + 1 < rules.confirmations {
            return false
        }
        place += 1
        return true
    }

    private mutating func note(_ time: UInt32) { seconds = min(seconds, time) }

    /// Services, and what is to be asked about their targets.
    private mutating func take(
        _ found: [DNSService], _ along: [DNSQuestion: [IPAddress]]
    ) -> [DNSQuestion] {
        let usable = found.filter { !$0.target.isRoot && $0.target.isWritable && $0.port != 0 }
        services = Array(usable.prefix(Self.mostTargets))
        let wanted = Set(services.map(\.target)).sorted { $0.description < $1.description }
            .flatMap { Self.questions($0, v4: true, v6: true) }
        for question in wanted { fresh[question] = along[question] }
        return wanted.filter { along[$0] == nil }
    }

    private mutating func finish(now: UInt64) -> DiscoveryOutcome {
        let (found, leftOut) = gathered()
        if let fault = fault ?? (exists ? nil : skipped) {
            let pause = min(rules.shortest << UInt64(min(failures, 16)), rules.longest, Self.longestPause)
            failures += 1
            // One kind of address that always fails must not make the other one old.
            due = now + (seconds == .max ? pause : min(pause, lifetime))
            // With an old answer for what has failed, the rest may be news all the same.
            return found.isEmpty || isSame(found) ? .failed(fault) : take(found, leftOut)
        }
        failures = 0
        due = now + lifetime
        empties = found.isEmpty ? empties + 1 : 0
        if found.isEmpty && !servers.isEmpty && empties < rules.confirmations {
            due = now + rules.shortest
            return .doubted
        }
        if !isSame(found) { return take(found, leftOut) }
        known = fresh
        if !found.isEmpty { home = names[place] }
        return .unchanged
    }

    private func isSame(_ found: [DiscoveredServer]) -> Bool { found == servers }

    /// How long this round's answers are used.
    private var lifetime: UInt64 { min(max(UInt64(seconds) * 1_000, rules.shortest), rules.longest) }

    private mutating func take(_ found: [DiscoveredServer], _ leftOut: Int) -> DiscoveryOutcome {
        known = fresh
        servers = found
        home = found.isEmpty ? nil : names[place]
        return .changed(found, leftOut: leftOut)
    }

    /// The servers that the answers of this round, and old ones for what has failed, make together; each once, and in a fixed
    /// order. What is named with several weights has the greatest, and is a backup only if it is nothing else.
    private func gathered() -> (servers: [DiscoveredServer], leftOut: Int) {
        var found: [DiscoveredServer.Place: DiscoveredServer] = [:]
        for server in named where server.address.isOfOneHost {
            if let other = found[server.place], other.rank >= server.rank { continue }
            found[server.place] = server
        }
        let order = found.values.sorted {
            $0.isBackup == $1.isBackup
                ? ($0.address.bits, $0.port) < ($1.address.bits, $1.port) : $1.isBackup
        }
        return (Array(order.prefix(rules.mostServers)), max(0, order.count - rules.mostServers))
    }

    /// All that the answers name.
    private var named: [DiscoveredServer] {
        switch kind {
        case .addresses(_, _, let port):
            return fresh.values.joined().map { DiscoveredServer(address: $0, port: port) }
        case .services:
            let first = services.map(\.priority).min() ?? 0
            return services.flatMap { service in
                Self.questions(service.target, v4: true, v6: true).flatMap { fresh[$0] ?? [] }.map { address in
                    DiscoveredServer(
                        address: address, port: service.port, weight: max(service.weight, 1),
                        isBackup: service.priority != first)
                }
            }
        }
    }
}
