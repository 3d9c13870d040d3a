// Statuses of HTTP and of gRPC in each other's terms.

extension GRPCStatus {
    /// What an answer of HTTP, without a word of gRPC, means to a client of gRPC
    /// (https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md). Beyond that list are answers that only
    /// proxies give: 504 says that time has passed, 413, 414 and 431 that something is too large, 499 that the client has gone.
    ///
    /// - Parameter status: 100...599.
    package init(httpStatus status: Int) {
        self =
            switch status {
            case 200..<300: .ok
            case 400: .internal
            case 401: .unauthenticated
            case 403: .permissionDenied
            case 404, 501: .unimplemented
            case 413, 414, 431: .resourceExhausted
            case 429, 502, 503: .unavailable
            case 499: .cancelled
            case 504: .deadlineExceeded
            default: .unknown
            }
    }

    /// What a call's status says of its server, as the status that would say the same in HTTP: 5xx for one that is ill, 429 for
    /// one that has too much to do, 200 for all that tells nothing. A client can bring about DEADLINE_EXCEEDED by the time that
    /// it gives, and UNIMPLEMENTED by what it asks for: these are not held against the server.
    package var verdict: Int {
        switch self {
        case .unavailable: 503
        case .unknown, .internal, .dataLoss: 500
        case .resourceExhausted: 429
        case .ok, .cancelled, .invalidArgument, .deadlineExceeded, .notFound, .alreadyExists, .permissionDenied,
            .failedPrecondition, .aborted, .outOfRange, .unimplemented, .unauthenticated:
            200
        }
    }
}

/// A set of statuses.
package struct GRPCStatusSet: BitwiseCopyable, Equatable, Sendable {
    private var bits: UInt32 = 0

    /// The empty set.
    package init() {}

    /// The set of these statuses.
    package init(_ statuses: [GRPCStatus]) {
        for status in statuses { bits |= Self.bit(status) }
    }

    /// Whether nothing is in it.
    package var isEmpty: Bool { bits == 0 }

    /// Whether `status` is in it.
    package func contains(_ status: GRPCStatus) -> Bool { bits & Self.bit(status) != 0 }

    private static func bit(_ status: GRPCStatus) -> UInt32 { 1 << UInt32(status.rawValue) }
}
