// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

/// The texts of the manual: of each section by the name of its type, of each key as `TYPE.KEY`.
enum Manual {
    static let texts: [String: String] = [
        acmeConfiguration,
        accessLogConfiguration,
        accountBindingConfiguration,
        adminConfiguration,
        agentConfiguration,
        breakerConfiguration,
        certificateConfiguration,
        checkConfiguration,
        clientCertificatesConfiguration,
        configuration,
        ejectionConfiguration,
        hstsConfiguration,
        httP2Configuration,
        hashConfiguration,
        hedgeConfiguration,
        limitsConfiguration,
        listenerConfiguration,
        listenerTLSConfiguration,
        logConfiguration,
        poolConfiguration,
        queueConfiguration,
        ratesConfiguration,
        retryConfiguration,
        routeConfiguration,
        serverConfiguration,
        serverNameConfiguration,
        stickyConfiguration,
        ticketsConfiguration,
        timeoutsConfiguration,
        upstreamConfiguration,
        upstreamHTTP2Configuration,
        upstreamTLSConfiguration,
    ].reduce(into: [:]) { all, part in all.merge(part) { one, _ in one } }
}
