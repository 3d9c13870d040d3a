// What a loop counts. Adding a counter is one case and one line of the table in Counter+Descriptor.swift.

/// A counter or gauge of a loop.
@usableFromInline
package enum Counter: Int, CaseIterable, Sendable {
    case connectionsAccepted, connectionsActive
    case connectionsRefusedTotal, connectionsRefusedPerClient, connectionsRefusedExhausted, acceptErrors
    case requests, exchangesActive, requestsRefused, noRoute, noServer
    case responses1xx, responses2xx, responses3xx, responses4xx, responses5xx
    case errors400, errors401, errors403, errors404, errors405, errors408, errors412, errors413, errors414, errors416,
        errors417,
        errors431
    case errors500, errors501, errors502, errors503, errors504, errors505, errorsOther
    case accessDenied, maintenanceAnswers, exchangesSuspended
    case admissionsPassed, admissionsFailed, admissionsRefused, admissionTimeouts
    case clientsGone, responsesTruncated, unanswered
    case handshakes, handshakesResumed, handshakesFailed, handshakesActive, clientCertificatesRefused,
        plainRequestsToTLS
    case handshakesRefusedTotal, handshakesRefusedPerClient, handshakesRefusedRate
    case redirectsToTLS, challengesAnswered
    case routeRedirects, routeContents, originLeaks, originErrorsReplaced
    case challengesIssued, challengesPassed, challengesFailed
    case preflightsAllowed, preflightsRefused
    case requestsBuffered, requestBufferBytes, requestBuffersPassed, requestBuffersRefused
    /// By coding, in the order of `ContentCoding`.
    case compressedGzip, compressedZstd, compressedBrotli
    case compressedBytesInGzip, compressedBytesInZstd, compressedBytesInBrotli
    case compressedBytesOutGzip, compressedBytesOutZstd, compressedBytesOutBrotli
    case compressionsSkipped, compressionMemory
    case filesActive, fileResponses, fileParts, fileWaits, filesRefused, fileTimeouts, filesCut
    case bodiesReplaced, bodyReplacements, bodiesSkippedCoding, bodiesSkippedPartial, bodiesSkippedNoTransform
    case bodiesUndecodable
    case http2Connections, http2ConnectionsActive, http2PriorKnowledge
    case http2Streams, http2StreamsActive, http2StreamsRefused
    case http2ResetsByClient, http2ResetsByProxy, http2GoAwaysIn, http2GoAwaysOut
    case http2FaultProtocol, http2FaultFrameSize, http2FaultFlowControl, http2FaultCompression,
        http2FaultSettingsTimeout
    case http2FaultResets, http2FaultIdleFrames, http2FaultContinuations, http2FaultOutput
    case tunnels, tunnelsActive, tunnelsFailed, tunnelsRefusedHello, tunnelsRefusedName
    case webCallsBinary, webCallsText
    case upgradesWebSocket, upgradesOther, upgradesIgnored
    /// By the number of the status.
    case calls0, calls1, calls2, calls3, calls4, calls5, calls6, calls7, calls8, calls9, calls10, calls11, calls12
    case calls13, calls14, calls15, calls16
    case callsOther
    case proxyHeaders, proxyHeadersRefused
    case upstreamHandshakes, upstreamHandshakesResumed
    case upstreamHandshakesFailed, upstreamCertificatesRefused, upstreamPinMismatches, upstreamProtocolsRefused
    case upstreamPinReports, upstreamUnverified
    case upstreamHTTP2Connections, upstreamHTTP2ConnectionsActive
    case upstreamHTTP2Streams, upstreamHTTP2StreamsActive, upstreamHTTP2StreamsRefused
    case upstreamHTTP2ResetsByServer, upstreamHTTP2ResetsByProxy, upstreamHTTP2GoAwaysIn, upstreamHTTP2GoAwaysOut
    case upstreamHTTP2FaultProtocol, upstreamHTTP2FaultFrameSize, upstreamHTTP2FaultFlowControl
    case upstreamHTTP2FaultCompression, upstreamHTTP2FaultSettingsTimeout, upstreamHTTP2FaultResets
    case upstreamHTTP2FaultIdleFrames, upstreamHTTP2FaultContinuations, upstreamHTTP2FaultOutput
    case timeoutHandshake, timeoutRequestHead, timeoutIdle, timeoutRequestRate, timeoutResponseRate, timeoutExchange
    case timeoutConnect, timeoutTry, timeoutResponse, timeoutStall, timeoutDeadline
    case timeoutTunnelIdle, timeoutTunnelStall, timeoutClientHello, timeoutProxyHeader
    case downstreamBytesIn, downstreamBytesOut, upstreamBytesIn, upstreamBytesOut
    case upstreamConnectionsOpened, upstreamConnectionsReused, upstreamConnectionsActive, upstreamResets, upstreamResent
    case connectFailures
    case poolIdle, poolLimit, poolIdleTimeout, poolClosedByServer, poolAddressGone, poolServerGone, poolUnexpectedBytes
    case exchangesWaiting, queueEntered, queueOverflows, queueTimeouts
    case retries, retriesRefused, replaysTooLarge, hedges, hedgesWon, exchangesCut
    case mirrorsActive, mirrorsAnswered, mirrorsFailed, mirrorsTimedOut, mirrorsWithoutServer
    case mirrorsTooMany, mirrorsTooLarge, mirrorsIncomplete
    case bufferBytes, bufferWaits
    case panics, upstreamsInPanic
    case logLines, logLinesDropped, logLinesSkipped, slowRequests, slowRequestsUntold, spans, spansDropped
    case lookupsDone, lookupsFailed
    case loopBusyNanoseconds

    /// Whether it goes down as well as up.
    package var isGauge: Bool {
        switch self {
        case .connectionsActive, .exchangesActive, .upstreamConnectionsActive, .poolIdle, .bufferBytes,
            .exchangesWaiting, .exchangesSuspended, .compressionMemory, .requestBufferBytes,
            .upstreamsInPanic, .handshakesActive,
            .tunnelsActive, .mirrorsActive, .filesActive,
            .http2ConnectionsActive, .http2StreamsActive, .upstreamHTTP2ConnectionsActive, .upstreamHTTP2StreamsActive:
            true
        default: false
        }
    }

    /// The counter for an answer that Martlet made itself.
    package static func error(_ status: Int) -> Counter {
        switch status {
        case 400: .errors400
        case 401: .errors401
        case 403: .errors403
        case 404: .errors404
        case 405: .errors405
        case 408: .errors408
        case 412: .errors412
        case 413: .errors413
        case 414: .errors414
        case 416: .errors416
        case 417: .errors417
        case 431: .errors431
        case 500: .errors500
        case 501: .errors501
        case 502: .errors502
        case 503: .errors503
        case 504: .errors504
        case 505: .errors505
        default: .errorsOther
        }
    }

    /// The counter for a call of gRPC that has ended with a status, 0...16; `nil` for one without.
    package static func call(_ status: Int?) -> Counter {
        guard let status, status >= 0, status <= 16 else { return .callsOther }
        return Counter(rawValue: Counter.calls0.rawValue + status) ?? .callsOther
    }

    /// The counter for a response's class.
    package static func response(_ status: Int) -> Counter {
        switch status {
        case ..<200: .responses1xx
        case ..<300: .responses2xx
        case ..<400: .responses3xx
        case ..<500: .responses4xx
        default: .responses5xx
        }
    }
}

/// A counter or gauge for each server.
@usableFromInline
package enum ServerCounter: Int, CaseIterable, Sendable {
    case requests, inFlight
    case responses1xx, responses2xx, responses3xx, responses4xx, responses5xx
    case failures, connectFailures
    /// Microseconds from the request's beginning to the response's end, of all responses together.
    case microseconds
    case checksPassed, checksFailed, ejections, stateChanges
    /// 1 for the state that the server is in.
    case stateUp, stateStarting, stateEjected, stateDown, stateDraining, stateMaintenance
    case bytesIn, bytesOut

    /// The counter for a response's class.
    package static func response(_ status: Int) -> ServerCounter {
        switch status {
        case ..<200: .responses1xx
        case ..<300: .responses2xx
        case ..<400: .responses3xx
        case ..<500: .responses4xx
        default: .responses5xx
        }
    }
}

/// A distribution that a loop records.
@usableFromInline
package enum Distribution: Int, CaseIterable, Sendable {
    /// From the request's head to the response's end.
    case duration
    /// From the request's head to the response's first byte.
    case timeToFirstByte
    /// How long requests waited for a server that had to.
    case queueWait
    /// Until a connection to a server stood, and its handshake after that.
    case connect, upstreamHandshake
    /// How long a loop was busy in a turn: as long as that everything else on it had to wait.
    case turn
}
