// What is wrong with a file that the config names.
import Glibc
import MartletEventLoop
import MartletProxyConfig
import MartletTLS

/// Why a file cannot be used.
struct FileProblem: Error, Equatable, Sendable {
    /// The setting that names the file.
    let keyPath: String
    /// What is wrong, without a full stop.
    let message: String

    init(_ keyPath: String, _ message: String) {
        self.keyPath = keyPath
        self.message = message
    }

    /// As the checks of configs have it.
    var finding: ConfigurationFinding { ConfigurationFinding(keyPath: keyPath, message: message) }
}

extension FileBytes {
    /// What is in a file that the setting `keyPath` names.
    static func read(_ path: String, for keyPath: String) throws(FileProblem) -> [UInt8] {
        do throws(SystemError) {
            return try read(path)
        } catch {
            throw FileProblem(keyPath, "cannot read '\(path)': \(reason(error))")
        }
    }

    private static func reason(_ error: SystemError) -> String {
        switch error.code {
        case ENOENT: "there is no such file"
        case EACCES, EPERM: "permission denied"
        case EISDIR: "it is a directory"
        case EFBIG: "it is larger than \(limit >> 20) MiB"
        default: error.description
        }
    }
}

extension FileProblem {
    /// Runs what may find fault with the file at `path`, and says which file it was.
    static func attempt<Result>(
        _ path: String, for keyPath: String, _ body: () throws(TLSError) -> Result
    ) throws(FileProblem) -> Result {
        do throws(TLSError) {
            return try body()
        } catch {
            throw FileProblem(keyPath, "'\(path)' is of no use: \(error.message)")
        }
    }
}
