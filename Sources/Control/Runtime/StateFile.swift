// Where the state file is, and how it is read and written.
import Glibc
import MartletCertificates
import MartletEventLoop

/// The file that keeps what is saved.
struct StateFile: Sendable {
    let path: String
    /// Nobody has said where it is: that of another user is none of ours.
    private let isUsual: Bool

    /// - Parameter configured: what the config says.
    init(configured: String?) {
        isUsual = configured == nil
        path = configured ?? Self.folder + "/state.json"
    }

    /// What systemd gives a service, or where it would be.
    private static var folder: String {
        let given = ProcessEnvironment.value("STATE_DIRECTORY")?.split(separator: ":").first
        return given.map(String.init) ?? "/var/lib/martlet"
    }

    /// What is in it; nothing when there is none.
    func read() throws(StateFault) -> ServerOverlay {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try FileBytes.read(path)
        } catch {
            if error == SystemError(ENOENT) || error == SystemError(ENOTDIR) { return ServerOverlay() }
            if error == SystemError.accessDenied && isUsual { return ServerOverlay() }
            throw StateFault(message: "\(error)")
        }
        if bytes.count > StateText.limit { throw StateFault(message: "it is too large") }
        return try StateText.read(bytes)
    }

    /// Replaces it: a reader finds all of the old or all of the new, also after a power cut.
    func write(_ overlay: ServerOverlay) throws(StateFault) {
        do {
            if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
                try AtomicFile.makeFolder(String(path[..<slash]))
            }
            try AtomicFile.write(Array(StateText.write(overlay).utf8), to: path)
        } catch {
            throw StateFault(message: "\(error)")
        }
    }
}
