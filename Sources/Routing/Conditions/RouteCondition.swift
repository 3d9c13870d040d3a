// What a request must have, apart from host and path.
import MartletHTTPCore

/// A condition on a request, as a tree.
package indirect enum RouteCondition: Sendable {
    /// One of these methods. An extended CONNECT, which begins a WebSocket over HTTP/2, is a GET.
    case methods([String])
    /// It came over TLS, or it did not.
    case scheme(isSecure: Bool)
    /// One of the lines of this field has such a value.
    case field(String, ValueTest)
    /// One of the parameters of this name in the query has such a value; names and values are compared decoded.
    case parameter(String, ValueTest)
    /// One of the cookies of this name has such a value.
    case cookie(String, ValueTest)
    /// The client's certificate has such a part.
    case certificate(CertificatePart, ValueTest)
    /// The client's address is in one of these networks.
    case client([Network])
    case all([RouteCondition])
    case any([RouteCondition])
    case not(RouteCondition)

    /// Nothing: every request fulfils it.
    package static let none = RouteCondition.all([])

    /// How many things it asks for: a route that asks for more comes before one that asks for less. What stands in `any` or
    /// `not` counts as one.
    package var weight: Int {
        switch self {
        case .all(let conditions): conditions.reduce(0) { $0 + $1.weight }
        case .any, .not, .methods, .scheme, .field, .parameter, .cookie, .certificate, .client: 1
        }
    }
}

/// What a client's certificate has that can be asked for.
package enum CertificatePart: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// The subject, as RFC 4514 writes it: every certificate has one.
    case subject
    /// One of the alternative names.
    case dns, uri
    /// The SHA-256 of the certificate, in small hexadecimal digits.
    case fingerprint
}

/// A certificate that a client has proved to have, in one piece of memory.
package struct CertificateText: Sendable, Equatable {
    /// Each part with its kind in front and NUL behind.
    package let bytes: [UInt8]

    /// - Parameter parts: those with a NUL in them are left out, as somebody may see their beginning for all.
    package init(_ parts: [(kind: CertificatePart, text: String)]) {
        bytes = parts.filter { !$0.text.utf8.contains(0) }.flatMap { [$0.kind.rawValue] + Array($0.text.utf8) + [0] }
    }
}

/// What a value must be.
package enum ValueTest: Sendable {
    /// Anything, be it empty.
    case present
    case exact(String)
    case prefix(String)
    case expression(Expression)
}

/// Who sends a request.
package struct RouteClient: BitwiseCopyable, Sendable {
    package let address: IPAddress
    /// It came over TLS.
    package let isSecure: Bool

    package init(address: IPAddress, isSecure: Bool) {
        self.address = address
        self.isSecure = isSecure
    }
}
