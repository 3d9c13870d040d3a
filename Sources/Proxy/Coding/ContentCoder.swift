// What is done to the content of one response on its way to the client.
//
//   server ──▶ input ──▶ encoder ──▶ output ──▶ framed, to the client
//
// Memory of one: the encoder's own, what was received at a time and not taken yet, and one buffer of output. When the client is
// slower than the server, the output waits, then the input, and the server is read no more.
import MartletCoding
import MartletEventLoop
import MartletHTTPCore

/// How far a coder has come with a buffer of output.
enum CoderStep {
    /// The buffer is full.
    case full
    /// It has done as much as it may in one turn of the loop.
    case paused
    /// All input is taken.
    case dry
    /// The content is complete.
    case ended
    /// The encoder has no memory.
    case failed
}

/// What turns the content of a response into what its client gets.
struct ContentCoder: ~Copyable {
    /// Room behind the output for what frames it.
    static var endRoom: Int { 160 }
    /// Input that is taken at a time: encoders spend most of their time before they come back.
    private static var pieceBytes: Int { 16 << 10 }

    let exchange: UInt32
    /// What comes out is coded so.
    let coding: ContentCoding
    /// Memory that is counted for it, in bytes.
    let memory: Int
    /// What has come is given out at once: somebody waits for each piece.
    let flushesAtOnce: Bool
    private var encoder: Codec?
    /// What has come and is not taken.
    private var ready: Buffer?
    /// Nothing more will come.
    private var readyEnded = false
    /// What ends the content in chunks, with trailers.
    private(set) var tail: Buffer?
    /// The encoder has bytes that it may not have given out.
    private(set) var isUnflushed = false
    /// When it has to give them out, in milliseconds; 0 for not yet.
    var flushAt: UInt64 = 0
    /// It is in the queue of those that go on at the end of a turn, and is to go on whatever the time.
    var isQueued = false
    var isPaused = false
    private(set) var bytesIn: UInt64 = 0
    var bytesOut: UInt64 = 0

    init(_ exchange: UInt32, _ coding: ContentCoding, encoder: consuming Codec?, memory: Int, flushesAtOnce: Bool) {
        self.exchange = exchange
        self.coding = coding
        self.encoder = encoder
        self.memory = memory
        self.flushesAtOnce = flushesAtOnce
    }

    /// Bytes that have come and are not taken.
    var waitingBytes: Int { KeptBytes.count(ready) }

    /// Takes a piece of content; `false` when memory is used up.
    mutating func take(_ piece: consuming Buffer, pool: borrowing BufferPool) -> Bool {
        bytesIn += UInt64(piece.count)
        if ready != nil { return KeptBytes.add(piece.bytes, to: &ready, pool: pool) }
        ready = consume piece
        return true
    }

    /// Nothing more will come. `tail` is what ends the content in chunks.
    mutating func end(_ tail: consuming Buffer) {
        self.tail = consume tail
        readyEnded = true
    }

    /// Gives up what ends the content.
    mutating func takeTail() -> Buffer? { tail.take() }

    /// Writes to `output` what there is, up to its room and the budget.
    /// - Parameters:
    ///   - isFlushing: all that was taken is given out.
    ///   - budget: how many bytes of input may be taken; goes down by those that were.
    mutating func step(into output: inout Buffer, isFlushing: Bool, budget: inout Int) -> CoderStep {
        guard var codec = encoder.take() else { return .failed }
        let step = encode(&codec, into: &output, isFlushing: isFlushing, budget: &budget)
        encoder = consume codec
        return step
    }

    private mutating func encode(
        _ codec: inout Codec, into output: inout Buffer, isFlushing: Bool, budget: inout Int
    ) -> CoderStep {
        while true {
            if output.roomBehind <= Self.endRoom { return .full }
            let waiting = waitingBytes
            if waiting == 0 && !readyEnded && !(isFlushing && isUnflushed) { return .dry }
            if budget <= 0 { return .paused }
            let isAll = waiting <= Self.pieceBytes
            let wish: CodecWish = !isAll ? .process : readyEnded ? .finish : isFlushing ? .flush : .process
            let progress = encodePiece(&codec, wish, into: &output)
            budget -= progress.consumed
            if progress.consumed > 0 { isUnflushed = true }
            switch progress.state {
            case .failed, .ended: return .failed
            case .more: if progress.consumed + progress.produced == 0 { return .failed }
            case .done where wish == .finish: return .ended
            case .done: if wish == .flush { (isUnflushed, flushAt) = (false, 0) }
            }
        }
    }

    private mutating func encodePiece(
        _ codec: inout Codec, _ wish: CodecWish, into output: inout Buffer
    ) -> CodecProgress {
        guard var bytes = ready.take() else {
            return output.append(from: &codec, StaticString("").bytes, wish, leaving: Self.endRoom)
        }
        let progress = Self.encode(bytes, &codec, wish, into: &output)
        bytes.dropFirst(progress.consumed)
        if !bytes.isEmpty { ready = consume bytes }
        return progress
    }

    private static func encode(
        _ bytes: borrowing Buffer, _ codec: inout Codec, _ wish: CodecWish, into output: inout Buffer
    ) -> CodecProgress {
        let piece = bytes.bytes.extracting(0..<min(bytes.count, pieceBytes))
        return output.append(from: &codec, piece, wish, leaving: endRoom)
    }
}

extension Buffer {
    /// Has a codec write behind the bytes, leaving `rest` bytes of the room.
    mutating func append(
        from codec: inout Codec, _ bytes: Span<UInt8>, _ wish: CodecWish, leaving rest: Int
    ) -> CodecProgress {
        let before = count
        _ = extend(by: max(0, roomBehind - rest))
        var room = mutableBytes(from: before)
        let progress = codec.run(bytes, into: &room, wish)
        keep(0..<before + progress.produced)
        return progress
    }
}
