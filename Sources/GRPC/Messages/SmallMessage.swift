// The content of a response that is one small message, as that of a health check.

import MartletHTTPCore

/// Puts a message together that comes in pieces. There must be one, whole and not compressed, of no more than a bound.
package struct SmallMessage: Sendable {
    /// What is wrong with content.
    package enum Fault: Error, Equatable, Sendable, CaseIterable {
        /// The message is longer than the bound.
        case tooLong
        /// The message is compressed, which was not asked for, or has flags that mean nothing.
        case badFlags
        /// Something stands behind the message.
        case second
        /// The content ended before the message.
        case incomplete
    }

    private let limit: Int
    private var prefix: [UInt8] = []
    private var message: [UInt8] = []

    /// - Parameter limit: the most bytes of the message.
    package init(limit: Int) { self.limit = limit }

    /// Takes more of the content.
    package mutating func take(_ bytes: Span<UInt8>) throws(Fault) {
        for index in bytes.indices {
            if prefix.count < MessagePrefix.size {
                prefix.append(bytes[index])
                if prefix.count == MessagePrefix.size { try checkPrefix() }
            } else {
                guard message.count < length else { throw .second }
                message.append(bytes[index])
            }
        }
    }

    /// The message, when all content has come.
    package func ended() throws(Fault) -> [UInt8] {
        guard prefix.count == MessagePrefix.size, message.count == length else { throw .incomplete }
        return message
    }

    private func checkPrefix() throws(Fault) {
        if prefix[0] != 0 { throw .badFlags }
        if length > limit { throw .tooLong }
    }

    private var length: Int { prefix.dropFirst().reduce(0) { $0 << 8 | Int($1) } }
}
