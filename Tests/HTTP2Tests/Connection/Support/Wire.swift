// Frames as bytes, well-formed or not.

import MartletHTTP2
import MartletHTTPCore

/// A frame that was sent, taken apart.
struct SentFrame: Equatable, CustomStringConvertible {
    var type: UInt8
    var flags: UInt8 = 0
    var stream: UInt32 = 0
    var payload: [UInt8] = []

    init(_ type: FrameType, flags: FrameFlags = [], stream: UInt32 = 0, payload: [UInt8] = []) {
        self.type = type.rawValue
        self.flags = flags.rawValue
        self.stream = stream
        self.payload = payload
    }

    private init(_ bytes: ArraySlice<UInt8>, _ header: FrameHeader) {
        type = header.type
        flags = header.flags.rawValue
        stream = header.stream
        payload = Array(bytes)
    }

    /// The frames in `bytes`, all of them whole.
    static func all(in bytes: [UInt8]) -> [SentFrame] {
        var frames: [SentFrame] = []
        var position = 0
        while bytes.count - position >= FrameHeader.size {
            let header = FrameHeader(reading: bytes.span, at: position)
            let end = position + FrameHeader.size + Int(header.length)
            frames.append(SentFrame(bytes[position + FrameHeader.size..<end], header))
            position = end
        }
        precondition(position == bytes.count, "half a frame")
        return frames
    }

    var description: String {
        let name = FrameType(rawValue: type).map { "\($0)" } ?? "type \(type)"
        return "\(name)(flags \(flags), stream \(stream), \(payload))"
    }

    static func reset(_ stream: UInt32, _ code: HTTP2ErrorCode) -> SentFrame {
        SentFrame(.resetStream, stream: stream, payload: big(code.rawValue))
    }

    static func windowUpdate(_ stream: UInt32, _ increment: UInt32) -> SentFrame {
        SentFrame(.windowUpdate, stream: stream, payload: big(increment))
    }

    static func goAway(_ last: UInt32, _ code: HTTP2ErrorCode) -> SentFrame {
        SentFrame(.goAway, payload: big(last) + big(code.rawValue))
    }

    static let settingsAck = SentFrame(.settings, flags: .ack)
}

/// A number in four bytes, the highest first.
func big(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> UInt32(24 - 8 * $0)) }
}

enum Wire {
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    /// A frame. `length` lies about the payload if it is given.
    static func frame(
        _ type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = [], length: Int? = nil
    ) -> [UInt8] {
        let size = UInt32(length ?? payload.count)
        return Array(big(size).dropFirst()) + [type, flags] + big(stream) + payload
    }

    static func frame(
        _ type: FrameType, _ flags: FrameFlags = [], stream: UInt32 = 0, _ payload: [UInt8] = []
    ) -> [UInt8] {
        frame(type.rawValue, flags: flags.rawValue, stream: stream, payload)
    }

    static func settings(_ settings: [(SettingNumber, UInt32)] = []) -> [UInt8] {
        rawSettings(settings.map { ($0.0.rawValue, $0.1) })
    }

    static func rawSettings(_ settings: [(UInt16, UInt32)]) -> [UInt8] {
        frame(.settings, settings.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 255)] + big($0.1) })
    }

    static func frame(_ type: FrameType, _ payload: [UInt8]) -> [UInt8] { frame(type, [], stream: 0, payload) }

    static let settingsAck = frame(.settings, .ack)

    /// A whole field block in one frame.
    static func headers(_ stream: UInt32, end: Bool = true, block: [UInt8] = [0x82]) -> [UInt8] {
        frame(.headers, end ? [.endHeaders, .endStream] : .endHeaders, stream: stream, block)
    }

    static func data(_ stream: UInt32, _ content: [UInt8], end: Bool = false) -> [UInt8] {
        frame(.data, end ? .endStream : [], stream: stream, content)
    }

    /// DATA with `padding` bytes behind the content, and the byte that says so.
    static func padded(_ stream: UInt32, _ content: [UInt8], padding: Int, end: Bool = false) -> [UInt8] {
        let payload = [UInt8(padding)] + content + [UInt8](repeating: 0, count: padding)
        return frame(.data, end ? [.padded, .endStream] : .padded, stream: stream, payload)
    }

    static func reset(_ stream: UInt32, _ code: HTTP2ErrorCode = .cancel) -> [UInt8] {
        frame(.resetStream, stream: stream, big(code.rawValue))
    }

    static func windowUpdate(_ stream: UInt32, _ increment: UInt32) -> [UInt8] {
        frame(.windowUpdate, stream: stream, big(increment))
    }

    static func priority(_ stream: UInt32, on dependency: UInt32 = 0) -> [UInt8] {
        frame(.priority, stream: stream, big(dependency) + [15])
    }

    static func priorityUpdate(_ stream: UInt32, _ field: String) -> [UInt8] {
        frame(.priorityUpdate, big(stream) + Array(field.utf8))
    }

    static func ping(_ payload: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8], ack: Bool = false) -> [UInt8] {
        frame(.ping, ack ? .ack : [], payload)
    }

    static func goAway(_ last: UInt32, _ code: HTTP2ErrorCode = .noError, debug: [UInt8] = []) -> [UInt8] {
        frame(.goAway, big(last) + big(code.rawValue) + debug)
    }
}
