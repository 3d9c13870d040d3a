// Where the proxy listens.

/// The address of a listener.
package enum ListenAddress: Hashable, Sendable {
    /// A TCP port (0: the kernel picks one) of one IP address, or of all addresses of both families (nil).
    case tcp(IPAddress?, port: UInt16)
    /// The absolute path of a Unix socket.
    case unix(path: String)
}

extension ListenAddress: CustomStringConvertible {
    /// As it is written in the config.
    package var description: String {
        switch self {
        case .tcp(nil, let port): ":\(port)"
        case .tcp(let address?, let port): address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}

extension ListenAddress {
    /// The address `text` spells: `:8080` or `*:8080` (all addresses), `127.0.0.1:8080`, `[::1]:8080`,
    /// `unix:/run/martlet.sock`.
    package init(parsing text: some StringProtocol) throws(AddressError) {
        if let path = AddressText.unixPath(text) {
            self = .unix(path: try AddressText.checkUnixPath(path))
            return
        }
        let parts = try AddressText.split(text, expected: ListenAddress.expected)
        let port = try parts.port(from: 0)
        if parts.host.isEmpty || parts.host == "*" {
            self = .tcp(nil, port: port)
        } else if let address = parts.address {
            self = .tcp(address, port: port)
        } else {
            throw parts.error("'\(parts.host)' is not an IP address", expected: ListenAddress.expected)
        }
    }

    static let expected = "an address to listen on such as :8080, 127.0.0.1:8080, [::1]:8080 or unix:/run/martlet.sock"
}
