// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let tracingConfiguration: [String: String] = [
        "TracingConfiguration": #"""
        Traces in the form of W3C Trace Context: servers are told in `traceparent` which trace a request belongs to, and spans of
        requests are exported by OTLP. [observability.md](observability.md#traces) has what they say.
        """#,
        "TracingConfiguration.otlp": #"""
        Where spans go. Without it servers and the access log are told of traces, and nothing is exported.
        """#,
        "TracingConfiguration.propagate": #"""
        Whose traces are gone on with: `trusted` those of clients in `trustedProxies`, `all` everybody's, and everybody can make
        them be recorded then. From others a request begins a new one. `none` takes nobody's, and servers are told nothing.
        """#,
        "TracingConfiguration.sample": #"""
        The share of new traces that are recorded, from 0 to 1. Of a trace that a client has begun it is the client who says.
        """#,
        "TracingConfiguration.service": #"""
        What the proxy is called in traces, `service.name`.
        """#,
    ]
}
