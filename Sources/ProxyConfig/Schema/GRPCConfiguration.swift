// gRPC with servers.
import MartletGRPC

/// What holds for calls of gRPC besides what holds for all requests. Calls are recognised by their content type.
package struct GRPCConfiguration: Sendable, Equatable {
    /// The longest time that a call may take, from its first byte to its last. A call that asks for less (`grpc-timeout`) has what
    /// it asks for; one that asks for more, or for no time in particular, has this, and the server is told so. Beyond it the client
    /// gets DEADLINE_EXCEEDED, and the server is told that the call is called off. `off` for whatever time is asked for.
    package var maxTimeout: Duration?

    /// The defaults.
    package init() {}
}

/// A status of gRPC that is no success.
package enum GRPCStatusName: String, Sendable, CaseIterable {
    /// Somebody has called it off.
    case cancelled
    /// Nothing is known of the error.
    case unknown
    /// The client has sent something wrong.
    case invalidArgument = "invalid-argument"
    /// The time was over.
    case deadlineExceeded = "deadline-exceeded"
    /// It is not there.
    case notFound = "not-found"
    /// It is there already.
    case alreadyExists = "already-exists"
    /// The client may not do that.
    case permissionDenied = "permission-denied"
    /// Something is used up.
    case resourceExhausted = "resource-exhausted"
    /// The server is not in the state for it.
    case failedPrecondition = "failed-precondition"
    /// Something else was in the way.
    case aborted
    /// Past the end.
    case outOfRange = "out-of-range"
    /// There is no such method.
    case unimplemented
    /// Something is broken.
    case `internal`
    /// Nobody can serve it at the moment.
    case unavailable
    /// Something is lost.
    case dataLoss = "data-loss"
    /// The client is not known.
    case unauthenticated

    /// How others write them: as constants, as in code, and by number.
    static let otherWords: [String: GRPCStatusName] = {
        var words: [String: GRPCStatusName] = ["canceled": .cancelled]
        for (index, name) in allCases.enumerated() {
            words["\(index + 1)"] = name
            words[name.rawValue.replacing("-", with: "_")] = name
            words[name.rawValue.replacing("-", with: "")] = name
        }
        return words
    }()

    /// The status.
    package var status: GRPCStatus {
        // Those of gRPC are in the same order, and begin with OK.
        GRPCStatus.allCases[(Self.allCases.firstIndex(of: self) ?? 0) + 1]
    }
}

extension GRPCConfiguration: Section {
    static let noun = "an upstream's grpc"
    static var blank: GRPCConfiguration { GRPCConfiguration() }

    static var keys: [Key<GRPCConfiguration>] {
        [Key("maxTimeout", \.maxTimeout, .word("off", or: .duration(.milliseconds(1) ... .hours(24 * 365))))]
    }
}
