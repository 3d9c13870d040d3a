// The proxy as a whole: how it is, what it logs, and its end.
import Glibc
import MartletEventLoop
import MartletProxy
import MartletProxyConfig
import MartletTLS
import MartletTelemetry

extension AdminAPI {
    var version: JSONText {
        .object([("version", .string(MartletVersion.string)), ("engine", .string("\(scene.engine.name)"))])
    }

    var status: JSONText {
        let view = scene.view()
        let snapshot = scene.snapshot(view)
        let loaded = scene.host.source?.loaded ?? view.configuration
        let changes = scene.host.servers?.summary(loaded) ?? (inForce: 0, dormant: [])
        let place: [(String, JSONText)] = [
            ("config", .string(scene.host.source?.file ?? "")), ("listeners", .array(listeners(view))),
        ]
        let figures: [(String, JSONText)] = [
            ("upstreams", .integer(view.configuration.upstreams.count)),
            ("servers", .integer(view.servers.count)), ("routes", .integer(view.configuration.routes.count)),
            ("connectionsActive", count(snapshot[.connectionsActive])),
            ("exchangesActive", count(snapshot[.exchangesActive])), ("requests", count(snapshot[.requests])),
            ("changes", .integer(changes.inForce)), ("dormant", .array(changes.dormant.map { .string($0) })),
        ]
        return .object(process + place + figures)
    }

    /// Which process it is, and what it is doing.
    var process: [(String, JSONText)] {
        [
            ("state", .string(scene.phase.rawValue)), ("ready", .boolean(scene.phase == .serving)),
            ("version", .string(MartletVersion.string)), ("pid", .integer(Int(getpid()))),
            ("uptimeSeconds", .integer(Int(scene.host.began.duration(to: .now).components.seconds))),
            ("engine", .string("\(scene.engine.name)")), ("workers", .integer(scene.loops.count)),
        ]
    }

    private func listeners(_ view: AdminScene.View) -> [JSONText] {
        zip(view.model.listeners, view.addresses).map { listener, address in
            .object([
                ("name", .string(listener.name)), ("address", .string(address.description)),
                ("tls", .boolean(listener.tls != nil)), ("kind", .string(listener.kind)),
            ])
        }
    }

    /// Gauges are sums of what goes up on one loop and may go down on another.
    func count(_ value: UInt64) -> JSONText { .integer(max(0, Int(Int64(bitPattern: value)))) }

    var loops: JSONText { .object([("engine", .string("\(scene.engine.name)")), ("loops", loopFigures)]) }

    var loopFigures: JSONText {
        .array(
            scene.loops.indices.map { loop in
                let metrics = scene.metrics[loop]
                return .object([
                    ("loop", .integer(loop)), ("connectionsActive", count(metrics.read(.connectionsActive))),
                    ("exchangesActive", count(metrics.read(.exchangesActive))),
                    ("requests", count(metrics.read(.requests))),
                    ("busyNanoseconds", count(metrics.read(.loopBusyNanoseconds))),
                    ("bufferBytes", count(metrics.read(.bufferBytes))),
                ])
            })
    }

    func drain(_ call: APICall) throws(AdminProblem) -> LocalAnswer {
        var delay = 0
        if case .integer(let seconds)? = call.json?["delaySeconds"] { delay = seconds }
        if !scene.host.leave(after: .seconds(delay)) {
            throw AdminProblem(503, "this proxy is run by a program that drains it by itself")
        }
        return json(.object([("state", .string(scene.phase.rawValue)), ("delaySeconds", .integer(delay))]), call)
    }

    var logLevel: JSONText { .object([("level", .string(scene.host.levels.level.rawValue))]) }

    func setLogLevel(_ call: APICall) throws(AdminProblem) -> LocalAnswer {
        try heed(call, tag: ETag.of((logLevel.pretty() + "\n").utf8))
        if case .string(let name)? = call.json?["level"], let level = LogLevel(rawValue: name) {
            scene.host.levels.level = level
        }
        return json(logLevel, call)
    }

    var certificates: JSONText {
        let now = WallClock.seconds
        return .array(
            scene.certificates().map { fact in
                let identity = fact.identity
                return .object([
                    ("owner", .string(fact.owner)), ("names", .array(identity.names.map { .string($0) })),
                    ("keyType", .string(identity.keyType)), ("issuer", .string(identity.issuer)),
                    ("source", .string(fact.source.rawValue)),
                    ("notBefore", .string(TimeText.date(identity.notBefore))),
                    ("notAfter", .string(TimeText.date(identity.notAfter))),
                    ("secondsLeft", .integer(Int(identity.notAfter - now))),
                    ("ocsp", .string(identity.isStapled ? "stapled" : "none")),
                ])
            })
    }
}

extension ListenerModel {
    /// What is spoken there, in a word.
    var kind: String {
        isAdmin ? "admin" : tunnel != nil ? "tcp" : redirectPort != nil ? "redirect" : "http"
    }
}
