// Finds the ClientHello at the beginning of a connection, without a key and without touching a byte.

/// Reads the records that a ClientHello comes in. It is asked anew with all that has come whenever there is more, and goes
/// on where it was.
package struct ClientHelloReader: Sendable, BitwiseCopyable {
    /// The most bytes that are looked at, records' heads included.
    package static var limit: Int { 16 << 10 }
    private static var headBytes: Int { 5 }
    private static var longestRecord: Int { 1 << 14 }
    private static var handshake: UInt8 { 22 }
    private static var clientHello: UInt8 { 1 }
    /// A handshake message has its type and three bytes of length in front.
    private static var messageHeadBytes: Int { 4 }

    /// Where the record begins that is not complete yet.
    private var next = 0
    /// Bytes of the message in the records before it.
    private var gathered = 0

    package init() {}

    /// - Parameter bytes: all that has come, from the first byte on.
    package mutating func read(_ bytes: Span<UInt8>) -> ClientHelloResult {
        while true {
            let left = bytes.count - next
            if left > 0 && bytes[next] != Self.handshake { return .refused(next == 0 ? .notTLS : .malformed) }
            if left > 1 && bytes[next + 1] != 3 { return .refused(next == 0 ? .notTLS : .malformed) }
            if left < Self.headBytes { return .incomplete }
            let length = Int(bytes[next + 3]) << 8 | Int(bytes[next + 4])
            // RFC 8446 section 5.1: none is empty.
            if length == 0 || length > Self.longestRecord { return .refused(next == 0 ? .notTLS : .malformed) }
            let end = next + Self.headBytes + length
            if next == 0 && left > Self.headBytes && bytes[Self.headBytes] != Self.clientHello {
                return .refused(.notAClientHello)
            }
            if bytes.count < end { return bytes.count < Self.limit ? .incomplete : .refused(.tooLarge) }
            if end > Self.limit { return .refused(.tooLarge) }
            next = end
            gathered += length
            if let result = finish(bytes) { return result }
        }
    }

    /// The message, if it is complete.
    private func finish(_ bytes: Span<UInt8>) -> ClientHelloResult? {
        if gathered < Self.messageHeadBytes { return nil }
        let head = gather(bytes, atMost: Self.messageHeadBytes)
        let length = Self.messageHeadBytes + (Int(head[1]) << 16 | Int(head[2]) << 8 | Int(head[3]))
        if length > Self.limit { return .refused(.tooLarge) }
        if gathered < length { return nil }
        // Nothing may follow before the server has answered.
        if gathered > length { return .refused(.malformed) }
        let message = gather(bytes, atMost: length)
        guard let hello = ClientHelloParser.parse(Array(message.dropFirst(Self.messageHeadBytes))) else {
            return .refused(.malformed)
        }
        return .complete(hello)
    }

    /// The first bytes of the message, out of the records that are complete.
    private func gather(_ bytes: Span<UInt8>, atMost count: Int) -> [UInt8] {
        var message: [UInt8] = []
        message.reserveCapacity(count)
        var place = 0
        while place < next && message.count < count {
            let start = place + Self.headBytes
            let length = Int(bytes[place + 3]) << 8 | Int(bytes[place + 4])
            for index in start..<start + min(length, count - message.count) { message.append(bytes[index]) }
            place = start + length
        }
        return message
    }
}
