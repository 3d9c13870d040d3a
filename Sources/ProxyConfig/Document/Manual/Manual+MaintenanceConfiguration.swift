// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let maintenanceConfiguration: [String: String] = [
        "MaintenanceConfiguration": #"""
        A time in which requests are answered with a page instead of being served. Servers are watched as usual meanwhile.
        """#,
        "MaintenanceConfiguration.except": #"""
        Who is served all the same.
        """#,
        "MaintenanceConfiguration.file": #"""
        The page, whose type is told by the ending of its name. It is read again within a second or two when it changes. Without
        it, clients get Martlet's own. At most 1 MiB.
        """#,
        "MaintenanceConfiguration.retryAfter": #"""
        When clients may come again (`Retry-After`). `off` does not say.
        """#,
        "MaintenanceConfiguration.status": #"""
        The status.
        """#,
        "MaintenanceConfiguration.whenFile": #"""
        The file whose presence turns it on, and whose absence turns it off, within a second or two. Without it, it is on.
        """#,
    ]
}
