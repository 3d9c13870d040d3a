// What is done to the content of one response on its way to the client.
//
//   server ──▶ input ──▶ decoder ──▶ decoded ──▶ substitution ──▶ ready ──▶ encoder ──▶ output ──▶ framed, to the client
//                │  (only where texts are replaced)                 ▲
//                └──────────────────────────────────────────────────┘
//
// Memory of one: what decoder and encoder take themselves, what was received at a time and not taken yet, a buffer of 16 KiB on
// either side of the substitution, and one buffer of output. When the client is slower than the server, the output waits, then
// what is before it, and the server is read no more.
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
    case failed(CoderFailure)
}

/// Why a coder cannot go on.
enum CoderFailure {
    /// There is no buffer, or the encoder has no memory.
    case memory
    /// The content is not coded as its head says, or ends too early.
    case malformed
    /// It becomes more than it may.
    case expansion
}

/// What turns the content of a response into what its client gets.
struct ContentCoder: ~Copyable {
    /// Room behind the output for what frames it.
    static var endRoom: Int { 160 }
    /// Input that is taken at a time: encoders spend most of their time before they come back.
    static var pieceBytes: Int { 16 << 10 }

    let exchange: UInt32
    /// What comes out is coded so.
    let coding: ContentCoding
    /// Memory that is counted for it, in bytes.
    let memory: Int
    /// What has come is given out at once: somebody waits for each piece.
    let flushesAtOnce: Bool
    /// What replaces texts before, if anything does.
    var replacer: Replacer?
    private var encoder: Codec?
    /// What has come and is not encoded.
    private var ready: Buffer?
    private var readyEnded = false
    /// What ends the content in chunks, with trailers.
    private var tail: Buffer?
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
    var waitingBytes: Int {
        mutating get {
            guard let part = replacer.take() else { return KeptBytes.count(ready) }
            let count = part.waitingBytes
            replacer = consume part
            return count + KeptBytes.count(ready)
        }
    }

    /// How many texts have been replaced.
    var replaced: UInt64 {
        mutating get {
            guard let part = replacer.take() else { return 0 }
            let count = part.replaced
            replacer = consume part
            return count
        }
    }

    /// Takes a piece of content; `false` when memory is used up.
    mutating func take(_ piece: consuming Buffer, pool: borrowing BufferPool) -> Bool {
        if var part = replacer.take() {
            let isTaken = part.take(piece, pool: pool)
            replacer = consume part
            return isTaken
        }
        bytesIn += UInt64(piece.count)
        if ready != nil { return KeptBytes.add(piece.bytes, to: &ready, pool: pool) }
        ready = consume piece
        return true
    }

    /// The same texts are replaced by other tables, in which they have this place.
    mutating func adopt(body: Int) {
        guard var part = replacer.take() else { return }
        if body >= 0 { part.body = body }
        replacer = consume part
    }

    /// Nothing more will come. `tail` is what ends the content in chunks.
    mutating func end(_ tail: consuming Buffer) {
        self.tail = consume tail
        if var part = replacer.take() {
            part.inputEnded = true
            replacer = consume part
        } else {
            readyEnded = true
        }
    }

    /// Gives up what ends the content.
    mutating func takeTail() -> Buffer? { tail.take() }

    /// Writes to `output` what there is, up to its room and the budget.
    /// - Parameters:
    ///   - isFlushing: all that was taken is given out.
    ///   - budget: how many bytes may be taken; goes down by those that were.
    mutating func step(
        into output: inout Buffer, isFlushing: Bool, budget: inout Int, _ bodies: [BodyActions],
        pool: borrowing BufferPool
    ) -> CoderStep {
        while true {
            if let failure = prepare(&budget, bodies, pool: pool) { return .failed(failure) }
            let isBehind = mayPrepare()
            if budget <= 0 && isBehind { return .paused }
            let step = encode(into: &output, isFlushing: isFlushing, budget: &budget)
            // What was prepared is used up: there may be more where it came from.
            guard case .dry = step, mayPrepare() else { return step }
        }
    }

    // MARK: Texts are replaced

    private mutating func mayPrepare() -> Bool {
        if readyEnded || ready != nil { return false }
        guard let part = replacer.take() else { return false }
        let mayGoOn = part.mayGoOn
        replacer = consume part
        return mayGoOn
    }

    /// Has the next piece of content ready for the encoder, if there is none.
    private mutating func prepare(
        _ budget: inout Int, _ bodies: [BodyActions], pool: borrowing BufferPool
    ) -> CoderFailure? {
        while mayPrepare() {
            if budget <= 0 { return nil }
            guard var piece = pool.take(room: Replacer.pieceRoom), var part = replacer.take() else { return .memory }
            let failure = part.step(into: &piece, budget: &budget, bodies, pool: pool)
            readyEnded = part.hasEnded
            replacer = consume part
            if let failure { return failure }
            bytesIn += UInt64(piece.count)
            if !piece.isEmpty { ready = consume piece }
        }
        return nil
    }

    // MARK: Encoding

    private mutating func encode(into output: inout Buffer, isFlushing: Bool, budget: inout Int) -> CoderStep {
        guard var codec = encoder.take() else { return move(into: &output, budget: &budget) }
        let step = encode(&codec, into: &output, isFlushing: isFlushing, budget: &budget)
        encoder = consume codec
        return step
    }

    private mutating func encode(
        _ codec: inout Codec, into output: inout Buffer, isFlushing: Bool, budget: inout Int
    ) -> CoderStep {
        while true {
            if output.roomBehind <= Self.endRoom { return .full }
            let waiting = KeptBytes.count(ready)
            // What is not prepared yet comes before a flush.
            let isBehind = mayPrepare()
            let isDue = isFlushing && isUnflushed && !isBehind
            if waiting == 0 && !readyEnded && !isDue { return .dry }
            if budget <= 0 { return .paused }
            let isAll = waiting <= Self.pieceBytes
            let wish: CodecWish = !isAll ? .process : readyEnded ? .finish : isFlushing ? .flush : .process
            let progress = encodePiece(&codec, wish, into: &output)
            budget -= progress.consumed
            if progress.consumed > 0 { isUnflushed = true }
            switch progress.state {
            case .failed, .ended: return .failed(.memory)
            case .more: if progress.consumed + progress.produced == 0 { return .failed(.memory) }
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

    /// What is not to be encoded goes as it is.
    private mutating func move(into output: inout Buffer, budget: inout Int) -> CoderStep {
        guard var bytes = ready.take() else { return readyEnded ? .ended : .dry }
        let count = min(bytes.count, output.roomBehind - Self.endRoom)
        if count > 0 {
            Self.copy(bytes, count, into: &output)
            bytes.dropFirst(count)
            budget -= count
        }
        if !bytes.isEmpty {
            ready = consume bytes
            return .full
        }
        return readyEnded ? .ended : .dry
    }

    private static func copy(_ bytes: borrowing Buffer, _ count: Int, into output: inout Buffer) {
        _ = output.append(bytes.bytes.extracting(0..<count))
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
