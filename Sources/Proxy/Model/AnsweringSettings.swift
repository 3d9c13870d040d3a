// How an exchange is answered all the same when a server fails or is busy. Plain numbers: a loop copies them.
import MartletGRPC

/// A set of statuses from 100 to 611.
package struct StatusSet: Sendable, BitwiseCopyable, Equatable {
    private var words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)

    package init() {}

    package init(_ statuses: [Int]) {
        for status in statuses { insert(status) }
    }

    package mutating func insert(_ status: Int) {
        let bit = UInt64(1) << UInt64((status - 100) & 63)
        switch (status - 100) >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        case 3: words.3 |= bit
        case 4: words.4 |= bit
        case 5: words.5 |= bit
        case 6: words.6 |= bit
        case 7: words.7 |= bit
        default: return
        }
    }

    package func contains(_ status: Int) -> Bool {
        let bit = UInt64(1) << UInt64((status - 100) & 63)
        switch (status - 100) >> 6 {
        case 0: return words.0 & bit != 0
        case 1: return words.1 & bit != 0
        case 2: return words.2 & bit != 0
        case 3: return words.3 & bit != 0
        case 4: return words.4 & bit != 0
        case 5: return words.5 & bit != 0
        case 6: return words.6 & bit != 0
        case 7: return words.7 & bit != 0
        default: return false
        }
    }

    package static func == (a: StatusSet, b: StatusSet) -> Bool {
        a.words.0 == b.words.0 && a.words.1 == b.words.1 && a.words.2 == b.words.2 && a.words.3 == b.words.3
            && a.words.4 == b.words.4 && a.words.5 == b.words.5 && a.words.6 == b.words.6 && a.words.7 == b.words.7
    }
}

/// When a request is sent again.
package struct RetrySettings: Sendable, BitwiseCopyable {
    /// Tries in all, the first included. 1 for no retry.
    package var attempts: UInt8 = 3
    /// From the request sent to the response's first byte in one try, in milliseconds: beyond it another server is
    /// tried. 0 is off; the upstream's response time holds for the exchange as a whole.
    package var tryTime: UInt64 = 0
    /// Statuses after which another server is tried.
    package var statuses = StatusSet([502, 503, 504])
    /// Statuses of gRPC after which a call is sent to another server, whatever it does.
    package var callStatuses = GRPCStatusSet()
    /// Whether requests are sent again whose method is not idempotent (RFC 9110 section 9.2.2).
    package var allMethods = false
    /// The pause before a second retry; it doubles with each further one, up to the second. In milliseconds.
    package var pause: UInt64 = 25
    package var longestPause: UInt64 = 250
    /// Retries in percent of requests, and how many per second are allowed in any case.
    package var budgetPercent: UInt32 = 20
    package var budgetFloor: UInt32 = 10
    /// Bytes of a request that are kept in memory to be sent again, and how many more in a file.
    package var bodyMemory = 64 << 10
    package var bodyFile = 0

    package init() {}
}

/// Sending a request a second time before the first has failed.
package struct HedgeSettings: Sendable, BitwiseCopyable {
    /// The percentile of the upstream's latency after which a second server is asked, in tenths: 990 is p99. 0 is off.
    package var percentile: UInt16 = 0
    /// The least and the most time to wait, in milliseconds.
    package var leastTime: UInt64 = 5
    package var longestTime: UInt64 = 1_000

    package init() {}
}

/// How long exchanges wait for a server.
package struct QueueSettings: Sendable, BitwiseCopyable {
    /// Exchanges that wait at a time, over all loops: beyond it 503.
    package var size = 1_024
    /// How long one waits while all servers have as many exchanges as they may have, in milliseconds: beyond it 503.
    package var saturatedTime: UInt64 = 10_000
    /// How long one waits while there is no server at all, in milliseconds: beyond it 503.
    package var noServerTime: UInt64 = 5_000

    package init() {}
}

/// Limits of an upstream as a whole, over all loops: beyond them an exchange waits in the queue.
package struct BreakerSettings: Sendable, BitwiseCopyable {
    /// Connections, idle ones included; exchanges; and retries that are going on.
    package var connections = Int.max
    package var requests = Int.max
    package var retries = Int.max

    package init() {}
}

/// Which exchange comes first when several wait.
package enum Priority: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    case high, normal, low
}
