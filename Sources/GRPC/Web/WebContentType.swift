// What content is said to be: a call of gRPC-Web in one of its forms, or of gRPC.

import MartletHTTPCore

/// The media type of gRPC-Web (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md).
@usableFromInline
package struct WebContentType: BitwiseCopyable, Equatable, Sendable {
    /// The content is Base64, as for clients that can only read text while it comes.
    package let isText: Bool
    /// What stands behind the name in the value: nothing, or a format such as `+proto`, and parameters.
    package let rest: ByteRange

    /// The value of a Content-Type field as a type of gRPC-Web; nil when it is another.
    package init?(_ value: Span<UInt8>) {
        if let rest = Self.rest(of: value, behind: Self.text) {
            self.init(isText: true, rest: rest)
        } else if let rest = Self.rest(of: value, behind: Self.binary) {
            self.init(isText: false, rest: rest)
        } else {
            return nil
        }
    }

    private init(isText: Bool, rest: ByteRange) {
        self.isText = isText
        self.rest = rest
    }

    /// Whether the content of an answer shall be text: what comes first in an Accept field of the two forms; nil when neither
    /// does.
    package static func accepted(_ value: Span<UInt8>) -> Bool? {
        var start = 0
        for index in 0...value.count where index == value.count || value[index] == 0x2C {
            let range = ByteScan.trimmed(value, from: start, to: index)
            start = index + 1
            if let type = WebContentType(value.extracting(range)) { return type.isText }
        }
        return nil
    }

    /// The names of the forms, in lower case.
    package static let binary: StaticString = "application/grpc-web"
    package static let text: StaticString = "application/grpc-web-text"
    /// That of gRPC itself.
    package static let call: StaticString = "application/grpc"

    /// What stands behind the name in a value whose type it is.
    package static func rest(of value: Span<UInt8>, behind name: StaticString) -> ByteRange? {
        let count = name.utf8CodeUnitCount
        guard value.count >= count, ByteScan.equals(value.extracting(first: count), lowercase: name) else { return nil }
        if value.count > count {
            let next = value[count]
            // "+" begins a format, ";" parameters, which blanks may come before.
            guard next == 0x2B || next == 0x3B || ByteScan.isBlank(next) else { return nil }
        }
        return ByteRange(from: count, to: value.count)
    }
}
