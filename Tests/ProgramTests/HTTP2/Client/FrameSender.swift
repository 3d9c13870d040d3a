// Content of requests as large as one wants, within the server's windows.
import MartletTestSupport

/// Sends big content on several streams in turns, no faster than the server allows.
final class FrameSender {
    private let client: FrameClient
    /// What has been sent on streams, and on all of them at 0.
    private var sent: [UInt32: Int] = [:]

    /// How long windows may stay closed before a test fails.
    private let patience: Duration

    init(_ client: FrameClient, patience: Duration = FrameClient.patience) {
        self.client = client
        self.patience = patience
    }

    /// Sends so many bytes on each of the streams, and ends them.
    func send(_ count: Int, on streams: [UInt32]) throws {
        var positions = [UInt32: Int](uniqueKeysWithValues: streams.map { ($0, 0) })
        while let stream = positions.min(by: { $0.value < $1.value })?.key, let position = positions[stream] {
            let room = try room(on: stream)
            let block = BigContent.block(position / BigContent.blockBytes).dropFirst(position % BigContent.blockBytes)
            let piece = block.prefix(min(count - position, client.maxFrame, room))
            let isLast = position + piece.count == count
            client.send(WireFrame(.data, isLast ? .endStream : [], stream, Array(piece)))
            for place in [0, stream] { sent[place, default: 0] += piece.count }
            positions[stream] = isLast ? nil : position + piece.count
        }
    }

    /// Sends bytes on a stream that goes on.
    func send(_ bytes: [UInt8], on stream: UInt32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(min(client.maxFrame, try room(on: stream)))
            client.send(WireFrame(.data, [], stream, Array(piece)))
            for place in [0, stream] { sent[place, default: 0] += piece.count }
            rest = rest.dropFirst(piece.count)
        }
    }

    /// What may be sent on a stream, when it is more than nothing.
    private func room(on stream: UInt32) throws -> Int {
        while true {
            let initial = Int(client.settings[Setting.initialWindow] ?? 65_535)
            let room = min(window(0, 65_535), window(stream, initial))
            // What has come is looked at now and then as well: it must not pile up.
            guard case .frame = try client.next(within: room > 0 ? .zero : patience) else {
                if room > 0 { return room }
                throw client.failure("a window of stream \(stream)")
            }
        }
    }

    private func window(_ stream: UInt32, _ initial: Int) -> Int {
        initial + (client.increments[stream] ?? 0) - (sent[stream] ?? 0)
    }
}
