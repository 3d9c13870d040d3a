// Runs a proxy as a program: signals in, an exit code out.
import Glibc
import Logging
import MartletEventLoop
import MartletProxy
import MartletProxyConfig
import MartletTelemetry
import UnixSignals

/// Watches over a running proxy until it has ended.
package struct Supervisor: Sendable {
    private let server: ProxyServer
    private let reloading: ReloadControl?
    private let watcher: ConfigurationWatcher?
    private let life: ProcessLife
    private let log: Logger

    /// - Parameters:
    ///   - life: of the process.
    ///   - reloading: who reads the config again, and who has that done when a file is saved; `nil` for one without a file.
    package init(
        _ server: ProxyServer, life: ProcessLife,
        reloading: (control: ReloadControl?, watcher: ConfigurationWatcher?) = (nil, nil), log: Logger
    ) {
        watcher = reloading.watcher
        self.server = server
        self.reloading = reloading.control
        self.life = life
        self.log = log
    }

    /// Starts the proxy and runs it until SIGTERM, SIGINT or a failure has ended it.
    /// - Returns: the program's exit code.
    package func run() async throws(StartError) -> Int32 {
        // A pipe that nobody reads is an error of the write, not the end of the program.
        signal(SIGPIPE, SIG_IGN)
        let (events, continuation) = AsyncStream<SupervisorEvent>.makeStream()
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup, .sigusr1, .sigusr2)
        // The first timer opens a descriptor, and when it is needed clients may have taken all that there are.
        try? await Task.sleep(for: .milliseconds(1))
        await life.prepare()
        await server.prepare()
        try server.start()
        server.host.onDrain { continuation.yield(.drainOrder) }
        server.host.onUpgrade(desk(continuation))
        try await life.begin()
        server.host.started()
        sayWhereItListens()
        startToWatch()
        let sources = [
            Task { for await signal in signals { continuation.yield(SupervisorEvent(signal)) } },
            Task {
                for await end in server.ends { continuation.yield(.loopEnded(end)) }
                continuation.yield(.allEnded)
            },
        ]
        defer {
            watcher?.stop()
            for source in sources { source.cancel() }
        }
        var machine = SupervisorStateMachine()
        for await event in events {
            let action = machine.handle(event)
            if case .exit(let code) = action {
                await life.conclude()
                await server.conclude()
                server.finish()
                life.end()
                log.notice("stopped")
                return code
            }
            perform(action, continuation)
        }
        return ExitStatus.systemError
    }

    /// The same as a value.
    package func result() async -> Result<Int32, StartError> {
        do throws(StartError) {
            return .success(try await run())
        } catch {
            return .failure(error)
        }
    }

    private func sayWhereItListens() {
        for (listener, address) in zip(server.model.listeners, server.addresses) {
            log.notice("listening", metadata: ["address": "\(address.description)", "listener": "\(listener.name)"])
        }
        log.notice(
            "started", metadata: ["version": "\(MartletVersion.string)", "workers": "\(server.loops)"])
    }

    private func startToWatch() {
        do throws(SystemError) {
            try watcher?.start()
        } catch {
            log.error("the config is not watched: there is no thread for it", metadata: ["error": "\(error)"])
        }
    }

    private func perform(
        _ action: SupervisorStateMachine.Action, _ events: AsyncStream<SupervisorEvent>.Continuation
    ) {
        switch action {
        case .none, .exit:
            return
        case .drain:
            life.drain()
            server.drain()
            limitDrain(events)
            log.notice("draining: no new connections; a second signal ends at once")
        case .leave:
            server.leave()
            limitDrain(events)
            log.notice("draining: another process serves; a signal ends this one at once")
        case .upgrade:
            Task { [desk] in _ = await desk(events).upgrade() }
        case .stop(let reason):
            log.warning("\(reason.text)", metadata: ["exchanges": "\(server.activeExchanges)"])
            server.stop()
        case .reopenLogs:
            log.info("opening the access log anew")
            server.reopenAccessLog()
        case .reload:
            guard let reloading else {
                return log.warning("SIGHUP: there is no config file that could be read again")
            }
            Task { [life] in await life.reload { await reloading.reload(.signal) } }
        case .refuseReload:
            log.warning("SIGHUP: the proxy is ending, so the config stays as it is")
        }
    }
}

extension Supervisor {
    /// What the admin API asks.
    private func desk(_ events: AsyncStream<SupervisorEvent>.Continuation) -> UpgradeDesk {
        UpgradeDesk(progress: { [life] in life.progress }) { [life, server] in
            do throws(UpgradeFailure) {
                let process = try await life.upgrade()
                events.yield(.handedOver)
                // Who is told that it is done shall meet the new process.
                await server.waitUntilLeft()
                return .success(process)
            } catch {
                return .failure(error)
            }
        }
    }

    private func limitDrain(_ events: AsyncStream<SupervisorEvent>.Continuation) {
        // Of the config that is in force when it is time.
        let drainTime = server.configuration.timeouts.drain
        Task {
            try? await Task.sleep(for: drainTime)
            events.yield(.drainTimedOut)
        }
    }
}

extension SupervisorEvent {
    init(_ signal: UnixSignal) {
        switch signal {
        case .sighup: self = .reloadSignal
        case .sigusr1: self = .reopenSignal
        case .sigusr2: self = .upgradeSignal
        case .sigint: self = .endSignal(SIGINT)
        default: self = .endSignal(SIGTERM)
        }
    }
}

extension SupervisorStateMachine.StopReason {
    fileprivate var text: String {
        switch self {
        case .secondSignal: "second signal: exchanges are cut"
        case .drainTime: "the time for draining is over: exchanges are cut"
        case .loopFailed(let loop, let error): "event loop \(loop) failed: \(error)"
        }
    }
}

extension ProxyServer {
    /// Exchanges that are going on now.
    var activeExchanges: Int { Int(Int64(bitPattern: snapshot[.exchangesActive])) }
}
