// One server of an upstream.
import MartletHTTPCore

/// A server. The short form is its address alone.
package struct ServerConfiguration: Sendable, Equatable {
    /// The address: `127.0.0.1:9001`, `[::1]:9001`, `app.internal:9001` (all addresses of the name are used), or
    /// `unix:/run/app.sock`.
    package var address: ServerAddress

    /// The server at `address`.
    package init(address: ServerAddress) {
        self.address = address
    }
}

extension ServerConfiguration: Section {
    static let noun = "a server"
    static var blank: ServerConfiguration { ServerConfiguration(address: .unix(path: "")) }

    static var keys: [Key<ServerConfiguration>] {
        [
            Key("address", \.address, .serverAddress, required: true)
        ]
    }
}
