// Traces: what is recorded of requests for those who put it together with what others have recorded.

/// Traces in the form of W3C Trace Context: servers are told in `traceparent` which trace a request belongs to, and spans of
/// requests are exported by OTLP. [observability.md](observability.md#traces) has what they say.
package struct TracingConfiguration: Sendable, Equatable {
    /// The share of new traces that are recorded, from 0 to 1. Of a trace that a client has begun it is the client who says.
    package var sample: Double = 1

    /// Whose traces are gone on with: `trusted` those of clients in `trustedProxies`, `all` everybody's, and everybody can make
    /// them be recorded then. From others a request begins a new one. `none` takes nobody's, and servers are told nothing.
    package var propagate: TracingPropagation = .trusted

    /// What the proxy is called in traces, `service.name`.
    package var service = "martlet"

    /// Where spans go. Without it servers and the access log are told of traces, and nothing is exported.
    package var otlp: OTLPConfiguration?

    /// The defaults.
    package init() {}
}

/// Whose traces are gone on with.
package enum TracingPropagation: String, Sendable, CaseIterable {
    /// Everybody's.
    case all
    /// Those of trusted clients.
    case trusted
    /// Nobody's, and servers are told nothing.
    case none
}

extension TracingConfiguration: Section {
    static let noun = "tracing"
    static var blank: TracingConfiguration { TracingConfiguration() }

    static var keys: [Key<TracingConfiguration>] {
        [
            Key("sample", \.sample, .decimal(0...1)),
            Key("propagate", \.propagate, .choice()),
            Key("service", \.service, .name),
            Key("otlp", \.otlp, .optional(.shorthand(\.endpoint, .serviceURL))),
        ]
    }
}

/// A collector that takes spans by OTLP over HTTP, as Protocol Buffers.
package struct OTLPConfiguration: Sendable, Equatable {
    /// Where it listens, path included: `http://127.0.0.1:4318/v1/traces`.
    package var endpoint = ""

    /// Fields that it gets with each request, such as those by which it knows who sends.
    package var headers: [CheckField] = []

    /// How long a request to it may take.
    package var timeout = Duration.seconds(10)

    /// How many bytes of spans may wait to be sent. Spans beyond are dropped and counted.
    package var queue = 4 << 20

    /// The defaults.
    package init() {}
}

extension OTLPConfiguration: Section {
    static let noun = "otlp"
    static var blank: OTLPConfiguration { OTLPConfiguration() }

    static var keys: [Key<OTLPConfiguration>] {
        [
            Key("endpoint", \.endpoint, .serviceURL, required: true),
            Key("headers", \.headers, .fields),
            Key("timeout", \.timeout, .duration(.milliseconds(100) ... .seconds(300))),
            Key("queue", \.queue, .size(64 << 10...1 << 30)),
        ]
    }
}

/// What traces of a route are like, in place of what `tracing` at the top says.
package struct RouteTracingConfiguration: Sendable, Equatable {
    /// The share of new traces that are recorded, from 0 to 1.
    package var sample: Double = 1

    /// The defaults.
    package init() {}
}

extension RouteTracingConfiguration: Section {
    static let noun = "tracing"
    static var blank: RouteTracingConfiguration { RouteTracingConfiguration() }

    static var keys: [Key<RouteTracingConfiguration>] {
        [
            Key("sample", \.sample, .decimal(0...1), required: true)
        ]
    }
}
