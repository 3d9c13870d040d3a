// Reads messages of protocol buffers (https://protobuf.dev/programming-guides/encoding), as far as checks need it.

import MartletHTTPCore

/// Goes through the fields of a message. What a server sends is not to be trusted: every length is checked, and what is not
/// known is read over.
struct ProtobufReader: ~Copyable, ~Escapable {
    /// The message is none.
    struct Malformed: Error, Equatable {}

    /// The value of a field, as far as it is of use.
    enum Value: Equatable, BitwiseCopyable {
        case number(UInt64)
        /// Bytes, or a number of fixed size.
        case other
    }

    private let bytes: Span<UInt8>
    private var position = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) { self.bytes = bytes }

    /// The next field's number and value; nil at the end.
    mutating func next() throws(Malformed) -> (field: UInt64, value: Value)? {
        if position == bytes.count { return nil }
        let tag = try varint()
        // Field numbers have 29 bits, and 0 is none.
        guard tag >> 3 != 0, tag >> 32 == 0 else { throw Malformed() }
        switch tag & 7 {
        case 0: return (tag >> 3, .number(try varint()))
        case 1: try skip(8)
        case 2: try skip(try varint())
        case 5: try skip(4)
        // Groups, which no message of proto3 has, and what means nothing.
        default: throw Malformed()
        }
        return (tag >> 3, .other)
    }

    /// Seven bits a byte, the low ones first, in up to ten bytes.
    private mutating func varint() throws(Malformed) -> UInt64 {
        var number: UInt64 = 0
        for shift in stride(from: 0 as UInt64, to: 70, by: 7) {
            guard position < bytes.count else { throw Malformed() }
            let byte = bytes[position]
            position += 1
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return number }
        }
        throw Malformed()
    }

    private mutating func skip(_ count: UInt64) throws(Malformed) {
        guard count <= UInt64(bytes.count - position) else { throw Malformed() }
        position += Int(count)
    }
}
