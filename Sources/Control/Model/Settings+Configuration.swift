// Limits and times: from the config's units to the loops'.
import MartletHTTPCore
import MartletProxy
import MartletProxyConfig

extension ProxySettings {
    /// The smallest share of the buffer memory that a loop can work with.
    private static var leastBufferBytes: Int { 1 << 20 }

    /// The settings of one of `loops` loops.
    init(_ configuration: Configuration, loops: Int) {
        self.init()
        let limits = configuration.limits
        requestHead = HeadLimits(
            headBytes: limits.requestHead, fields: limits.requestFields, targetBytes: limits.uri)
        responseHead = HeadLimits(headBytes: limits.responseHead, fields: limits.responseFields)
        requestBody = configuration.largestRequestBody
        connections = limits.connections
        connectionsPerClient = limits.connectionsPerClient ?? .max
        requestsPerConnection = limits.requestsPerConnection.map { UInt32(clamping: $0) } ?? .max
        bufferBytes = max(limits.bufferMemory / loops, Self.leastBufferBytes)
        coderBytes = limits.compressionMemory / loops
        replayFileBytes = limits.replayFiles
        bufferedRequestBytes = limits.bufferedRequests
        requestHeadTime = configuration.timeouts.requestHead.milliseconds
        idleTime = configuration.timeouts.idle.milliseconds
        exchangeTime = configuration.timeouts.exchange?.milliseconds ?? 0
        lingerTime = configuration.timeouts.linger.milliseconds
        handshakeTime = configuration.timeouts.handshake.milliseconds
        tunnelIdleTime = configuration.timeouts.tunnelIdle.milliseconds
        suspendedExchanges = max(limits.suspendedRequests / loops, 1)
        admissionTime = configuration.timeouts.admission.milliseconds
        openFiles = limits.openFiles
        fileTime = configuration.timeouts.file.milliseconds
        handshakes = limits.handshakes
        handshakesPerClient = limits.handshakesPerClient
        handshakeRatePerClient = limits.handshakeRatePerClient ?? .max
        requestRate = UInt64(configuration.rates.request ?? 0)
        responseRate = UInt64(configuration.rates.response ?? 0)
        rateGrace = configuration.rates.grace.milliseconds
    }
}

extension Duration {
    /// Whole milliseconds, what is left over rounded up; 0 for a negative one.
    var milliseconds: UInt64 {
        let (seconds, attoseconds) = components
        if seconds < 0 || attoseconds < 0 { return 0 }
        return UInt64(seconds) * 1_000 + UInt64((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
