// Asks resolvers, on a loop of its own: what is asked when. The sockets are in `DNSDriver+Sockets.swift`.
import MartletEventLoop

/// A name to be watched, for somebody who is known by `key`.
package struct WatchedName: Equatable, Sendable {
    package let key: Int
    /// As it is written: whether it ends with a dot says whether it is whole.
    package let name: String
    package let kind: DiscoveryKind
    package let rules: DiscoveryRules

    /// - Parameter name: a name of the DNS.
    package init(key: Int, name: String, kind: DiscoveryKind, rules: DiscoveryRules) {
        self.key = key
        self.name = name
        self.kind = kind
        self.rules = rules
    }
}

/// Who is told what comes of watched names, on the driver's thread.
package protocol DNSAudience: Sendable {
    /// A round is over.
    func watched(_ key: Int, _ outcome: DiscoveryOutcome)
    /// A question has this reply.
    func asked(_ reply: DNSReply)
}

/// Watches names.
package struct DNSDriver: ~Copyable {
    /// What other threads may tell it.
    package enum Message: Sendable {
        /// Watch these and no others. Those that are watched already go on with what is known of them.
        case watch([WatchedName])
        /// Ask these from now on, and like this; never none.
        case resolvers([SocketAddress], DNSSettings)
        /// End now.
        case stop
    }

    /// Questions at a time; others wait.
    package static let questionLimit = 64
    /// Sockets and memory that the loop needs.
    package static let socketLimit = questionLimit
    package static let bufferBytes = 16 << 20

    private struct Watched {
        let wanted: WatchedName
        var watch: NameWatch
        /// Tells its questions from those of one that had its place before.
        let generation: UInt64
    }

    /// A question of a watch.
    struct Item {
        let question: DNSQuestion
        let generation: UInt64
    }

    /// A question that is being put.
    struct Asking: ~Copyable {
        let item: Item
        var lookup: DNSLookup
        var socket = Token.none
        var message: [UInt8] = []
        var stream: DNSMessageStream?
        var deadline: UInt64 = 0

        init(_ item: Item, _ lookup: consuming DNSLookup) {
            self.item = item
            self.lookup = lookup
        }
    }

    private(set) var settings: DNSSettings
    private let audience: any DNSAudience
    private(set) var resolvers: [SocketAddress]
    /// The resolver that has answered last is asked first.
    private var preferred = 0
    private var watched: [Watched] = []
    private var generation: UInt64 = 0
    private var waiting: [Item] = []
    var asking = Slab<Asking>(limit: Self.questionLimit)

    /// - Parameter resolvers: where to ask; at least one.
    package init(_ resolvers: [SocketAddress], _ settings: DNSSettings, audience: any DNSAudience) {
        precondition(!resolvers.isEmpty, "there must be a resolver")
        self.resolvers = resolvers
        self.settings = settings
        self.audience = audience
    }

    package mutating func handle(_ message: Message, on loop: inout EventLoop) {
        switch message {
        case .watch(let names): watch(names)
        case .resolvers(let addresses, let settings):
            if addresses != resolvers { preferred = 0 }
            let isElsewhere = settings.search != self.settings.search
            (resolvers, self.settings) = (addresses, settings)
            if !isElsewhere { return }
            for index in watched.indices {
                watched[index].watch.look(for: settings.search.names(for: watched[index].wanted.name))
            }
        case .stop: loop.stop()
        }
    }

    package mutating func turnEnded(on loop: inout EventLoop) {
        let now = loop.milliseconds
        expire(now: now, on: &loop)
        for index in watched.indices where !watched[index].watch.isBusy && watched[index].watch.due <= now {
            let generation = watched[index].generation
            for question in watched[index].watch.begin() {
                waiting.append(Item(question: question, generation: generation))
            }
        }
        while asking.count < Self.questionLimit, !waiting.isEmpty { ask(waiting.removeFirst(), on: &loop) }
        for entry in watched where !entry.watch.isBusy { loop.wake(at: entry.watch.due) }
        for place in 0..<asking.places {
            if let token = asking.token(at: place) { loop.wake(at: asking[token.index].deadline) }
        }
    }

    private mutating func watch(_ wanted: [WatchedName]) {
        var next: [Watched] = []
        for name in wanted {
            if let old = watched.first(where: { $0.wanted == name }) {
                next.append(old)
                continue
            }
            generation += 1
            let names = settings.search.names(for: name.name)
            next.append(Watched(wanted: name, watch: NameWatch(names, name.kind, name.rules), generation: generation))
        }
        watched = next
        let generations = Set(next.map(\.generation))
        waiting.removeAll { !generations.contains($0.generation) }
    }

    private mutating func ask(_ item: Item, on loop: inout EventLoop) {
        let lookup = DNSLookup(
            item.question.name, item.question.type, resolvers: (resolvers.count, preferred % resolvers.count), settings,
            id: Self.chance())
        let action = lookup.start()
        guard let token = asking.insert(Asking(item, lookup)) else { preconditionFailure("there was room") }
        perform(action, token.index, on: &loop)
    }

    /// A number that nobody can guess.
    static func chance() -> UInt16 { UInt16(truncatingIfNeeded: Host.random()) }

    /// A question is done.
    mutating func finish(_ tag: UInt32, _ reply: DNSReply, on loop: inout EventLoop) {
        hangUp(tag, on: &loop)
        let (item, resolver) = (asking[tag].item, asking[tag].lookup.resolver)
        if let token = asking.token(at: Int(tag)) { asking.remove(token) }
        if case .failed = reply {} else { preferred = resolver }
        audience.asked(reply)
        guard let index = watched.firstIndex(where: { $0.generation == item.generation }) else { return }
        let (more, outcome) = watched[index].watch.note(reply, to: item.question, now: loop.milliseconds)
        for question in more { waiting.append(Item(question: question, generation: item.generation)) }
        if outcome != .unfinished { audience.watched(watched[index].wanted.key, outcome) }
    }
}
