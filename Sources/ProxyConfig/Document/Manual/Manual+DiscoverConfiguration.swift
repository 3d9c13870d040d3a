// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let discoverConfiguration: [String: String] = [
        "DiscoverConfiguration": #"""
        Where the servers of an upstream are found, besides those that are written in `servers`: either by a name in the DNS, or in the
        files of a folder. They come and go while Martlet runs, and nothing else is touched by it.
        """#,
        "DiscoverConfiguration.dns": #"""
        A name of the DNS. Its addresses are the servers, or with `type: srv` its services. It is looked for in the domains of
        `resolvers.search`, or those of the system, unless it ends with a dot.
        """#,
        "DiscoverConfiguration.emptyAnswers": #"""
        How often in a row a name must have no servers until those that are known are given up: resolvers that have just
        started know nothing either. When there is no answer at all, they are never given up.
        """#,
        "DiscoverConfiguration.folder": #"""
        A folder with files that have a server a line, such as `10.0.0.7:8080 weight=2`, with `#` before comments. Names that begin
        with a dot or end with `~` are not looked at. A change is in force at once. A file with a line that is wrong stays as it was
        when it was last right.
        """#,
        "DiscoverConfiguration.maxServers": #"""
        The most servers that are taken. More are left out, and the log says so.
        """#,
        "DiscoverConfiguration.maxTTL": #"""
        A name is asked for again after this time, however long the answer's own time is.
        """#,
        "DiscoverConfiguration.minTTL": #"""
        A name is not asked for again earlier than this, however short the answer's own time is.
        """#,
        "DiscoverConfiguration.port": #"""
        The port of servers that are found by their addresses. Services have their own.
        """#,
        "DiscoverConfiguration.startTimeout": #"""
        How long the start, or a reload that brings a name or a folder, waits for its first answer. Then it goes on without:
        until there are servers, requests are answered with 503.
        """#,
        "DiscoverConfiguration.type": #"""
        What is asked about the name. Without it the addresses of both kinds, `a` (IPv4) and `aaaa` (IPv6). `srv` is for names such as
        `_http._tcp.app.internal`, whose records (RFC 2782) have ports, weights and priorities: servers of the lowest priority serve,
        all others are backups.
        """#,
    ]
}
