// All operations of the admin API.
import MartletProxyConfig

extension APIOperation {
    /// In the order of the document.
    static let all: [APIOperation] = open + proxy + upgrading + config + servers + older

    private static let open: [APIOperation] = [
        APIOperation(
            id: .health, method: "GET", path: "/healthz", tag: "health",
            summary: "Whether it takes requests: 503 while it drains.",
            answer: (200, .text("text/plain")), problems: [503], opening: .health),
        APIOperation(
            id: .readiness, method: "GET", path: "/readyz", tag: "health",
            summary: "Whether it is to get new requests: 503 until it has started, and before it drains.",
            answer: (200, .text("text/plain")), problems: [503], opening: .health),
        APIOperation(
            id: .metrics, method: "GET", path: "/metrics", tag: "health",
            summary: "All metrics, as Prometheus reads them.", answer: (200, .text("text/plain")), opening: .metrics,
            otherTypes: ["application/openmetrics-text"]),
    ]

    private static let proxy: [APIOperation] = [
        APIOperation(
            id: .document, method: "GET", path: "/v1/openapi.json", tag: "proxy", summary: "This document.",
            answer: (200, .json(.anything)), problems: [304], hasTag: true),
        APIOperation(
            id: .version, method: "GET", path: "/v1/version", tag: "proxy", summary: "Which Martlet this is.",
            answer: (
                200,
                .json(
                    .object([
                        JSONMember("version", .text(), "Martlet's version."),
                        JSONMember("engine", .text(), "What its event loops stand on."),
                    ]))
            ), problems: [304], hasTag: true),
        APIOperation(
            id: .status, method: "GET", path: "/v1/status", tag: "proxy", summary: "How it is, in a few figures.",
            answer: (200, .json(.named(.status)))),
        APIOperation(
            id: .loops, method: "GET", path: "/v1/loops", tag: "proxy", summary: "The event loops.",
            answer: (200, .json(.named(.loops)))),
        APIOperation(
            id: .stats, method: "GET", path: "/v1/stats", tag: "proxy",
            summary: "Counters that only grow, gauges, and distributions, for programs that show them live.",
            answer: (200, .json(.named(.stats)))),
        APIOperation(
            id: .top, method: "GET", path: "/v1/top", tag: "proxy",
            summary: "The paths, clients and errors that there are most of.",
            about: "They are counted only while somebody asks: from the first time on, and until nobody has asked for "
                + "`watchSeconds`.",
            parameters: [
                Parameter(name: "limit", shape: .integer(0...1_000), about: "How many of each; 100 without it."),
                Parameter(
                    name: "watchSeconds", shape: .integer(1...300),
                    about: "For how long it goes on being counted; 15 without it."),
            ], answer: (200, .json(.named(.top))), problems: [503]),
        APIOperation(
            id: .connections, method: "GET", path: "/v1/connections", tag: "proxy",
            summary: "Client connections: how many, and some of them.",
            parameters: [
                Parameter(name: "limit", shape: .integer(0...10_000), about: "How many to list; 100 without it.")
            ], answer: (200, .json(.named(.connections))), problems: [503]),
        APIOperation(
            id: .certificates, method: "GET", path: "/v1/certificates", tag: "proxy",
            summary: "The certificates that are in force.",
            answer: (200, .json(.array(of: .named(.certificate))))),
        APIOperation(
            id: .drain, method: "POST", path: "/v1/drain", tag: "proxy",
            summary: "Finish what is going on, then end, as SIGTERM does.",
            about: "From now on `/readyz` answers 503. Asked again it does nothing more.",
            content: Content(
                types: ["application/json"],
                shape: .object([
                    JSONMember(
                        "delaySeconds", .integer(0...3600),
                        "How long to go on serving first, so that load balancers notice."
                    ).optional
                ]), isRequired: false), answer: (202, .json(.named(.drain))), problems: [503]),
        APIOperation(
            id: .logLevel, method: "GET", path: "/v1/log-level", tag: "proxy", summary: "What is logged.",
            answer: (200, .json(.named(.logLevel))), problems: [304], hasTag: true),
        APIOperation(
            id: .setLogLevel, method: "PUT", path: "/v1/log-level", tag: "proxy",
            summary: "Log more, or less, until the next start or reload.",
            content: Content(types: ["application/json"], shape: .named(.logLevel)),
            answer: (200, .json(.named(.logLevel))), hasTag: true, heedsMatch: true),
    ]

    private static let config: [APIOperation] = [
        APIOperation(
            id: .config, method: "GET", path: "/v1/config", tag: "config",
            summary:
                "The config in force, with what was changed at run time, less what is as by default; secrets are masked.",
            parameters: [Parameter(name: "format", shape: .choice(["json", "yaml"]), about: "json without it.")],
            answer: (200, .json(.anything)), problems: [304], otherTypes: ["application/yaml"], hasTag: true),
        APIOperation(
            id: .reload, method: "POST", path: "/v1/config/reload", tag: "config",
            summary: "Read the config's file anew. If anything is wrong with it, the old one stays in force.",
            content: Content(
                types: ["application/json"],
                shape: .object([
                    JSONMember("reset", .boolean, "Drop what was changed at run time and not saved.").optional
                ]), isRequired: false), answer: (200, .json(.named(.reload))), problems: [409], heedsMatch: true),
        APIOperation(
            id: .check, method: "POST", path: "/v1/config/check", tag: "config",
            summary: "Say what is wrong with a config, without putting it into force.",
            content: Content(types: yaml, shape: .text(1...APIRouter.contentLimit)),
            answer: (200, .json(.named(.check)))),
    ]

    private static let yaml = ["application/yaml", "application/x-yaml", "text/yaml", "text/plain"]

    private static let servers: [APIOperation] = [
        APIOperation(
            id: .upstreams, method: "GET", path: "/v1/upstreams", tag: "servers", summary: "All upstreams.",
            answer: (200, .json(.array(of: .named(.upstream))))),
        APIOperation(
            id: .upstream, method: "GET", path: "/v1/upstreams/{upstream}", tag: "servers", summary: "An upstream.",
            answer: (200, .json(.named(.upstream)))),
        APIOperation(
            id: .servers, method: "GET", path: "/v1/servers", tag: "servers", summary: "All servers.",
            parameters: [
                Parameter(name: "upstream", shape: .text(1...256), about: "Those of this upstream alone.")
            ], answer: (200, .json(.array(of: .named(.server)))), problems: [404]),
        APIOperation(
            id: .addServer, method: "POST", path: "/v1/upstreams/{upstream}/servers", tag: "servers",
            summary: "Add a server.",
            content: Content(types: ["application/json"], shape: .named(.newServer)),
            answer: (201, .json(.named(.server))), problems: [409, 507], hasTag: true),
        APIOperation(
            id: .server, method: "GET", path: serverPath, tag: "servers", summary: "A server.",
            answer: (200, .json(.named(.server))), hasTag: true),
        APIOperation(
            id: .changeServer, method: "PATCH", path: serverPath, tag: "servers",
            summary: "Change a server's weight, its limits, or what is wanted of it.",
            content: Content(
                types: ["application/json", "application/merge-patch+json"], shape: .named(.serverChange)),
            answer: (200, .json(.named(.server))), problems: [409, 507], hasTag: true, heedsMatch: true),
        APIOperation(
            id: .removeServer, method: "DELETE", path: serverPath, tag: "servers",
            summary: "Remove a server: it gets no more requests, and those it has may finish.",
            parameters: [
                Parameter(
                    name: "drainSeconds", shape: .integer(0...86_400),
                    about: "How long they may take, instead of what the upstream says; 0 cuts them at once."),
                Parameter(name: "save", shape: .boolean, about: "Whether it stays away when Martlet is started anew."),
            ], answer: (204, .nothing), problems: [409, 507], heedsMatch: true),
    ]

    private static let serverPath = "/v1/upstreams/{upstream}/servers/{server}"

    private static let older: [APIOperation] = [
        APIOperation(
            id: .serverList, method: "GET", path: "/servers", tag: "older", summary: "All servers.",
            answer: (200, .json(.array(of: .named(.oldServer)))), isDeprecated: true),
        APIOperation(
            id: .setServerState, method: "POST", path: "/servers/{upstream}/{server}/{state}", tag: "older",
            summary: "Set what is wanted of a server: up, drain or maintenance.",
            answer: (200, .json(.array(of: .named(.oldServer)))), isDeprecated: true),
    ]
}
