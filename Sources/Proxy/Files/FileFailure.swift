// Why a request for a file was not answered with it.
import MartletHTTPCore

/// What went wrong with a file.
package enum FileFailure: UInt8, Sendable, BitwiseCopyable {
    /// Nothing is there that may be seen.
    case absent
    /// The process may not read it.
    case denied
    /// Something else than reading was asked for.
    case method
    /// The client has said how the file must be, and it is not so.
    case precondition
    /// No byte that was asked for is there.
    case range
    /// As many files are open as may be.
    case tooMany
    /// It was not opened in time.
    case timeout
    /// The disk fails.
    case unreadable
    /// It became shorter while it was sent.
    case cut

    var side: FailureSide {
        switch self {
        case .absent, .denied, .method, .precondition, .range: .client
        case .tooMany, .timeout, .unreadable, .cut: .proxy
        }
    }

    var status: Int {
        switch self {
        case .absent: 404
        case .denied: 403
        case .method: 405
        case .precondition: 412
        case .range: 416
        case .tooMany, .timeout: 503
        case .unreadable, .cut: 500
        }
    }

    var reason: String {
        switch self {
        case .absent: "no such file"
        case .denied: "file may not be read"
        case .method: "files can only be read"
        case .precondition: "file is not as the client wants it"
        case .range: "no such part of the file"
        case .tooMany: "too many files are open"
        case .timeout: "file was not opened in time"
        case .unreadable: "file cannot be read"
        case .cut: "file became shorter while it was sent"
        }
    }
}
