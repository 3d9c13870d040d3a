// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let grpcConfiguration: [String: String] = [
        "GRPCConfiguration": #"""
        What holds for calls of gRPC besides what holds for all requests. Calls are recognised by their content type.
        """#,
        "GRPCConfiguration.maxTimeout": #"""
        The longest time that a call may take, from its first byte to its last. A call that asks for less (`grpc-timeout`) has what
        it asks for; one that asks for more, or for no time in particular, has this, and the server is told so. Beyond it the client
        gets DEADLINE_EXCEEDED, and the server is told that the call is called off. `off` for whatever time is asked for.
        """#,
    ]
}
