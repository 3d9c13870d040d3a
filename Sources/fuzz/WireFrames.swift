// Frames on the wire, read by somebody else than the machine.

import MartletHTTP2
import MartletHTTPCore

/// What a peer would make of the bytes.
enum WireFrames {
    /// The headers of the frames in `bytes`; a DATA frame counts from the byte on that says how much padding it has.
    static func headers(_ bytes: [UInt8]) -> [FrameHeader] {
        var headers: [FrameHeader] = []
        var position = 0
        while bytes.count - position >= FrameHeader.size {
            let header = FrameHeader(reading: bytes.span, at: position)
            position += FrameHeader.size
            let isPadded = header.type == 0 && header.flags.contains(.padded)
            if isPadded, position == bytes.count { break }
            headers.append(header)
            position += Int(header.length)
        }
        return headers
    }

    /// The increments of the connection's window.
    static func windowUpdates(_ bytes: [UInt8]) -> [Int] {
        var updates: [Int] = []
        var position = bytes.starts(with: array(HTTP2Preface.text.bytes)) ? HTTP2Preface.size : 0
        while bytes.count - position >= FrameHeader.size {
            let header = FrameHeader(reading: bytes.span, at: position)
            position += FrameHeader.size
            if header.type == 8, header.stream == 0 {
                updates.append(bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) })
            }
            position += Int(header.length)
        }
        return updates
    }
}
