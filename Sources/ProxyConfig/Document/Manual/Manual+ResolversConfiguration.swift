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
        A file as resolv.conf(5) has it, whose first three `nameserver` lines count, its `search` or `domain`, and `ndots` of its
        `options`. It is read again when it has changed.
        """#,
        "ResolversConfiguration.ndots": #"""
        Names with so many dots, or more, are looked for as they are before they are looked for in `search`; others afterwards. Without
        it as `file` has it, or else 1.
        """#,
        "ResolversConfiguration.search": #"""
        The domains in which names of `discover` are looked for, one after the other until there is something; at most six, and 256
        characters. Without them those of `file`, if it is that whose resolvers are asked, and else none; `[]` is for none as well. A
        name that ends with a dot is whole, whatever they are.
        """#,
        "ResolversConfiguration.timeout": #"""
        How long a resolver may take before the next one is asked.
        """#,
        "ResolversConfiguration.tries": #"""
        How often all of them are asked until there is no answer.
        """#,
    ]
}
