// martlet servers, martlet server …
import ArgumentParser
import MartletControl

struct Servers: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say how the servers of the running Martlet are.",
        discussion: """
            Ends with 0, with 1 when there is no such upstream, with 69 when there is no Martlet, and with 77 when it wants a token.
            """)

    @Argument(help: "Those of this upstream alone.")
    var upstream: String?

    @OptionGroup var json: JSONFlag
    @OptionGroup var admin: AdminOptions

    func run() throws {
        try admin.run { command throws(OperatorFailure) in try command.servers(upstream, json: json.json) }
    }
}

struct Server: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Add, remove or change a server of the running Martlet.",
        discussion: """
            martlet server add app 127.0.0.1:9003 --weight 2
            martlet server drain app 127.0.0.1:9001

            What is changed is in force at once, without a reload, and until Martlet is started anew; with --save it is kept.

            Ends with 0, with 1 when the running Martlet refuses, with 69 when there is none, and with 77 when it wants a token.
            """,
        subcommands: [
            AddServer.self, RemoveServer.self, EnableServer.self, DrainServer.self, MaintainServer.self,
            WeighServer.self,
        ])
}

/// Which server.
struct ServerArguments: ParsableArguments {
    @Argument(help: "The upstream.")
    var upstream: String

    @Argument(help: "The server's address, as it is written in a config.")
    var server: String

    @Flag(help: "Keep it when Martlet is started anew.")
    var save = false
}

struct AddServer: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Add a server to an upstream.")

    @OptionGroup var server: ServerArguments

    @Option(help: "Its share of the requests, 1 to 1000.")
    var weight: Int?

    @Flag(help: "It is kept for when the others are down.")
    var backup = false

    @OptionGroup var admin: AdminOptions

    func run() throws {
        try admin.run { command throws(OperatorFailure) in
            try command.add(server.server, to: server.upstream, weight: weight, backup: backup, save: server.save)
        }
    }
}

struct RemoveServer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a server: it gets no more requests, and those it has may finish.")

    @OptionGroup var server: ServerArguments

    @Option(help: "How many seconds they may take, where the upstream's drainTimeout is longer.")
    var drainTime: Int?

    @Flag(help: "They are cut at once.")
    var now = false

    @OptionGroup var admin: AdminOptions

    func validate() throws {
        if now, drainTime != nil { throw ValidationError("--now and --drain-time exclude each other") }
        if let drainTime, !(0...86_400).contains(drainTime) {
            throw ValidationError("--drain-time is \(drainTime); expected 0 to 86400 seconds")
        }
    }

    func run() throws {
        try admin.run { command throws(OperatorFailure) in
            try command.remove(
                server.server, from: server.upstream, drainSeconds: now ? 0 : drainTime, save: server.save)
        }
    }
}

struct EnableServer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let a server serve when it is well, after drain or maintenance.")

    @OptionGroup var server: ServerArguments
    @OptionGroup var admin: AdminOptions

    func run() throws { try admin.set("up", server) }
}

struct DrainServer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain", abstract: "Give a server no more requests; those it has may finish.")

    @OptionGroup var server: ServerArguments
    @OptionGroup var admin: AdminOptions

    func run() throws { try admin.set("draining", server) }
}

struct MaintainServer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maintenance", abstract: "The same, and do not check it either: it is being worked on.")

    @OptionGroup var server: ServerArguments
    @OptionGroup var admin: AdminOptions

    func run() throws { try admin.set("maintenance", server) }
}

struct WeighServer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weight", abstract: "Set a server's share of the requests.")

    @Argument(help: "The upstream.")
    var upstream: String

    @Argument(help: "The server's address, as it is written in a config.")
    var server: String

    @Argument(help: "Its share of the requests, 1 to 1000.")
    var weight: Int

    @Flag(help: "Keep it when Martlet is started anew.")
    var save = false

    @OptionGroup var admin: AdminOptions

    func run() throws {
        try admin.run { command throws(OperatorFailure) in
            try command.setWeight(weight, of: server, in: upstream, save: save)
        }
    }
}

extension AdminOptions {
    /// Sets what is wanted of a server.
    fileprivate func set(_ state: String, _ server: ServerArguments) throws {
        try run { command throws(OperatorFailure) in
            try command.setState(state, of: server.server, in: server.upstream, save: server.save)
        }
    }
}
