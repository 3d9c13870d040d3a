// What tells operators of requests: the access log, slow requests, traces. Another config may change any of it.
import Logging
import MartletEventLoop
import MartletProxy
import MartletProxyConfig
import MartletRouting

/// Where it goes.
struct Telling: Sendable {
    private(set) var accessLog: AccessLogWriter?
    private(set) var slowLog: SlowRequestLog?
    private(set) var exporter: TraceExporter?

    /// Opens the files. Nothing runs yet.
    init(_ configuration: Configuration, log: Logger) throws(StartError) {
        accessLog = try Self.accessLog(configuration.accessLog, log)
        slowLog = configuration.slowRequests.map { _ in SlowRequestLog(log: log) }
        exporter = Self.exporter(configuration.tracing, log)
    }

    /// The same for another config: what serves both is kept.
    init(
        _ new: Configuration, after before: Telling, of old: Configuration, log: Logger
    ) throws(StartError) {
        self = before
        if old.accessLog?.file != new.accessLog?.file || old.accessLog?.queue != new.accessLog?.queue {
            accessLog = try Self.accessLog(new.accessLog, log)
        }
        if (old.slowRequests == nil) != (new.slowRequests == nil) {
            slowLog = new.slowRequests.map { _ in SlowRequestLog(log: log) }
        }
        if old.tracing?.otlp != new.tracing?.otlp || old.tracing?.service != new.tracing?.service {
            exporter = Self.exporter(new.tracing, log)
        }
    }

    private static func accessLog(
        _ configuration: AccessLogConfiguration?, _ log: Logger
    ) throws(StartError) -> AccessLogWriter? {
        guard let configuration else { return nil }
        do throws(SystemError) {
            return try AccessLogWriter(to: configuration.file, queue: configuration.queue, log: log)
        } catch {
            guard case .path(let path) = configuration.file else { throw StartError.system(error) }
            throw StartError.accessLog(path: path, error)
        }
    }

    private static func exporter(_ tracing: TracingConfiguration?, _ log: Logger) -> TraceExporter? {
        tracing.flatMap { tracing in tracing.otlp.map { TraceExporter($0, service: tracing.service, log: log) } }
    }

    /// Starts what another one has not started.
    func start(after before: Telling? = nil) throws(SystemError) {
        if slowLog !== before?.slowLog { try slowLog?.start() }
        if exporter !== before?.exporter { exporter?.start() }
    }

    /// Ends what another one does not go on with. What is left to be written takes as long as it does.
    func end(before next: Telling, _ totals: TellingTotals) throws(SystemError) {
        if slowLog !== next.slowLog { slowLog?.stop() }
        if let exporter, exporter !== next.exporter {
            Task {
                await exporter.conclude()
                totals.ended(exporter)
            }
        }
        if let accessLog, accessLog !== next.accessLog {
            try BackgroundThread.start {
                accessLog.close()
                totals.ended(accessLog)
            }
        }
    }
}

extension AccessLogLayout {
    /// - Throws: when a pattern is none. The loader has refused such a config already; one made in code may have them.
    init(_ configuration: AccessLogConfiguration?) throws(StartError) {
        do throws(PatternError) {
            self.init(
                configuration?.format == .combined ? .combined : .json, try AccessLogPlan(configuration),
                isOn: configuration != nil)
        } catch {
            throw StartError.pattern(error.message)
        }
    }
}

extension TellingChange {
    /// What loops are told of another config.
    init(from old: Configuration, to new: Configuration, _ telling: Telling) throws(StartError) {
        self.init()
        if old.accessLog != new.accessLog {
            let looksSame = old.accessLog.map { $0.looksSame(as: new.accessLog) } ?? false
            log = AccessLogChange(
                sink: telling.accessLog, layout: looksSame ? nil : try AccessLogLayout(new.accessLog))
        }
        if old.slowRequests != new.slowRequests { slow = (SlowPlan(new.slowRequests), telling.slowLog) }
        if old.tracing != new.tracing { tracing = (new.tracing.map { TracePlan($0) }, telling.exporter) }
    }
}

extension AccessLogConfiguration {
    /// Whether another log has the same lines, wherever they go.
    fileprivate func looksSame(as other: AccessLogConfiguration?) -> Bool {
        guard var other else { return false }
        (other.file, other.queue) = (file, queue)
        return self == other
    }
}
