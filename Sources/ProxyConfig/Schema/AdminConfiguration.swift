// The listener for operators.
import MartletHTTPCore

/// The listener for operators, with `/healthz` and `/metrics`. Keep it away from clients.
package struct AdminConfiguration: Sendable, Equatable {
    /// The address, written as that of a listener.
    package var address: ListenAddress

    /// The admin listener on `address`.
    package init(address: ListenAddress) {
        self.address = address
    }
}

extension AdminConfiguration: Section {
    static let noun = "admin"
    static var blank: AdminConfiguration { AdminConfiguration(address: .tcp(nil, port: 0)) }

    static var keys: [Key<AdminConfiguration>] {
        [
            Key("address", \.address, .listenAddress, required: true)
        ]
    }
}
