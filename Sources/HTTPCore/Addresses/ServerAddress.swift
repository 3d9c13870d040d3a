// Where a server is reached.

/// The address of a server.
package enum ServerAddress: Hashable, Sendable {
    /// An IP address with a port 1...65535: `127.0.0.1:9001`, `[::1]:9001`.
    case ip(IPAddress, port: UInt16)
    /// A host name (lower case) with a port 1...65535: `app.internal:9001`. It is resolved off the loop, again and
    /// again.
    case name(String, port: UInt16)
    /// The absolute path of a Unix socket: `unix:/run/app.sock`.
    case unix(path: String)
}

extension ServerAddress: CustomStringConvertible {
    /// As it is written in the config.
    package var description: String {
        switch self {
        case .ip(let address, let port): address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
        case .name(let name, let port): "\(name):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}

extension ServerAddress {
    /// The address `text` spells.
    package init(parsing text: some StringProtocol) throws(AddressError) {
        if let path = AddressText.unixPath(text) {
            self = .unix(path: try AddressText.checkUnixPath(path))
            return
        }
        let parts = try AddressText.split(text, expected: ServerAddress.expected)
        let port = try parts.port(from: 1)
        if let address = parts.address {
            self = .ip(address, port: port)
        } else {
            self = .name(try parts.hostName(expected: ServerAddress.expected), port: port)
        }
    }

    static let expected = "a server such as 127.0.0.1:9001, [::1]:9001, app.internal:9001 or unix:/run/app.sock"
}
