// The objects that hold figures, for programs that show them live.

extension APISchema {
    static let loopList = JSONMember(
        "loops",
        .array(
            of: .object([
                JSONMember("loop", .count, "Its number."),
                JSONMember("connectionsActive", .count, "Client connections that are open."),
                JSONMember("exchangesActive", .count, "Requests that are being answered."),
                JSONMember("requests", .count, "Requests since the start."),
                JSONMember("busyNanoseconds", .count, "Time that it did not wait."),
                JSONMember("bufferBytes", .count, "Memory of its buffers in use."),
            ])), "The event loops.")

    private static let histogram = JSONShape.object([
        JSONMember("bounds", .array(of: .count), "The upper bounds of the buckets, in microseconds."),
        JSONMember("counts", .array(of: .count), "How many values fell into each."),
        JSONMember("sum", .count, "All values together, in microseconds."),
    ])

    private static let scopeMembers: [JSONMember] = [
        JSONMember("name", .text(), "Its name; `(other)` for those beyond the limit, `(none)` for no route."),
        JSONMember("requests", .count, "Requests that are over."),
        JSONMember(
            "responses",
            .object(
                [JSONMember("none", .count, "Requests without an answer.")]
                    + ["1xx", "2xx", "3xx", "4xx", "5xx"].map { JSONMember($0, .count, "Responses of this class.") }),
            "How they were answered."),
        JSONMember("failures", .count, "Those that failed, whoever is to blame."),
        JSONMember("microseconds", .count, "How long they took together."),
        JSONMember("buckets", .array(of: .count), "How many fell into each of `bucketBounds`, and one beyond."),
    ]
    private static let listenerKind = JSONMember(
        "kind", .choice(["http", "tcp", "redirect", "admin"]), "What is spoken there.")

    private static let figures: [JSONMember] = [
        JSONMember("milliseconds", .count, "When this was, on a clock that is never set."),
        JSONMember("inFlight", .count, "Requests that are being answered, this one aside."),
        JSONMember("connections", .count, "Client connections that are open, this one aside."),
        JSONMember("counters", .map(of: .number), "All counters and gauges, by their names in the code."),
        JSONMember("responses", classes, "Responses to clients, by class of status."),
        JSONMember("duration", histogram, "From a request's head to its response's end."),
        JSONMember("timeToFirstByte", histogram, "From a request's head to its response's first byte."),
        loopList,
        JSONMember("bucketBounds", .array(of: .count), "The upper bounds of all `buckets`, in microseconds."),
        JSONMember("listeners", .array(of: .object(scopeMembers + [listenerKind])), "By listener."),
        JSONMember("routes", .array(of: .object(scopeMembers)), "By route."),
        JSONMember("upstreams", .array(of: .object(scopeMembers)), "By upstream."),
        JSONMember("servers", .array(of: .named(.server)), "All servers."),
    ]
    static let statsMembers = processMembers + figures

    // MARK: What there is most of

    private static func list(_ members: [JSONMember], _ about: String) -> JSONShape {
        .object([
            JSONMember("total", .count, about), JSONMember("tracked", .count, "How many there are in the tables."),
            JSONMember("replaced", .count, "How often the tables were full, and one of them had to go."),
            JSONMember("entries", .array(of: .object(members)), "Those of which there are most."),
        ])
    }

    private static let counted: [JSONMember] = [
        JSONMember("requests", .count, "Requests that are over, since it is in the tables."),
        JSONMember("clientErrors", .count, "Those that were answered with 4xx."),
        JSONMember("errors", .count, "Those that were answered with 5xx, or not at all."),
        JSONMember("microseconds", .count, "How long they took together."),
    ]

    private static let errorMembers: [JSONMember] = [
        JSONMember("status", .integer(0...999), "What clients were answered; 0 for nothing."),
        JSONMember("reason", .text(), "Why."),
        JSONMember(
            "side", .nullable(.choice(["client", "server", "proxy"])), "Who has caused it, if it is a failure."),
        JSONMember("route", .nullable(.text()), "The route; null if there is none."),
        JSONMember("upstream", .nullable(.text()), "The upstream."),
        JSONMember("server", .nullable(.text()), "The server that was asked last."),
        JSONMember("count", .count, "How often it has come."),
        JSONMember("last", .text(format: "date-time"), "When it has come last."),
        JSONMember("lastMilliseconds", .count, "The same, in milliseconds since 1970."),
        JSONMember("client", .text(), "Whose request that was."),
        JSONMember("host", .nullable(.text()), "The host it was for, if that is known."),
        JSONMember("path", .nullable(.text()), "Its path, if that is known."),
    ]

    static let topMembers: [JSONMember] = [
        JSONMember("milliseconds", .count, "When this was, on a clock that is never set."),
        JSONMember("wallMilliseconds", .count, "The same in milliseconds since 1970."),
        JSONMember("watchedMilliseconds", .count, "For how long this has been counted."),
        JSONMember("watchSeconds", .count, "For how long it goes on being counted."),
        JSONMember(
            "paths",
            list(
                [
                    JSONMember("host", .text(), "The host, at most 64 bytes of it."),
                    JSONMember("path", .text(), "The path without its query, at most 128 bytes of it."),
                ] + counted, "Requests that are over."), "By host and path."),
        JSONMember(
            "clients",
            list(
                [
                    JSONMember(
                        "client", .text(), "Its address; of IPv6 the network of 64 bits; `unix` for a Unix socket.")
                ] + counted, "Requests that are over."), "By client."),
        JSONMember("errors", list(errorMembers, "Errors."), "By kind."),
    ]
}
