// What can go wrong: with a file or a setting, before anything runs, and with a connection.

/// What is wrong with a certificate, a key or a setting, and what to do about it.
package struct TLSError: Error, Equatable, CustomStringConvertible {
    /// For the one who wrote the configuration.
    package let message: String

    /// An error with this text.
    package init(_ message: String) { self.message = message }

    package var description: String { message }
}

/// Why a connection is of no use.
package struct TLSFailure: Equatable, Sendable, CustomStringConvertible {
    /// What kind of failure it is: it says whose it is.
    package enum Kind: Equatable, Sendable {
        /// There is no version, cipher, group or protocol in common, or the peer has given up.
        case handshake
        /// The server's certificate: its chain, name, time, or it is revoked.
        case certificate
        /// No certificate of the server has a key that is pinned.
        case pin
        /// The client's certificate is missing or refused.
        case clientCertificate
        /// What came is not TLS, or has been tampered with.
        case protocolError
        /// A request of HTTP in clear came to a port of TLS.
        case plainHTTP
    }

    /// What kind of failure it is.
    package let kind: Kind
    /// What happened, for the log.
    package let text: String

    /// A failure of a kind.
    package init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    package var description: String { text }
}

/// A version of TLS. Older ones are not spoken.
package enum TLSVersion: Int, Comparable, Sendable {
    /// TLS 1.2, RFC 5246.
    case v12 = 0x0303
    /// TLS 1.3, RFC 8446.
    case v13 = 0x0304

    package static func < (one: TLSVersion, other: TLSVersion) -> Bool { one.rawValue < other.rawValue }
}
