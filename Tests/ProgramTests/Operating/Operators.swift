// What tests of the admin API and of the commands for operators have in common.
import Foundation
import MartletTestSupport

extension RunningMartlet {
    /// Where its Unix socket for operators is.
    var socketPath: String { folder.path("admin.sock") }

    /// Asks through the Unix socket, on a connection of its own.
    func ask(_ line: String, _ fields: [String] = [], content: String = "") throws -> HTTPResponse {
        let socket = try TestSocket(path: socketPath)
        defer { socket.close() }
        return try socket.exchange(line, ["Host: localhost"] + fields, content: content)
    }

    /// The same with content in JSON.
    func ask(_ line: String, json: String, _ fields: [String] = []) throws -> HTTPResponse {
        try ask(line, ["Content-Type: application/json"] + fields, content: json)
    }

    /// A command for operators, which finds the socket by itself.
    func command(_ arguments: String...) throws -> Ended {
        let (exit, output, errors) = try ChildProcess.run(
            MartletBinary.path, arguments, environment: ["RUNTIME_DIRECTORY": folder.path])
        return Ended(exit: exit, output: output, errors: errors)
    }
}

extension HTTPResponse {
    /// The content as an object.
    var object: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(content))) as? [String: Any] ?? [:]
    }
    /// The content as objects.
    var objects: [[String: Any]] {
        (try? JSONSerialization.jsonObject(with: Data(content))) as? [[String: Any]] ?? []
    }
    /// A member that is a text.
    func words(_ name: String) -> String { object[name] as? String ?? "" }
    func number(_ name: String) -> Int { (object[name] as? NSNumber)?.intValue ?? -1 }
}

extension Configs {
    /// A proxy whose admin listener is where it is by itself.
    static func operated(_ servers: [String], _ more: String = "") -> String {
        """
        workers: 2
        listeners: [{address: '127.0.0.1:0', name: web}]
        routes: [{upstream: app}]
        upstreams: {app: {servers: [\(servers.map { "'\($0)'" }.joined(separator: ", "))]}}
        \(more)
        """
    }
}
