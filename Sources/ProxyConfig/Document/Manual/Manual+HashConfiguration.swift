// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let hashConfiguration: [String: String] = [
        "HashConfiguration": #"""
        How requests find their server with `balance: hash`. Requests with the same key go to the same server; when a
        server leaves or joins, few keys but its own move (Maglev hashing). The short form is the key alone, as in `hash:
        cookie id`.
        """#,
        "HashConfiguration.bound": #"""
        How much of the average load a server takes before its keys spill over to another one: at `125%`, and eight
        requests on average at each server, no more than ten at one. Two at a time are never too many. `off` for no bound,
        so that a popular key can overload its server.
        """#,
        "HashConfiguration.key": #"""
        What the key of a request is: `client-address`, `path` (without the query), `header NAME`, `cookie NAME`, or
        `query NAME` for a parameter of the query. A request that has no such header, cookie or parameter goes by its
        client's address.
        """#,
    ]
}
