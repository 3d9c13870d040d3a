// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let resolversConfiguration: [String: String] = [
        "ResolversConfiguration": #"""
        The resolvers that are asked where `discover` names a name. The names of servers that are written in `servers` are the system's
        matter, which has more than the DNS for them.
        """#,
        "ResolversConfiguration.addresses": #"""
        Their addresses, with a port if it is not 53. They are tried in turn, from the one on that has answered last. Without any,
        those of `file`.
        """#,
        "ResolversConfiguration.file": #"""
        A file as resolv.conf(5) has it, whose first three `nameserver` lines count. It is read again when it has changed.
        """#,
        "ResolversConfiguration.timeout": #"""
        How long a resolver may take before the next one is asked.
        """#,
        "ResolversConfiguration.tries": #"""
        How often all of them are asked until there is no answer.
        """#,
    ]
}
