// All that a loop knows, and where its events go. What happens then stands in the folders beside this one:
// Downstream (the clients' side), Exchange (between the sides), Upstream (the servers' side), Answers (Martlet's own).
import MartletBalancing
import MartletEventLoop
import MartletHTTP1
import MartletHTTP2
import MartletHTTPCore
import MartletLayer4
import MartletRouting
import MartletTelemetry

/// The proxy on one loop. Everything it touches for a plain request is in here, reached by `inout` and shared with nobody.
package struct ProxyDriver: ~Copyable {
    /// What other threads may tell a proxy's loop.
    package enum Message: Sendable {
        /// Begin to drain: accept no more, let exchanges finish, close connections after them.
        case drain
        /// The same, as another process has copies of all listening sockets: whoever waits in their queues is its client.
        case leave
        /// End now.
        case stop
        /// A server's name has been resolved: where it is now. Never empty.
        case resolved(server: Int, [SocketAddress])
        /// Other servers of an upstream may be chosen, as it is in the model that has this number as its revision.
        case roster(upstream: Int, Roster, revision: Int = 0)
        /// A server is down: what waits for its response goes elsewhere, where that is safe.
        case serverDown(Int)
        /// The time for draining a server is over: exchanges that are still there are cut.
        case cutServer(Int)
        /// There may be a place for an exchange that waits.
        case serveWaiting
        /// What a suspended exchange is to be answered with.
        case answer(Token, LocalAnswer)
        /// Whether a suspended exchange may go on.
        case verdict(Token, AdmissionVerdict)
        /// A file of networks has changed: a place in the model's lists, and what it says now.
        case networks(list: Int, NetworkSet)
        /// Maintenance begins or ends: a place in the model's.
        case maintenance(place: Int, isOn: Bool)
        /// The page of a maintenance has changed.
        case maintenancePage(place: Int, MaintenancePage)
        /// The path of a folder that files are served from leads to another folder: a place in the model's sites.
        case folder(site: Int, FolderHandle)
        /// What a request for a file has found, on another thread.
        case file(Token, FileFinding)
        /// Somebody wants to know of client connections, of so many in detail.
        case connections(limit: Int, @Sendable (ConnectionReports) -> Void)
        /// Somebody wants to know of paths, clients and errors, and will again within so many milliseconds.
        case watch(milliseconds: UInt64, @Sendable (WatchReport?) -> Void)
        /// Another thread has read a file up to a place, so that it can be sent.
        case fileLoaded(Token, upTo: Int64)
        /// Another model takes the place of the one before.
        case model(ModelChange)
        /// Somebody wants to know which of the retired places of the model are referred to.
        case use(@Sendable (SlotUse) -> Void)
        /// Accept clients on these sockets, too.
        case listen([ListeningSocket])
        /// Another process wants copies of the sockets on which the loop listens.
        case shareListeners(@Sendable ([SharedListener]) -> Void)
        /// Somebody wants to know whether the loop gets on: it calls this.
        case ping(@Sendable () -> Void)
    }

    var model: Model
    var settings: ProxySettings
    /// The model's: looked up for every request, so it is held here, where it costs no reference counting.
    var routes: RouteTable
    var targets: [RouteTarget]
    var splits: [SplitState]
    var mirrors: [MirrorModel]
    /// Copies of requests that are to be sent at the end of the turn, and how many there are at all.
    var readyMirrors: [Token] = []
    var mirrorCount = 0
    var routeMemory = RouteMemory()
    /// Of the request in `request`: where in its path the groups are that its route's templates have, and whether the path is
    /// replaced.
    var groups: [ByteRange] = []
    var replacesPath = false
    /// Whether a route or a rule looks at clients' certificates.
    var matchesCertificates: Bool
    var actions: ActionTable
    /// What connections may switch to, and what they have been asked to switch to.
    var upgrades: UpgradeTable
    var origins: [OriginModel]
    /// What stands between routes and servers.
    var gates: [GateModel]
    var access: AccessModel
    var admissions: [AdmissionModel]
    /// Fields that clients must not send, and whether there are any.
    var identityFields: [String]
    var stripsIdentity: Bool
    /// Networks from files, as they are now.
    var networkLists: [NetworkSet]
    /// What clients get while nobody is to be served, as it is now.
    var maintenances: [MaintenanceModel]
    var gatekeeper: (any Gatekeeper)?
    /// What files are served from, and the folders as they are now.
    var sites: [FileSite]
    var folders: [FolderHandle]
    /// Who waits for disks.
    let workers: (any FileWorkers)?
    /// Exchanges whose files have let others go first.
    var pausedFiles = Table<Token>()
    /// Exchanges that wait for somebody else's decision.
    var suspended = 0
    /// Where clients come in, by the places that their connections have; `listenerPlaces` has that of each in the model.
    var listeners: [ListenerModel]
    var listenerPlaces: [Int]
    let challenges: HTTPChallenges
    var clients: Slab<ClientConnection>
    var servers: Slab<ServerConnection>
    var exchanges: Slab<Exchange>
    /// Connections that carry streams, on both sides.
    var multiplexers: Slab<Multiplexer>
    /// Those that have something to send at the end of the turn.
    var flushQueue = Table<Token>()
    /// What changes content of responses on the way, the memory that is counted for it, and those that have something to do at
    /// the end of a turn.
    var coders: Slab<ContentCoder>
    var coderBytes = 0
    var codingQueue = Table<Token>()
    /// Streams of clients that are open, and how many there may be.
    var streamCount = 0
    let streamLimit: Int
    var idle = IdlePool()
    /// Exchanges that wait for a server, by upstream and priority, and which upstreams have any.
    var waiting: WaitingLists
    var waitingUpstreams: [Int] = []
    /// Upstreams whose connections are limited, or those to one of their servers.
    var limitedUpstreams: [Int]
    /// What is to be done for exchanges at a time.
    var deadlines = Deadlines(limit: 65_536)
    var upstreamStates: [UpstreamState]
    var serverStates: [ServerState]
    /// How large what follows is.
    var scratch: ScratchSize
    /// Heads are parsed into and written from these, one at a time: no exchange keeps one.
    var request: RequestHead
    var response: ResponseHead
    var trailers: FieldTable
    var writer: HeadWriter
    /// Trailer sections, which may have to be written while `writer` holds a head.
    var tail: HeadWriter
    /// Fields of HTTP/2 are decoded into and encoded from these.
    var section: FieldSection
    var block: HeadWriter
    var random: RandomBits
    var log: AccessLog
    /// Spans of requests.
    var tracing: SpanBatch
    /// Requests that take long.
    var slow: SlowRequests
    /// What is counted only while somebody looks.
    var watch = Watch()
    /// Whether somebody wants to know the names of routes.
    var namesRoutes: Bool
    var drain = DrainState.serving
    /// The sockets of the loop's listeners, by their places.
    var listening: [(place: Int, token: Token)] = []
    /// Where clients have connected to, as PROXY headers say, by the clients' places.
    var announced: [UInt32: ProxyEndpoint] = [:]
    /// How far ClientHellos have been read that come in pieces, by client: many tiny ones must not cost more than a whole one.
    var hellos: [UInt32: ClientHelloReader] = [:]
    /// When tunnels are looked at next that hold memory and do not move, in milliseconds.
    var nextStallCheck: UInt64 = 0
    /// How long the loop had been busy a turn ago, in nanoseconds.
    var busyBefore: UInt64 = 0
    /// Client connections that came by the admin listener.
    var adminConnections = 0
    let metrics: LoopMetrics
    let shared: SharedLimits
    /// The loop's number.
    let number: Int
    let balance: SharedBalance
    /// The balance's: used for every request.
    let loads: ServerLoads
    let upstreamLoads: UpstreamLoads
    /// Where the other loops are told things, by their numbers.
    let neighbours: [Mailbox<Message>]
    let admin: (any AdminResponder)?
    /// Where answers from outside come in.
    let mailbox: Mailbox<Message>?
    /// A buffer kept for the answer that says that there are no more.
    var reserve: Buffer?

    /// The bit of a socket's tag that tells a connection to a server from one of a client.
    static var serverTag: UInt32 { 0x8000_0000 }
    /// Copies of requests that there is room for at least: mirrors may come later.
    private static var copyReserve: Int { 1_024 }
    /// Connections beyond the limit that are told so at a time; more are closed without a word.
    static var shedReserve: Int { 256 }

    package init(model: Model, environment: LoopEnvironment) {
        self.model = model
        settings = model.settings
        routes = model.routes
        targets = model.targets
        splits = model.splits.map { SplitState($0) }
        mirrors = model.mirrors
        actions = model.actions
        upgrades = model.upgrades
        origins = model.origins
        gates = model.guarding.gates
        access = model.guarding.access
        matchesCertificates = model.matchesCertificates
        admissions = model.guarding.admissions
        identityFields = model.guarding.identityFields
        stripsIdentity = !model.guarding.identityFields.isEmpty
        networkLists = model.guarding.access.lists
        maintenances = model.guarding.maintenances
        gatekeeper = environment.gatekeeper
        sites = model.sites
        folders = model.sites.map(\.folder)
        workers = environment.workers
        listeners = model.listeners
        listenerPlaces = Array(model.listeners.indices)
        challenges = model.challenges
        metrics = environment.metrics
        shared = environment.shared
        number = environment.loop
        let balance = environment.balance ?? SharedBalance(model, loops: environment.loop + 1)
        self.balance = balance
        loads = balance.loads
        upstreamLoads = balance.upstreams
        neighbours = environment.neighbours
        limitedUpstreams = model.upstreams.indices.filter { model.limitsConnections($0) }
        waiting = WaitingLists(lists: model.upstreams.count * Priority.allCases.count)
        admin = environment.admin
        mailbox = environment.mailbox
        log = AccessLog(environment.logLayout, sink: environment.logSink)
        tracing = SpanBatch(environment.tracing.plan, sink: environment.tracing.sink)
        let slowRequests = SlowRequests(environment.slow.plan, sink: environment.slow.sink)
        let tellsSlow = slowRequests.isOn
        slow = slowRequests
        namesRoutes = environment.logLayout.plan.showsRoute || tellsSlow
        random = RandomBits(seed: Host.random(), Host.random())
        let connections = Self.clientLimit(settings)
        streamLimit = settings.connections
        let copies = max(model.mirrors.reduce(0) { $0 + $1.inFlight }, Self.copyReserve)
        clients = Slab(limit: connections + streamLimit + copies)
        servers = Slab(limit: connections * 2)
        exchanges = Slab(limit: connections * 2 + copies)
        multiplexers = Slab(limit: connections * 2)
        coders = Slab(limit: connections * 2)
        let loops = max(environment.neighbours.count, 1)
        upstreamStates = model.upstreams.map { UpstreamState($0, loop: environment.loop, of: loops) }
        serverStates = Self.makeServerStates(model)
        // By a constant: what is read of `self` before all of it is there was freed in optimised builds.
        let room = ScratchSize(model)
        scratch = room
        request = RequestHead(fieldCapacity: model.settings.requestHead.fields)
        response = ResponseHead(fieldCapacity: model.settings.responseHead.fields)
        trailers = FieldTable(capacity: model.settings.responseHead.fields)
        writer = room.writer
        tail = room.tail
        section = room.section
        block = room.writer
    }

    /// Makes the space anew that heads are parsed into and written from: none is in it now.
    mutating func makeScratch() {
        request = RequestHead(fieldCapacity: settings.requestHead.fields)
        response = ResponseHead(fieldCapacity: settings.responseHead.fields)
        trailers = FieldTable(capacity: settings.responseHead.fields)
        writer = scratch.writer
        tail = scratch.tail
        section = scratch.section
        block = scratch.writer
    }

    private static func makeServerStates(_ model: Model) -> [ServerState] {
        var states = model.servers.map { ServerState($0, inFlightLimit: .max) }
        for upstream in model.upstreams {
            let members = Set(RosterBuilder.initial(upstream.health).members.map { Int($0.server) })
            for facts in upstream.health.servers {
                states[facts.server].inFlightLimit = facts.inFlightLimit == .max ? .max : Int(facts.inFlightLimit)
                states[facts.server].speaksHTTP2 = upstream.mayBeSpokenToInHTTP2
                states[facts.server].isMember = members.contains(facts.server)
            }
        }
        return states
    }

    private static func clientLimit(_ settings: ProxySettings) -> Int { settings.connections + shedReserve }

    /// Sockets that a loop may have at a time, its listeners aside.
    package static func socketLimit(_ settings: ProxySettings) -> Int { 5 * clientLimit(settings) }

    /// Opens the loop's listeners on descriptors that are bound already, in the order of the model.
    package mutating func listen(on descriptors: [Int32?], loop: inout EventLoop) throws(SystemError) {
        reserve = loop.pool.takeSmall()
        for (tag, descriptor) in descriptors.enumerated() {
            guard let descriptor else { continue }
            let isShared = listeners[tag].isShared
            listening.append((tag, try loop.listen(on: descriptor, tag: UInt32(tag), isShared: isShared)))
        }
    }
}

/// What a loop is given besides the model.
package struct LoopEnvironment: Sendable {
    /// The loop's number.
    package let loop: Int
    package let metrics: LoopMetrics
    package let shared: SharedLimits
    /// How lines of the access log look, which requests have one, and where they go.
    package let logLayout: AccessLogLayout
    package let logSink: (any AccessLogSink)?
    /// What traces are like, if there are any, and who gets their spans.
    package var tracing: (plan: TracePlan?, sink: (any SpanSink)?) = (nil, nil)
    /// Which requests are slow, and who is told of them.
    package var slow: (plan: SlowPlan, sink: (any SlowRequestSink)?) = (SlowPlan(), nil)
    package let mailbox: Mailbox<ProxyDriver.Message>
    /// What is known of servers by all loops together; without it this loop is the only one.
    package var balance: SharedBalance?
    /// The mailboxes of all loops, by their numbers.
    package var neighbours: [Mailbox<ProxyDriver.Message>] = []
    /// Who answers on the admin listener.
    package var admin: (any AdminResponder)?
    /// Who knows what proves who a client is.
    package var gatekeeper: (any Gatekeeper)?
    /// Who waits for disks, where files are served.
    package var workers: (any FileWorkers)?

    package init(
        loop: Int, metrics: LoopMetrics, shared: SharedLimits,
        log: (layout: AccessLogLayout, sink: (any AccessLogSink)?), mailbox: Mailbox<ProxyDriver.Message>
    ) {
        self.loop = loop
        self.metrics = metrics
        self.shared = shared
        logLayout = log.layout
        logSink = log.sink
        self.mailbox = mailbox
    }
}
