// Status and message of a call, as fields: in trailers, or in a head behind which nothing comes.

import MartletHTTPCore

extension HeadWriter {
    /// Writes `grpc-status` and `grpc-message`.
    ///
    /// - Parameter message: UTF-8 for people.
    package mutating func status(_ status: GRPCStatus, message: Span<UInt8>) {
        write("grpc-status: ")
        write(decimal: UInt64(status.rawValue))
        write("\r\ngrpc-message: ")
        write(grpcMessage: message)
        write("\r\n")
    }

    /// Writes a message percent-encoded: everything but visible US-ASCII and the blank, and "%" itself.
    package mutating func write(grpcMessage message: Span<UInt8>) {
        for index in message.indices {
            let byte = message[index]
            if byte >= 0x20 && byte <= 0x7E && byte != 0x25 {
                write(byte: byte)
            } else {
                write(byte: 0x25)
                write(byte: Self.upperHexDigit(byte >> 4))
                write(byte: Self.upperHexDigit(byte))
            }
        }
    }

    private static func upperHexDigit(_ value: UInt8) -> UInt8 {
        let digit = value & 15
        return digit < 10 ? 0x30 + digit : 0x37 + digit
    }
}
