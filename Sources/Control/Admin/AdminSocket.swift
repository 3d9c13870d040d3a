// Where the admin listener is when nobody says it: a Unix socket that only its owner may open. One of the few files that hold
// `unsafe`: system calls take paths as pointers.
import CProcess
import Glibc
import Logging
import MartletHTTPCore
import MartletProxyConfig

/// Finds a place for the socket, on both of its sides.
package enum AdminSocket {
    /// A folder that may hold it.
    struct Folder: Equatable, Sendable {
        let path: String
        /// Others may write beside it, so it must be the owner's alone.
        let isShared: Bool
    }

    private static let name = "admin.sock"

    /// Where it may be, the best first.
    static func folders(
        environment: (String) -> String? = ProcessEnvironment.value, user: UInt32 = geteuid()
    ) -> [Folder] {
        // What systemd has made for the service: that, and no other, which may be another service's.
        if let given = environment("RUNTIME_DIRECTORY")?.split(separator: ":").first {
            return [Folder(path: String(given), isShared: false)]
        }
        var folders = [Folder(path: "/run/martlet", isShared: false)]
        if let own = environment("XDG_RUNTIME_DIR") { folders.append(Folder(path: own + "/martlet", isShared: false)) }
        folders.append(Folder(path: "/tmp/martlet-\(user)", isShared: true))
        return folders
    }

    /// The paths at which a client looks, the best first.
    package static var paths: [String] { paths(in: folders()) }

    static func paths(in folders: [Folder]) -> [String] {
        folders.filter { !isForeign($0) }.map { "\($0.path)/\(name)" }
    }

    /// The addresses that a server tries, the best first: the usual one, and one of its own for when another process has that.
    static func addresses(_ folders: [Folder] = folders(), process: Int32 = getpid()) -> [ListenAddress] {
        guard let folder = folders.first(where: { isUsable($0) }) else { return [] }
        return [name, "admin-\(process).sock"].map { .unix(path: "\(folder.path)/\($0)") }
    }

    /// Makes the folder if it is not there; whether a socket can be in it.
    static func isUsable(_ folder: Folder) -> Bool {
        let mode: mode_t = folder.isShared ? 0o700 : 0o755
        _ = unsafe mkdir(folder.path, mode)
        guard let (mode, owner) = facts(folder.path), mode & S_IFMT == S_IFDIR else { return false }
        if !isSafe(folder, mode, owner) { return false }
        return unsafe access(folder.path, W_OK | X_OK) == 0
    }

    /// Whether nobody else could put a socket of his own in the place of this one, and hear what operators say.
    private static func isSafe(_ folder: Folder, _ mode: UInt32, _ owner: UInt32) -> Bool {
        if folder.isShared { return owner == geteuid() && mode & 0o077 == 0 }
        // In a folder with the sticky bit everybody has his own files.
        return mode & S_IWOTH == 0 || mode & S_ISVTX != 0
    }

    /// Whether a folder is there, and somebody else's: a client that took what is in it for Martlet would show him its token.
    private static func isForeign(_ folder: Folder) -> Bool {
        guard let (mode, owner) = facts(folder.path) else { return false }
        return !isSafe(folder, mode, owner)
    }

    /// What a path itself stands for: a link would lead to where others want it.
    private static func facts(_ path: String) -> (mode: UInt32, owner: UInt32)? {
        var (mode, owner) = (UInt32(0), UInt32(0))
        return unsafe martlet_path_owner(path, &mode, &owner) == 0 ? (mode, owner) : nil
    }

    /// Other sockets beside the usual ones: those of processes that found it taken.
    package static var others: [String] {
        folders().filter { !isForeign($0) }.flatMap { folder -> [String] in
            guard let list = unsafe opendir(folder.path) else { return [] }
            defer { unsafe closedir(list) }
            var names: [String] = []
            while let entry = unsafe readdir(list) {
                let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
                }
                if name.hasPrefix("admin-"), name.hasSuffix(".sock") { names.append("\(folder.path)/\(name)") }
            }
            return names.sorted()
        }
    }
}

extension AdminSocket {
    /// A proxy whose admin listener is on a socket where it is by itself, if the config names no place. That there is none to
    /// be had is no reason not to serve.
    static func open<Server>(
        _ configuration: Configuration, _ host: AdminHost, log: Logger,
        _ make: (Configuration) throws(StartError) -> Server
    ) throws(StartError) -> Server {
        guard let admin = configuration.admin, admin.address == nil else { return try make(configuration) }
        var reason = "there is no folder for it"
        for (index, address) in addresses().enumerated() {
            host.settle(address)
            do throws(StartError) {
                let server = try make(configuration)
                if index > 0 {
                    log.warning(
                        "another process has the usual socket of the admin listener",
                        metadata: ["reason": "\(reason)", "address": "\(address)"])
                }
                return server
            } catch {
                guard case .listening(let label, let fault) = error, label.hasPrefix(address.description) else {
                    throw error
                }
                reason = "\(label): \(fault)"
            }
        }
        log.warning("there is no admin listener; set admin.address", metadata: ["reason": "\(reason)"])
        host.settle(nil)
        return try make(configuration)
    }
}
