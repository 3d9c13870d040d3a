// Where clients connect.
import MartletHTTPCore

/// An address clients connect to.
package struct ListenerConfiguration: Sendable, Equatable {
    /// The address: `:8080` (all addresses of both families), `127.0.0.1:8080`, `[::1]:8080`, or
    /// `unix:/run/martlet.sock`. With port 0 the kernel picks one.
    package var address: ListenAddress

    /// What the listener is called in logs and metrics. Without a name it is called by its address.
    package var name: String?

    /// A listener on `address`.
    package init(address: ListenAddress, name: String? = nil) {
        self.address = address
        self.name = name
    }

    /// The name, or else the address.
    package var label: String { name ?? address.description }
}

extension ListenerConfiguration: Section {
    static let noun = "a listener"
    static var blank: ListenerConfiguration { ListenerConfiguration(address: .tcp(nil, port: 0)) }

    static var keys: [Key<ListenerConfiguration>] {
        [
            Key("address", \.address, .listenAddress, required: true),
            Key("name", \.name, .optional(.name)),
        ]
    }
}
