// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let maintenanceExceptConfiguration: [String: String] = [
        "MaintenanceExceptConfiguration": #"""
        Who is served during maintenance.
        """#,
        "MaintenanceExceptConfiguration.clients": #"""
        The networks whose clients are, one or a list.
        """#,
    ]
}
