// Texts of content are replaced by others, in content that is decoded before if it must be.
import MartletCoding
import MartletEventLoop
import MartletHTTPCore

/// What replaces texts in the content of one response.
struct Replacer: ~Copyable {
    /// Room of a piece of content on either side of the substitution; with all around it, it makes a buffer of 16 KiB.
    static var pieceRoom: Int { 15 << 10 }
    /// Content that may be as long as it likes, however few the bytes are that it comes from.
    private static var freeBytes: UInt64 { 1 << 20 }

    /// Which texts: a place in `ActionTable.bodies`.
    var body: Int
    private var machine = Substitution()
    /// What takes their place where that depends on the request.
    private let rules: SubstitutionRules?
    private var decoder: Codec?
    /// What has come and is not taken.
    private var input: Buffer?
    /// Nothing more will come.
    var inputEnded = false
    /// What is decoded and not looked at.
    private var decoded: Buffer?
    private var decodedEnded = false
    /// The decoder has more to give out before it needs more input.
    private var isDecoding = false
    /// The decoder has seen an end of what is coded, or nothing at all.
    private var mayEnd = true
    private var codedBytes: UInt64 = 0
    private var decodedBytes: UInt64 = 0
    /// All of the content has been given out.
    private(set) var hasEnded = false
    private let decodes: Bool

    init(_ body: Int, rules: SubstitutionRules?, decoder: consuming Codec?) {
        self.body = body
        self.rules = rules
        decodes = decoder != nil
        self.decoder = decoder
    }

    /// How many texts have been replaced.
    var replaced: UInt64 { machine.replaced }

    /// Bytes that have come and are not given out.
    var waitingBytes: Int { KeptBytes.count(input) + KeptBytes.count(decoded) }

    private var waitingInput: Int { KeptBytes.count(input) }

    /// Whether there is something to do.
    var mayGoOn: Bool {
        if hasEnded { return false }
        return waitingBytes > 0 || isDecoding || inputEnded || machine.isGivingOut
    }

    /// Takes a piece of content; `false` when memory is used up.
    mutating func take(_ piece: consuming Buffer, pool: borrowing BufferPool) -> Bool {
        if input != nil { return KeptBytes.add(piece.bytes, to: &input, pool: pool) }
        input = consume piece
        return true
    }

    /// Writes to `piece` what there is, up to its room.
    mutating func step(
        into piece: inout Buffer, budget: inout Int, _ bodies: [BodyActions], pool: borrowing BufferPool
    ) -> CoderFailure? {
        if decodes && !decodedEnded && KeptBytes.count(decoded) == 0 {
            if let failure = decode(&budget, bodies[body].maxRatio, pool: pool) { return failure }
        }
        guard var bytes = decodes ? decoded.take() : input.take() else {
            // The end may give out what was held back.
            substitute(StaticString("").bytes, into: &piece, bodies[body], budget: &budget)
            return nil
        }
        let count = substitute(bytes.bytes, into: &piece, bodies[body], budget: &budget)
        bytes.dropFirst(count)
        if bytes.isEmpty { return nil }
        if decodes { decoded = consume bytes } else { input = consume bytes }
        return nil
    }

    /// How many bytes were read.
    @discardableResult
    private mutating func substitute(
        _ bytes: Span<UInt8>, into piece: inout Buffer, _ actions: BodyActions, budget: inout Int
    ) -> Int {
        let isLast = decodes ? decodedEnded : inputEnded
        let before = piece.count
        _ = piece.extend(by: piece.roomBehind)
        var room = piece.mutableBytes(from: before)
        var progress = SubstitutionProgress()
        let state = machine.run(bytes, isLast: isLast, rules ?? actions.rules, into: &room, &progress)
        piece.keep(0..<before + progress.written)
        budget -= progress.read
        hasEnded = isLast && state == .dry
        return progress.read
    }

    // MARK: Decoding

    private mutating func decode(_ budget: inout Int, _ maxRatio: Int, pool: borrowing BufferPool) -> CoderFailure? {
        guard var codec = decoder.take(), var room = pool.take(room: Self.pieceRoom) else { return .memory }
        let progress = decodePiece(&codec, into: &room)
        decoder = consume codec
        codedBytes += UInt64(progress.consumed)
        decodedBytes += UInt64(progress.produced)
        budget -= progress.consumed
        isDecoding = progress.state == .more
        if progress.consumed > 0 || progress.state == .ended { mayEnd = progress.state == .ended }
        if !room.isEmpty { decoded = consume room }
        if progress.state == .failed { return .malformed }
        if decodedBytes > Self.freeBytes && decodedBytes > codedBytes * UInt64(maxRatio) { return .expansion }
        if !inputEnded || isDecoding || waitingInput > 0 { return nil }
        decodedEnded = true
        return mayEnd ? nil : .malformed
    }

    private mutating func decodePiece(_ codec: inout Codec, into room: inout Buffer) -> CodecProgress {
        guard var bytes = input.take() else {
            // Without input, only what is left of the last one.
            if !isDecoding { return CodecProgress(consumed: 0, produced: 0, state: mayEnd ? .ended : .done) }
            return room.append(from: &codec, StaticString("").bytes, .process, leaving: 0)
        }
        let progress = room.append(from: &codec, bytes.bytes, .process, leaving: 0)
        bytes.dropFirst(progress.consumed)
        if !bytes.isEmpty { input = consume bytes }
        return progress
    }
}
