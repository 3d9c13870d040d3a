// The state file: what is to be kept of changes at run time when Martlet is started anew. Pure.
import MartletHTTPCore
import MartletProxyConfig

/// Why a state file cannot be used.
struct StateFault: Error, Equatable, Sendable {
    let message: String
}

/// Reads and writes what is in a state file: versioned JSON.
enum StateText {
    /// The version that is written, the only one that is read.
    static let version = 1
    /// The largest file that is read.
    static let limit = 8 << 20

    static func write(_ overlay: ServerOverlay) -> String {
        let entries = overlay.entries.map { entry in
            JSONText.object([
                ("upstream", .string(entry.key.upstream)), ("server", .string(entry.key.server.description)),
                ("wanted", entry.wanted.map { object($0) } ?? .null),
                ("basis", entry.basis.map { object($0) } ?? .null),
            ])
        }
        let lines = entries.map { "  " + $0.compact }
        let list = lines.isEmpty ? "[]" : "[\n" + lines.joined(separator: ",\n") + "\n]"
        return "{\"version\": \(version), \"servers\": \(list)}\n"
    }

    private static func object(_ attributes: ServerOverlay.Attributes) -> JSONText {
        .object([
            ("weight", .integer(attributes.weight)), ("backup", .boolean(attributes.backup)),
            ("state", .string(attributes.state.rawValue)),
            ("maxInFlight", attributes.maxInFlight.map { .integer($0) } ?? .null),
            ("maxConnections", attributes.maxConnections.map { .integer($0) } ?? .null),
        ])
    }

    private static let attributes = JSONShape.object([
        JSONMember("weight", .integer(1...1000), ""), JSONMember("backup", .boolean, ""),
        JSONMember("state", .choice(ServerState.allCases.map(\.rawValue)), ""),
        JSONMember("maxInFlight", .nullable(.integer(1...1_000_000)), ""),
        JSONMember("maxConnections", .nullable(.integer(1...1_000_000)), ""),
    ])

    private static let shape = JSONShape.object([
        JSONMember("version", .integer(version...version), ""),
        JSONMember(
            "servers",
            .array(
                of: .object([
                    JSONMember("upstream", .text(1...256), ""), JSONMember("server", .text(1...512), ""),
                    JSONMember("wanted", .nullable(attributes), ""), JSONMember("basis", .nullable(attributes), ""),
                ])), ""),
    ])

    static func read(_ bytes: [UInt8]) throws(StateFault) -> ServerOverlay {
        let json: JSONText
        do throws(JSONFault) {
            json = try JSONText(reading: bytes)
        } catch {
            throw StateFault(message: "it is no JSON: \(error.message), at byte \(error.offset)")
        }
        if let misfit = shape.misfits(json).first {
            throw StateFault(message: "\(misfit.pointer.isEmpty ? "it" : misfit.pointer): \(misfit.message)")
        }
        guard case .array(let entries)? = json["servers"] else { throw StateFault(message: "it has no servers") }
        if entries.count > ServerOverlay.limit { throw StateFault(message: "it has too many servers") }
        var overlay = ServerOverlay()
        for entry in entries {
            let entry = try self.entry(entry)
            if overlay[entry.key] != nil { throw StateFault(message: "it has \(entry.text) twice") }
            overlay.append(entry)
        }
        return overlay
    }

    private static func entry(_ json: JSONText) throws(StateFault) -> ServerOverlay.Entry {
        guard case .string(let upstream)? = json["upstream"], case .string(let server)? = json["server"] else {
            throw StateFault(message: "an entry names no server")
        }
        guard let address = try? ServerAddress(parsing: server) else {
            throw StateFault(message: "'\(server)' is not the address of a server")
        }
        return ServerOverlay.Entry(
            key: ServerOverlay.Key(upstream: upstream, server: address), wanted: attributes(json["wanted"]),
            basis: attributes(json["basis"]))
    }

    private static func attributes(_ json: JSONText?) -> ServerOverlay.Attributes? {
        guard let json, case .object = json else { return nil }
        var attributes = ServerOverlay.Attributes()
        attributes.update(json)
        return attributes
    }
}

extension ServerOverlay.Attributes {
    /// Takes over the members that there are.
    mutating func update(_ json: JSONText) {
        if case .integer(let value)? = json["weight"] { weight = value }
        if case .boolean(let value)? = json["backup"] { backup = value }
        if case .string(let value)? = json["state"] { state = ServerState(rawValue: value) ?? state }
        Self.update(&maxInFlight, json["maxInFlight"])
        Self.update(&maxConnections, json["maxConnections"])
    }

    private static func update(_ limit: inout Int?, _ json: JSONText?) {
        switch json {
        case .integer(let value)?: limit = value
        case .null?: limit = nil
        default: break
        }
    }
}
