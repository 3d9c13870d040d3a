// Where the admin listener of a running Martlet is, for commands.
import Glibc
import MartletHTTPCore
import MartletProxyConfig

/// An address that commands ask.
package struct AdminPlace: Equatable, Sendable {
    /// As a person writes it.
    let text: String
    /// What paths are added to.
    let url: String
    /// The path of a Unix socket, if it is one.
    let path: String?

    private init(path: String) {
        self.path = path
        text = "unix:" + path
        url = "http+unix://" + PercentCoding.encoded(path).replacing(":", with: "%3A")
    }

    private init(url: String) {
        path = nil
        text = url
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
    }

    /// What a person has written: `unix:/run/martlet/admin.sock`, its path alone, `127.0.0.1:9901`, or a URL.
    package init(parsing text: String) throws(OperatorFailure) {
        if text.hasPrefix("http://") || text.hasPrefix("https://") {
            self.init(url: text)
            return
        }
        let address: ListenAddress
        do throws(AddressError) {
            address = try ListenAddress(parsing: text.hasPrefix("/") ? "unix:" + text : text)
        } catch {
            throw OperatorFailure(
                code: ExitStatus.usage,
                message: "\(error.message); expected an address such as unix:/run/martlet/admin.sock, 127.0.0.1:9901 "
                    + "or https://proxy.example:9901")
        }
        self.init(address, isSecure: false)
    }

    private init(_ address: ListenAddress, isSecure: Bool) {
        let scheme = isSecure ? "https" : "http"
        switch address {
        case .unix(let path): self.init(path: path)
        case .tcp(nil, let port): self.init(url: "\(scheme)://127.0.0.1:\(port)")
        case .tcp: self.init(url: "\(scheme)://\(address)")
        }
    }

    /// Where a config has it; `nil` where it is found by itself.
    static func of(_ configuration: Configuration) throws(OperatorFailure) -> AdminPlace? {
        guard let admin = configuration.admin else {
            throw OperatorFailure(code: ExitStatus.unavailable, message: "the config has 'admin: off'")
        }
        return admin.address.map { AdminPlace($0, isSecure: admin.tls != nil) }
    }

    /// The first place at which there is somebody, of those where a server is by itself.
    static func search(_ paths: [String] = AdminSocket.paths) throws(OperatorFailure) -> AdminPlace {
        if let path = paths.first(where: { unsafe access($0, F_OK) == 0 }) { return AdminPlace(path: path) }
        let others = AdminSocket.others
        let hint =
            others.isEmpty
            ? "say where it is with --admin, or with -c and its config"
            : "there is \(others.joined(separator: ", ")): choose with --admin"
        throw OperatorFailure(
            code: ExitStatus.unavailable,
            message: "is martlet running? looked at \(paths.joined(separator: ", ")); \(hint)")
    }
}

/// Why a command for operators comes to nothing.
package struct OperatorFailure: Error, Equatable, Sendable {
    /// The program's exit code.
    package let code: Int32
    /// Why, in a line or more.
    package let message: String

    package init(code: Int32, message: String) {
        self.code = code
        self.message = message
    }
}
