// Content of any framing: how much of what has arrived belongs to it, and where the message ends. Chunked content is in
// `ContentDecoder+Chunks.swift`.

import MartletHTTPCore

/// What one call of `ContentDecoder.decode` found.
package struct DecodedContent: Equatable, Sendable {
    /// Where the content stands in the bytes that were offered; it may have been moved there.
    package var content = 0..<0
    /// How many bytes from the front are dealt with. What is behind them is either an unfinished trailer section, to be
    /// offered again with more bytes behind it, or what follows the message.
    package var consumed = 0
    /// The message has ended; its trailers are there too.
    package var isComplete = false
    /// The trailer section with its blank line, when it is complete and has fields. For `TrailerParser`.
    package var trailers: Range<Int>?
    /// Why the rest cannot be understood. The content before it is still good.
    package var refusal: HeadRefusal?

    /// Nothing found.
    package init() {}
}

/// The machine for content of any framing. It stops and goes on at any byte.
package struct ContentDecoder: BitwiseCopyable, Sendable {
    /// What the next byte is.
    enum Phase: BitwiseCopyable, Equatable, Sendable {
        /// Behind the message.
        case complete
        /// Content, `remaining` bytes of it.
        case length
        /// Content.
        case untilClose
        /// A digit of a chunk size, or what ends it.
        case chunkSize
        /// In a chunk extension.
        case chunkExtension
        /// The LF behind a chunk size and its extensions.
        case chunkLineFeed
        /// Content, `remaining` bytes of a chunk.
        case chunkData
        /// The CR behind a chunk's data.
        case dataCarriageReturn
        /// The LF behind that.
        case dataLineFeed
        /// In the trailer section.
        case trailers
        /// Not to be understood.
        case refused(HeadRefusal)
    }

    var phase: Phase
    /// Bytes of content that are still to come, of the whole or of this chunk; while the size is read, the size so far.
    var remaining: UInt64 = 0
    /// Digits of the chunk size so far.
    var sizeDigits: UInt8 = 0
    /// Bytes of this chunk's extensions so far.
    var extensionBytes: UInt16 = 0
    /// Bytes of all chunk extensions so far.
    var allExtensionBytes: UInt64 = 0
    /// How far the trailer section has been looked at.
    var trailerScan = HeadEndScanner(trailers: ())

    /// Bytes of content decoded so far.
    package internal(set) var contentBytes: UInt64 = 0

    /// For a message without content.
    package init() {
        phase = .complete
    }

    /// For content that is framed like this.
    package init(_ framing: ContentFraming) {
        switch framing {
        case .none, .length(0): phase = .complete
        case .length(let length):
            phase = .length
            remaining = length
        case .chunked: phase = .chunkSize
        case .untilClose: phase = .untilClose
        }
    }

    /// Whether the message has ended.
    package var isComplete: Bool { phase == .complete }

    /// Decodes from the front of `bytes`. Content of several chunks is moved together so that it is one run.
    ///
    /// - Parameter trailerLimit: the most bytes of a trailer section.
    package mutating func decode(_ bytes: inout MutableSpan<UInt8>, trailerLimit: Int) -> DecodedContent {
        var decoded = DecodedContent()
        switch phase {
        case .complete: break
        case .length: takeLength(bytes.count, into: &decoded)
        case .untilClose: takeAll(bytes.count, into: &decoded)
        case .refused(let refusal): decoded.refusal = refusal
        case .chunkSize, .chunkExtension, .chunkLineFeed, .chunkData, .dataCarriageReturn, .dataLineFeed, .trailers:
            decodeChunks(&bytes, trailerLimit: trailerLimit, into: &decoded)
        }
        decoded.isComplete = isComplete
        return decoded
    }

    /// The peer closed. False if content is missing: the message is truncated.
    package mutating func ended() -> Bool {
        if phase == .untilClose { phase = .complete }
        return isComplete
    }

    private mutating func takeLength(_ count: Int, into decoded: inout DecodedContent) {
        let taken = Int(min(remaining, UInt64(count)))
        takeAll(taken, into: &decoded)
        remaining -= UInt64(taken)
        if remaining == 0 { phase = .complete }
    }

    private mutating func takeAll(_ count: Int, into decoded: inout DecodedContent) {
        decoded.content = 0..<count
        decoded.consumed = count
        contentBytes &+= UInt64(count)
    }
}
