// How a call of gRPC ends, and the names of the ways (https://grpc.github.io/grpc/core/md_doc_statuscodes.html).

import MartletHTTPCore

/// A status of gRPC, as `grpc-status` says it: the number in decimal.
@usableFromInline
package enum GRPCStatus: UInt8, BitwiseCopyable, Equatable, Sendable, CaseIterable {
    /// The call did what it was asked to.
    case ok = 0
    /// Somebody, most often the client, has ended the call.
    case cancelled = 1
    /// Something failed, and nothing is said of it.
    case unknown = 2
    /// What the client has sent is wrong, whatever the state of the server.
    case invalidArgument = 3
    /// The time that the call may take passed first.
    case deadlineExceeded = 4
    /// What is asked for is not there.
    case notFound = 5
    /// What was to be made is there already.
    case alreadyExists = 6
    /// The client, who is known, may not do that.
    case permissionDenied = 7
    /// There is no more of something: quota, memory, places.
    case resourceExhausted = 8
    /// The server is not in the state that the call needs.
    case failedPrecondition = 9
    /// The call was in another's way, and may be tried again from its beginning.
    case aborted = 10
    /// Past the end of what there is.
    case outOfRange = 11
    /// There is no such method.
    case unimplemented = 12
    /// Something is broken.
    case `internal` = 13
    /// Nobody can serve the call at the moment. It may be tried again.
    case unavailable = 14
    /// What was stored is lost or spoilt.
    case dataLoss = 15
    /// It is not known who the client is.
    case unauthenticated = 16

    /// The status that the value of a `grpc-status` field says; nil when it is no number, or one that has no meaning.
    package init?(fieldValue: Span<UInt8>) {
        guard fieldValue.count <= 2, let number = ByteNumber.decimal(fieldValue) else { return nil }
        self.init(rawValue: UInt8(truncatingIfNeeded: number))
    }

    /// The name as gRPC's documents have it: "DEADLINE_EXCEEDED".
    package var name: StaticString { Self.names[Int(rawValue)] }

    /// By number.
    private static let names: [StaticString] = [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
        "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
        "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ]
}
