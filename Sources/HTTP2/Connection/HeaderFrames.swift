// A field block cut into frames.

import MartletHTTPCore

/// A frame of a field block: its header, and which part of the block follows it.
package struct HeaderFrame: BitwiseCopyable, Equatable, Sendable {
    /// The header.
    package let header: FrameHeader
    /// The part of the block.
    package let range: ByteRange
}

/// The frames of a field block, one after the other: HEADERS, and CONTINUATION for what does not fit into it (RFC 9113
/// section 4.3).
package struct HeaderFrames: BitwiseCopyable, Sendable {
    private let stream: UInt32
    private let bytes: Int
    private let most: Int
    private let endStream: Bool
    private var start = 0
    private var hasBegun = false

    /// - Parameters:
    ///   - bytes: of the block.
    ///   - most: the largest payload that the peer takes, in bytes.
    init(stream: UInt32, bytes: Int, most: Int, endStream: Bool) {
        self.stream = stream
        self.bytes = bytes
        self.most = most
        self.endStream = endStream
    }

    /// The next frame, nil behind the last.
    package mutating func next() -> HeaderFrame? {
        if hasBegun, start == bytes { return nil }
        let end = min(start + most, bytes)
        var flags: FrameFlags = end == bytes ? .endHeaders : []
        if !hasBegun, endStream { flags.insert(.endStream) }
        let type = hasBegun ? FrameType.continuation : .headers
        let frame = HeaderFrame(
            header: FrameHeader(type, flags, stream: stream, length: end - start),
            range: ByteRange(from: start, to: end))
        hasBegun = true
        start = end
        return frame
    }
}
