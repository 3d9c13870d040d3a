// HTTP/1 messages as tests see them. Nothing here is shared with the proxy: a parser is not tested with itself.

/// A field line.
package struct HTTPField: Equatable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What requests and responses have in common.
package protocol HTTPMessage {
    /// The field lines in order, names as they came.
    var fields: [HTTPField] { get }
    /// The content without its framing.
    var content: [UInt8] { get }
    /// What came behind chunked content.
    var trailers: [HTTPField] { get }
}

extension HTTPMessage {
    /// The value of the first field line with this name, in whatever case.
    package subscript(name: String) -> String? { values(name).first }

    /// The values of all field lines with this name, in whatever case.
    package func values(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// The content as text.
    package var text: String { String(decoding: content, as: UTF8.self) }
}

/// A response.
package struct HTTPResponse: HTTPMessage, Equatable, Sendable {
    /// "HTTP/1.1" or "HTTP/1.0".
    package let version: String
    package let status: Int
    package let reason: String
    package let fields: [HTTPField]
    package let content: [UInt8]
    package let trailers: [HTTPField]
}

/// A request.
package struct HTTPRequest: HTTPMessage, Equatable, Sendable {
    package let method: String
    package let target: String
    package let version: String
    package let fields: [HTTPField]
    package let content: [UInt8]
    package let trailers: [HTTPField]
}
