// The command line. What the commands do stands in Control and Demo.
import ArgumentParser
import MartletControl

@main
struct Martlet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "A reverse proxy and load balancer that leaves no request unanswered.",
        discussion: """
            Try it:           martlet demo
            Without a file:   martlet proxy --listen :8080 --to 127.0.0.1:9001,127.0.0.1:9002
            With a file:      martlet check martlet.yaml && martlet run martlet.yaml

            Signals to a running proxy:
              SIGTERM, SIGINT   finish what is going on, then end; a second one ends at once
              SIGUSR1           open the access log's file anew (log rotation)
              SIGUSR2           start the program anew and hand over to it (see martlet upgrade)
              SIGHUP            read the config again

            Exit codes:
              0    all is well
              1    a running Martlet refuses what it is asked
              64   the command line is wrong
              69   an address, a file or a server cannot be had
              71   the system failed while the proxy was running
              77   a running Martlet wants a token or a certificate
              78   the config is wrong
              130  ended at once by a second SIGINT; 143 by a second SIGTERM

            Completion for your shell:
              martlet --generate-completion-script bash > /etc/bash_completion.d/martlet
              (or zsh, or fish)
            """,
        version: "martlet \(MartletVersion.string)",
        subcommands: [Run.self, Check.self, Explain.self, Proxy.self, Pin.self, Demo.self, Version.self],
        groupedSubcommands: [
            CommandGroup(
                name: "Of a running Martlet",
                subcommands: [
                    Status.self, Top.self, Servers.self, Server.self, Reload.self, Upgrade.self, Config.self,
                    Certificates.self, LogLevelCommand.self, Drain.self,
                ])
        ])
}

struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Say which version this is.")

    func run() { print("martlet \(MartletVersion.string)") }
}
