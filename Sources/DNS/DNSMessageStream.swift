// Messages on a stream (RFC 7766 section 8).

/// Takes the one message that is awaited out of what comes.
package struct DNSMessageStream: Sendable {
    private var bytes: [UInt8] = []

    package init() {}

    /// More has come. The message, as soon as it is whole; what comes behind it is nothing that was asked for.
    package mutating func append(_ more: [UInt8]) -> [UInt8]? {
        bytes += more
        guard bytes.count >= 2 else { return nil }
        let count = Int(bytes[0]) << 8 | Int(bytes[1])
        return bytes.count >= 2 + count ? Array(bytes[2..<2 + count]) : nil
    }
}
