// What tests of `martlet top` have in common.
import Foundation
import MartletTestSupport

enum TopStage {
    /// Three routes: one whose server answers, one that has none, and one that Martlet answers itself.
    static func config(_ origin: Origin) -> String {
        """
        workers: 2
        listeners: [{address: '127.0.0.1:0', name: web}]
        admin: {address: 'unix:FOLDER/admin.sock'}
        routes:
          - {path: '/dead/*', name: dead, upstream: dead}
          - {path: '/own', name: own, respond: {status: 200, body: own}}
          - {path: '/*', name: all, upstream: app}
        upstreams:
          app: {servers: ['\(origin.address)']}
          dead: {servers: ['127.0.0.1:1'], queue: {noServerTimeout: 100ms}}
        """
    }

    /// `/missing…` is not found, `/broken…` fails.
    static func origin() throws -> Origin {
        try Origin { request in
            request.target.hasPrefix("/missing")
                ? response(404) : request.target.hasPrefix("/broken") ? response(500) : response(200, "x")
        }
    }

    /// Requests, each on a connection of its own.
    static func ask(_ martlet: RunningMartlet) throws {
        for number in 0..<12 { _ = try martlet.request("GET /shop?item=\(number)") }
        for _ in 0..<3 { _ = try martlet.request("GET /missing") }
        for _ in 0..<2 { _ = try martlet.request("GET /broken") }
        for _ in 0..<4 { _ = try martlet.request("GET /own") }
        _ = try martlet.request("GET /dead/x", ["Host: dead.example"])
    }

    /// Runs a program that looks over an interval, and has something done within it.
    static func over(
        _ martlet: RunningMartlet, _ arguments: [String], _ body: () throws -> Void
    ) throws -> (output: String, errors: String) {
        let before = try asked(martlet)
        let process = try ChildProcess(
            MartletBinary.path, ["top"] + arguments, environment: ["RUNTIME_DIRECTORY": martlet.folder.path])
        // It asks twice at the beginning. What asks here counts as well.
        var own = 0
        try eventually("the first questions") {
            own += 1
            return try asked(martlet) - before >= own + 2
        }
        try body()
        let exit = try process.wait(.seconds(60))
        if exit != .code(0) { throw TestFailure("martlet top ended with \(exit): \(process.errors)") }
        return (process.output, process.errors)
    }

    /// Questions that the admin listener has answered.
    static func asked(_ martlet: RunningMartlet) throws -> Int {
        let listeners = try martlet.ask("GET /v1/stats").object["listeners"] as? [[String: Any]] ?? []
        return listeners.first { $0["name"] as? String == "admin" }?["requests"] as? Int ?? 0
    }
}
