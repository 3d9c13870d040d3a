// By what a request, or a response, is recognised as one of gRPC.

import MartletHTTPCore

/// The content type of gRPC (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
package enum GRPCContentType {
    /// What it begins with, which may also be all of it.
    private static let name: StaticString = "application/grpc"

    /// Whether the value of a Content-Type field says gRPC: "application/grpc", perhaps with "+proto" or the like, perhaps with
    /// parameters. "application/grpc-web" is something else.
    package static func isGRPC(_ value: Span<UInt8>) -> Bool {
        let count = name.utf8CodeUnitCount
        guard value.count >= count, ByteScan.equals(value.extracting(0..<count), lowercase: name) else { return false }
        guard value.count > count else { return true }
        let next = value[count]
        return next == 0x2B || next == 0x3B || ByteScan.isBlank(next)
    }
}
