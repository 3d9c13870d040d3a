// Frames of HTTP/2 (RFC 9113 section 4.1) as tests send and see them. Nothing here is shared with the proxy.
import MartletTestSupport

/// Types of frames (RFC 9113 section 6).
enum FrameType: UInt8, Sendable {
    case data, headers, priority, reset, settings, pushPromise, ping, goAway, windowUpdate, continuation
}

/// Flags of frames; which of them mean something depends on the type.
struct FrameFlags: OptionSet, Sendable {
    let rawValue: UInt8
    static let endStream = FrameFlags(rawValue: 0x1)
    /// Of SETTINGS and PING.
    static let acknowledged = FrameFlags(rawValue: 0x1)
    static let endHeaders = FrameFlags(rawValue: 0x4)
    static let padded = FrameFlags(rawValue: 0x8)
    static let priority = FrameFlags(rawValue: 0x20)
    /// A header block in one frame, and nothing behind it.
    static let whole: FrameFlags = [.endHeaders, .endStream]
}

/// Error codes (RFC 9113 section 7), and whatever other number.
struct ErrorCode: Equatable, Sendable, CustomStringConvertible {
    let number: UInt32
    init(_ number: UInt32) { self.number = number }

    static let noError = ErrorCode(0)
    static let protocolError = ErrorCode(1)
    static let internalError = ErrorCode(2)
    static let flowControl = ErrorCode(3)
    static let settingsTimeout = ErrorCode(4)
    static let streamClosed = ErrorCode(5)
    static let frameSize = ErrorCode(6)
    static let refusedStream = ErrorCode(7)
    static let cancel = ErrorCode(8)
    static let compression = ErrorCode(9)
    static let enhanceYourCalm = ErrorCode(11)

    private static let names = [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
        "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ]
    var description: String { number < Self.names.count ? Self.names[Int(number)] : "error \(number)" }
}

/// Settings (RFC 9113 section 6.5.2, RFC 8441, RFC 9218).
enum Setting {
    static let tableSize: UInt16 = 1
    static let enablePush: UInt16 = 2
    static let maxStreams: UInt16 = 3
    static let initialWindow: UInt16 = 4
    static let maxFrame: UInt16 = 5
    static let maxHeaderList: UInt16 = 6
    static let enableConnect: UInt16 = 8
}

/// A frame, right or wrong.
struct WireFrame: Equatable, Sendable {
    var type: UInt8
    var flags: FrameFlags = []
    var stream: UInt32 = 0
    var payload: [UInt8] = []
    /// Of HEADERS that were received: what stands in the whole block.
    var fields: [HTTPField] = []

    /// As it is sent.
    var bytes: [UInt8] {
        let count = payload.count
        let head: [UInt8] = [UInt8(count >> 16 & 0xff), UInt8(count >> 8 & 0xff), UInt8(count & 0xff)]
        return head + [type, flags.rawValue] + Self.number(stream) + payload
    }

    /// What type it is, if it is one of those that everybody knows.
    var kind: FrameType? { FrameType(rawValue: type) }
    /// Whether it is the last one on its stream; only for DATA and HEADERS.
    var endsStream: Bool { flags.contains(.endStream) }
    /// The code of RST_STREAM or GOAWAY.
    var code: ErrorCode { ErrorCode(number(at: kind == .goAway ? 4 : 0)) }
    /// The last stream that GOAWAY speaks of.
    var lastStream: UInt32 { number(at: 0) & 0x7fff_ffff }

    /// The payload without padding (RFC 9113 section 6.1).
    var content: [UInt8] {
        guard flags.contains(.padded), let count = payload.first else { return payload }
        return Array(payload.dropFirst().dropLast(Int(count)))
    }

    /// Four bytes of the payload as a number; 0 if they are not there.
    func number(at offset: Int) -> UInt32 {
        if payload.count < offset + 4 { return 0 }
        return payload[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// A number as four bytes.
    static func number(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    var summary: String {
        let name = kind.map { "\($0)".uppercased() } ?? "type \(type)"
        let code = kind == .reset || kind == .goAway ? " \(code)" : ""
        let status = fields.first.map { " \($0.name) \($0.value)" } ?? ""
        return "\(name) of stream \(stream), \(payload.count) bytes, flags \(flags.rawValue)\(code)\(status)"
    }
}

extension WireFrame {
    init(
        _ type: FrameType, _ flags: FrameFlags = [], _ stream: UInt32 = 0, _ payload: [UInt8] = []
    ) {
        self.init(type: type.rawValue, flags: flags, stream: stream, payload: payload)
    }

    /// HEADERS that hold a whole block, unless the flags say otherwise.
    static func headers(_ stream: UInt32, _ block: [UInt8], _ flags: FrameFlags = .whole) -> WireFrame {
        WireFrame(.headers, flags, stream, block)
    }
    /// The same behind which something comes: a block that is whole, and content.
    static func open(_ stream: UInt32, _ block: [UInt8]) -> WireFrame { headers(stream, block, .endHeaders) }
    static func continuation(
        _ stream: UInt32, _ block: some Sequence<UInt8>, _ flags: FrameFlags = .endHeaders
    ) -> WireFrame {
        WireFrame(.continuation, flags, stream, Array(block))
    }
    static func data(_ stream: UInt32, _ text: String, _ flags: FrameFlags = .endStream) -> WireFrame {
        WireFrame(.data, flags, stream, Array(text.utf8))
    }
    static func settings(_ values: (UInt16, UInt32)...) -> WireFrame { settings(values) }
    static func settings(_ values: [(UInt16, UInt32)]) -> WireFrame {
        WireFrame(.settings, [], 0, values.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] + number($1) })
    }
    static func ping(_ text: String, _ flags: FrameFlags = []) -> WireFrame {
        WireFrame(.ping, flags, 0, Array((text + "\0\0\0\0\0\0\0\0").utf8.prefix(8)))
    }
    static func reset(_ stream: UInt32, _ code: ErrorCode = .cancel) -> WireFrame {
        WireFrame(.reset, [], stream, number(code.number))
    }
    static func windowUpdate(_ stream: UInt32, _ increment: UInt32) -> WireFrame {
        WireFrame(.windowUpdate, [], stream, number(increment))
    }
    static func goAway(last stream: UInt32, _ code: ErrorCode, _ text: String = "") -> WireFrame {
        WireFrame(.goAway, [], 0, number(stream) + number(code.number) + Array(text.utf8))
    }
    /// What a stream depends on, as HTTP/2 had it once (RFC 7540 section 6.3).
    static func priority(_ stream: UInt32, on other: UInt32 = 0, weight: UInt8 = 255) -> WireFrame {
        WireFrame(.priority, [], stream, number(other) + [weight])
    }
}
