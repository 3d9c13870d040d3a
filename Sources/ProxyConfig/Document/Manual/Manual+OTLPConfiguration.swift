// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let otlpConfiguration: [String: String] = [
        "OTLPConfiguration": #"""
        A collector that takes spans by OTLP over HTTP, as Protocol Buffers.
        """#,
        "OTLPConfiguration.endpoint": #"""
        Where it listens, path included: `http://127.0.0.1:4318/v1/traces`.
        """#,
        "OTLPConfiguration.headers": #"""
        Fields that it gets with each request, such as those by which it knows who sends.
        """#,
        "OTLPConfiguration.queue": #"""
        How many bytes of spans may wait to be sent. Spans beyond are dropped and counted.
        """#,
        "OTLPConfiguration.timeout": #"""
        How long a request to it may take.
        """#,
    ]
}
