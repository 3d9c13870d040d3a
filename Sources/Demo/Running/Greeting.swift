// The first lines that the demo shows.
import MartletControl

/// Says what there is to see and what to do.
struct Greeting {
    let stage: Stage
    let plan: TrafficPlan?
    let style: Style

    var lines: [String] {
        let isShort = plan?.isBounded == true
        let name = style.bold("Martlet \(MartletVersion.string)") + (isShort ? " at \(url)" : "")
        return ["\(name) in front of three demo servers", ""] + elsewhere + (isShort ? traffic : invitation) + [""]
    }

    private var url: String { "http://\(stage.address.description)/" }

    private var elsewhere: [String] {
        if !stage.isElsewhere { return [] }
        return ["  Port \(DemoOptions.usualPort) is taken, so the kernel picked another one.", ""]
    }

    private var invitation: [String] {
        [
            "  Open   \(style.bold(url))",
            "  Or     curl \(url)",
            "  Paths  /            whoever is the least busy answers; slow takes 80 ms",
            "         /big         64 KiB",
            "         /status/503  an error of a server",
            "  End    Ctrl-C",
        ]
    }

    private var traffic: [String] {
        guard let plan else { return [] }
        let count = NumberText.grouped(UInt64(plan.requests))
        let connections = plan.connections == 1 ? "one connection" : "\(plan.connections) connections"
        return ["  \(count) request\(plan.requests == 1 ? "" : "s") by \(connections)"]
    }
}
