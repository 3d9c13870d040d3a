// Why the proxy does not start.
import MartletEventLoop

/// Why the proxy could not be started. Nothing is left behind: no socket, no thread.
package enum StartError: Error, Equatable, Sendable {
    /// A listener's address cannot be had.
    case listening(address: String, SystemError)
    /// The access log's file cannot be opened.
    case accessLog(path: String, SystemError)
    /// The system refused a thread or another resource.
    case system(SystemError)
    /// A pattern of a config that was made in code is none.
    case pattern(String)
}

extension StartError: CustomStringConvertible {
    /// One line, with what to do next where that is known.
    package var description: String {
        switch self {
        case .listening(let address, let error):
            "cannot listen on \(address): \(error)\(Self.hint(error, address))"
        case .accessLog(let path, let error): "cannot open the access log \(path): \(error)"
        case .system(let error): "cannot start: \(error)"
        case .pattern(let message): "a route's pattern is wrong; expected \(message)"
        }
    }

    private static func hint(_ error: SystemError, _ address: String) -> String {
        switch error {
        case .addressInUse: "; another process has it (`ss -ltnp` shows which), or choose another port"
        case .accessDenied: "; ports below 1024 need root or the capability CAP_NET_BIND_SERVICE"
        case .addressNotAvailable: "; this host does not have that address"
        default: ""
        }
    }
}
