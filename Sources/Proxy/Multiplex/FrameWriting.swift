// Frames, as they are put behind each other in a buffer.
import MartletEventLoop
import MartletHTTP2
import MartletHTTPCore

extension Multiplexer {
    /// Writes a block of fields as frames (RFC 9113 sections 6.2 and 6.10). One for which there is no room in `frames` is kept,
    /// and leaves before all else in the next buffer: the peer must get blocks in the order in which they were encoded. `false`
    /// when memory is used up.
    mutating func writeHeaders(
        _ block: borrowing HeadWriter, _ place: Int32, endStream: Bool, into frames: inout Buffer,
        pool: borrowing BufferPool
    ) -> Bool {
        let cut = machine.headerFrames(place, blockBytes: block.count, endStream: endStream)
        machine.sentHeaders(place, endStream: endStream)
        let needed = block.count + (block.count / machine.peer.maxFrame + 1) * FrameHeader.size
        if needed <= frames.roomBehind {
            Self.write(block, cut, into: &frames)
            return true
        }
        guard var large = pool.take(room: needed) else { return false }
        Self.write(block, cut, into: &large)
        largeBlock = consume large
        return true
    }

    private static func write(_ block: borrowing HeadWriter, _ cut: HeaderFrames, into frames: inout Buffer) {
        var rest = cut
        while let frame = rest.next() {
            _ = frames.append(frame.header.bytes.span)
            _ = frames.append(block.bytes.extracting(frame.range))
        }
    }

    /// Writes a frame of content, for which there is room.
    mutating func writeData(_ content: Span<UInt8>, _ place: Int32, endStream: Bool, into frames: inout Buffer) -> Bool
    {
        let header = machine.dataFrame(place, content.count, endStream: endStream)
        machine.sentData(place, content.count, endStream: endStream)
        return frames.append(header.bytes.span) && frames.append(content)
    }

    /// Writes the end of a stream that has said all.
    mutating func writeEnd(_ place: Int32, into frames: inout Buffer) -> Bool {
        let header = machine.dataFrame(place, 0, endStream: true)
        machine.sentData(place, 0, endStream: true)
        return frames.append(header.bytes.span)
    }

    /// Whether a block of fields waits for which there was no room.
    var hasBlock: Bool {
        switch largeBlock {
        case .some: true
        case .none: false
        }
    }

    mutating func takeBlock() -> Buffer? { largeBlock.take() }
}
