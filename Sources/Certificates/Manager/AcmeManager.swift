// Keeps certificates of ACME authorities in force.
import Logging

/// Has certificates issued and renewed, and installs them, until it is stopped.
package actor AcmeManager {
    private struct Kept {
        let request: AcmeRequest
        let keeper: CertificateKeeper
        var task: Task<Void, Never>?
    }

    private let logger: Logger
    private let environment: AcmeEnvironment
    private let gate = OrderGate()
    private var hooks: (any AcmeHooks)?
    private var kept: [AcmeRequest.ID: Kept] = [:]
    /// Whether authorities are left alone for now.
    private var isHeld = false

    package init(logger: Logger, environment: AcmeEnvironment = .system) {
        self.logger = logger
        self.environment = environment
    }

    /// Installs what is stored, or else a self-made certificate, and returns when that is done: it never waits for an
    /// authority. Orders begin at once, in the background.
    package func start(_ requests: [AcmeRequest], hooks: any AcmeHooks) async {
        self.hooks = hooks
        await replace(requests)
    }

    /// Asks no authority from now on until `release`: another process still does. To be called before `start`.
    package func hold() { isHeld = true }

    /// Begins with the orders that have waited.
    package func release() {
        isHeld = false
        for id in kept.keys { run(id) }
    }

    private func run(_ id: AcmeRequest.ID) {
        guard !isHeld, let keeper = kept[id]?.keeper, kept[id]?.task == nil else { return }
        kept[id]?.task = Task { await keeper.run() }
    }

    /// Goes on with `requests`: those that are as before are not disturbed, those that are gone are dropped.
    package func replace(_ requests: [AcmeRequest]) async {
        guard let hooks else { return }
        // Two listeners may ask for the same: it is ordered once.
        let wanted = Dictionary(requests.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        await end(kept.values.filter { wanted[$0.request.id] != $0.request })
        let fresh = wanted.values.filter { kept[$0.id] == nil }
        for request in fresh {
            let keeper = CertificateKeeper(request, hooks: hooks, gate: gate, environment: environment, logger: logger)
            kept[request.id] = Kept(request: request, keeper: keeper, task: nil)
        }
        for request in fresh {
            guard let keeper = kept[request.id]?.keeper else { continue }
            await keeper.prepare()
            // It may have been dropped meanwhile.
            guard kept[request.id]?.keeper === keeper else { continue }
            run(request.id)
        }
    }

    /// Breaks everything off and returns when nothing runs any longer.
    package func stop() async {
        hooks = nil
        await end(Array(kept.values))
    }

    /// What is known of each request.
    package var statuses: [AcmeRequest.ID: AcmeStatus] {
        get async {
            var statuses: [AcmeRequest.ID: AcmeStatus] = [:]
            for (id, kept) in kept { statuses[id] = await kept.keeper.status }
            return statuses
        }
    }

    private func end(_ ending: [Kept]) async {
        for item in ending {
            kept[item.request.id] = nil
            item.task?.cancel()
        }
        for item in ending { await item.task?.value }
    }
}
