// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let ticketsConfiguration: [String: String] = [
        "TicketsConfiguration": #"""
        Tickets with which a client comes back without a full handshake (session resumption).
        """#,
        "TicketsConfiguration.keys": #"""
        Files with the keys, so that tickets of one proxy are good at another one; without files Martlet makes keys of its
        own. Each has 48 or 80 random bytes, as for nginx (`openssl rand 80 > FILE`). The first makes tickets, all are taken.
        Change them every day or so: whoever gets such a key can read what was sent in connections that used it.
        """#,
        "TicketsConfiguration.rotate": #"""
        How long a key makes tickets before the next one takes its place. Tickets made with the two keys before it are still
        taken.
        """#,
    ]
}
