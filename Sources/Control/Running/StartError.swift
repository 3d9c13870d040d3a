// Why the proxy does not start.
import MartletEventLoop

/// Why the proxy could not be started. Nothing is left behind: no socket, no thread.
package enum StartError: Error, Equatable, Sendable {
    /// A listener's address cannot be had.
    case listening(address: String, SystemError)
    /// The access log's file cannot be opened.
    case accessLog(path: String, SystemError)
    /// The process may not open enough files and sockets.
    case descriptors(needed: Int, had: Int)
    /// The system refused a thread or another resource.
    case system(SystemError)
    /// The config asks for io_uring, which this machine does not give.
    case engine(RingRefusal)
    /// A pattern of a config that was made in code is none.
    case pattern(String)
    /// A file that the config names cannot be used: the setting, and why.
    case file(keyPath: String, String)
    /// The file that `SSLKEYLOGFILE` names cannot be used.
    case keyLog(path: String, String)
    /// Another config has more than there is room for: the setting, what it is about, and the room.
    case noRoom(String, String, Int)
    /// Another config comes before the proxy runs, or when it is about to end.
    case notRunning
    /// The pid file cannot be written.
    case pidFile(path: String, SystemError)
    /// What the process was started with is of no use: sockets, or what the process before it has told.
    case inheritance(String)
}

extension StartError: CustomStringConvertible {
    /// One line, with what to do next where that is known.
    package var description: String {
        switch self {
        case .listening(let address, let error):
            "cannot listen on \(address): \(error)\(Self.hint(error, address))"
        case .accessLog(let path, let error):
            "cannot open the access log \(path): \(error)\(error == .tooManyDescriptors ? Self.moreDescriptors : "")"
        case .descriptors(let needed, let had):
            "it takes \(needed) more open files and sockets, and there may be \(had)\(Self.moreDescriptors)"
        case .system(let error):
            "cannot start: \(error)\(error == .tooManyDescriptors ? Self.moreDescriptors : "")"
        case .engine(let refusal):
            "cannot start: the config asks for io_uring: \(refusal); `engine: auto` takes epoll then"
        case .file(let keyPath, let message): "\(keyPath): \(message)"
        case .keyLog(let path, let message): "SSLKEYLOGFILE names '\(path)': \(message)"
        case .noRoom(let keyPath, let what, let room):
            "there is room for \(room) \(what), those included that finish what they have begun: raise \(keyPath); it takes "
                + "effect at the next start"
        case .notRunning: "the proxy is not serving: it has not started, or is about to end"
        case .inheritance(let message): message
        case .pidFile(let path, let error): "cannot write the pid file \(path): \(error)"
        case .pattern(let message): "a route's pattern is wrong; expected \(message)"
        }
    }

    /// The program's exit code.
    package var exitCode: Int32 {
        switch self {
        case .file: ExitStatus.configuration
        case .listening, .accessLog, .descriptors, .system, .engine, .pattern, .keyLog, .noRoom, .notRunning,
            .inheritance, .pidFile:
            ExitStatus.unavailable
        }
    }

    private static let moreDescriptors =
        "; raise the limit of descriptors (`ulimit -n`, LimitNOFILE= in a systemd unit)"

    private static func hint(_ error: SystemError, _ address: String) -> String {
        switch error {
        case .addressInUse: "; another process has it (`ss -ltnp` shows which), or choose another port"
        case .accessDenied: "; ports below 1024 need root or the capability CAP_NET_BIND_SERVICE (docs/systemd.md)"
        case .addressNotAvailable: "; this host does not have that address"
        case .tooManyDescriptors: moreDescriptors
        default: ""
        }
    }
}
