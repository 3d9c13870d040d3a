// What a line of the access log may say, by name: the same names in the config, in JSON and in templates.

/// Something that is known of every exchange, or of some.
package enum LogVariable: String, CaseIterable, Sendable {
    // Known when the head has come.
    case time, client, peer, listener, method, host, target, path, query
    case scheme
    case version = "protocol"
    case tls, referer
    case userAgent = "user_agent"
    // Known at the end.
    case requestID = "request_id"
    case traceID = "trace_id"
    case spanID = "span_id"
    case status
    case grpcStatus = "grpc_status"
    case bytes
    case bytesIn = "bytes_in"
    case encoding, upgrade
    case duration = "duration_us"
    case firstByte = "ttfb_us"
    case queued = "queue_us"
    case connecting = "connect_us"
    case securing = "tls_us"
    case tries, route, user
    case accessRule = "access_rule"
    case upstream, server, mirror, leak, error, side, phase

    /// Whether it is known only when the exchange is over.
    package var isLate: Bool {
        switch self {
        case .time, .client, .peer, .listener, .method, .host, .target, .path, .query, .scheme, .version, .tls,
            .referer,
            .userAgent:
            false
        default: true
        }
    }
}

/// A part of a line of the access log.
package enum LogItem: Hashable, Sendable {
    /// As it stands, between the others.
    case literal(String)
    case variable(LogVariable)
    /// The value of a field of the request, by its name in lower case.
    case requestField(String)
    /// The same of the server's response.
    case responseField(String)

    private static let requestPrefix = "request.header."
    private static let responsePrefix = "response.header."

    /// What a name in the config stands for: a variable, `request.header.NAME` or `response.header.NAME`; `nil` for nothing.
    package init?(name: String) {
        if let variable = LogVariable(rawValue: name) {
            self = .variable(variable)
        } else if name.hasPrefix(Self.requestPrefix) {
            let field = name.dropFirst(Self.requestPrefix.count)
            guard Self.isToken(field) else { return nil }
            self = .requestField(field.lowercased())
        } else if name.hasPrefix(Self.responsePrefix) {
            let field = name.dropFirst(Self.responsePrefix.count)
            guard Self.isToken(field) else { return nil }
            self = .responseField(field.lowercased())
        } else {
            return nil
        }
    }

    /// The name that it goes by; empty for a literal.
    package var name: String {
        switch self {
        case .literal: ""
        case .variable(let variable): variable.rawValue
        case .requestField(let field): Self.requestPrefix + field
        case .responseField(let field): Self.responsePrefix + field
        }
    }

    /// The name of a field, if it is about one.
    package var field: String? {
        switch self {
        case .literal, .variable: nil
        case .requestField(let field), .responseField(let field): field
        }
    }

    /// Whether it is known only when the exchange is over.
    package var isLate: Bool {
        switch self {
        case .literal, .requestField: false
        case .variable(let variable): variable.isLate
        case .responseField: true
        }
    }

    private static func isToken(_ name: Substring) -> Bool {
        !name.isEmpty && name.utf8.count <= 64
            && name.utf8.allSatisfy { byte in
                byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == 0x2D || byte == 0x5F || byte == 0x2E
            }
    }
}

/// A line of text with names in braces, such as `{client} "{method} {target}" {status}`.
package enum LogTemplate {
    /// Why a text is no template.
    package struct Problem: Error, Equatable, Sendable {
        package let message: String
        /// What is at fault, in UTF-8 bytes.
        package let offset: Int
        package let length: Int
    }

    /// The parts of a text, one behind the other. `{{` and `}}` stand for braces.
    package static func parse(_ text: String) throws(Problem) -> [LogItem] {
        let bytes = Array(text.utf8)
        var items: [LogItem] = []
        var literal: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let isDoubled = index + 1 < bytes.count && bytes[index + 1] == byte
            switch byte {
            case 0x7B where !isDoubled:
                guard let end = bytes[index...].firstIndex(of: 0x7D) else {
                    throw Problem(message: "'{' without '}'", offset: index, length: bytes.count - index)
                }
                let name = String(decoding: bytes[index + 1..<end], as: UTF8.self)
                guard let item = LogItem(name: name) else {
                    throw Problem(
                        message: "'{\(name)}' is nothing that the log knows", offset: index, length: end - index + 1)
                }
                if !literal.isEmpty { items.append(.literal(String(decoding: literal, as: UTF8.self))) }
                literal = []
                items.append(item)
                index = end + 1
            case 0x7D where !isDoubled:
                throw Problem(message: "'}' without '{'", offset: index, length: 1)
            case ..<0x20, 0x7F:
                throw Problem(message: "a control character", offset: index, length: 1)
            default:
                literal.append(byte)
                index += isDoubled && (byte == 0x7B || byte == 0x7D) ? 2 : 1
            }
        }
        if !literal.isEmpty { items.append(.literal(String(decoding: literal, as: UTF8.self))) }
        return items
    }
}
