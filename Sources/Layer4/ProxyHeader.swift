// What a PROXY protocol header says: https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt, "the specification" in
// the files beside this one.
import MartletHTTPCore

/// One end of a connection.
package struct ProxyEndpoint: Hashable, Sendable, BitwiseCopyable {
    package let address: IPAddress
    package let port: UInt16

    package init(_ address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }
}

/// A header of either version.
package struct ProxyHeader: Equatable, Sendable, BitwiseCopyable {
    /// Both ends of the connection that is passed on; `nil` when the header has none that can be told as addresses: the
    /// connection's own ends are to be used.
    package var source: ProxyEndpoint?
    package var destination: ProxyEndpoint?
    /// The sender speaks for itself, as health checks do (LOCAL).
    package var isLocal = false
    /// The header's length: what follows belongs to the connection.
    package var length: Int

    init(length: Int) { self.length = length }
}

/// Why bytes are no header.
package enum ProxyHeaderRefusal: UInt8, Error, Sendable, BitwiseCopyable {
    case notAHeader, badLine, badAddress, badPort, badVersion, badFamily, badLength, badChecksum, tooLong

    /// Words for the log.
    package var reason: String {
        switch self {
        case .notAHeader: "no PROXY header"
        case .badLine: "PROXY header is not well formed"
        case .badAddress: "bad address in PROXY header"
        case .badPort: "bad port in PROXY header"
        case .badVersion: "unknown version or command in PROXY header"
        case .badFamily: "unknown family in PROXY header"
        case .badLength: "lengths in PROXY header do not add up"
        case .badChecksum: "wrong checksum in PROXY header"
        case .tooLong: "PROXY header too long"
        }
    }
}

/// What the bytes at the beginning of a connection are.
package enum ProxyHeaderResult: Equatable, Sendable, BitwiseCopyable {
    /// A header may become of them.
    case incomplete
    case complete(ProxyHeader)
    case refused(ProxyHeaderRefusal)
}
