// One connection's machine: what it knows. What it does with frames is in `HTTP2Connection+Receiving.swift` and the files
// beside it, what it does for a driver that sends in `HTTP2Connection+Sending.swift`.

import MartletHTTPCore

/// What a connection waits for or has to do before the next frame.
struct Attention: OptionSet, BitwiseCopyable {
    let rawValue: UInt8

    /// The client's preface is incomplete.
    static var preface: Attention { Attention(rawValue: 1) }
    /// The first frame has to be SETTINGS.
    static var firstSettings: Attention { Attention(rawValue: 2) }
    /// A gathered block was handed out, and its memory can be given back.
    static var gatheredBlock: Attention { Attention(rawValue: 4) }
    /// A stream has to be reset, whose field block was handed out to be decoded.
    static var brokenStream: Attention { Attention(rawValue: 8) }
    /// Streams have to be given up that the server will not work on.
    static var sweep: Attention { Attention(rawValue: 16) }
    /// The driver has reset too many streams because of what the peer did.
    static var overdrawn: Attention { Attention(rawValue: 32) }
    /// It has failed.
    static var failure: Attention { Attention(rawValue: 64) }
}

/// An HTTP/2 connection without its bytes (RFC 9113): what may be sent and received, by whom and when. It has no socket, no
/// buffers and no clock; field blocks are decoded and encoded elsewhere.
///
/// How a driver uses it:
///
/// ```
///   start() ──▶ output ──────────────────────────────────────────────────────────▶ socket
///
///   socket ──▶ bytes ──▶ next(in:from:now:) ──▶ an event ──▶ … until needsMore or failed; then send what there is:
///                             │
///     headers ────────────────┤ decode the block at once. isNew: setTag, setPriority, setContentLength if there is one;
///                             │ a client calls receivedFinalHead for each response that is not an interim one.
///     discardedHeaders ───────┤ decode the block, and forget what it says. refusal: count it.
///     data ───────────────────┤ pass it on, and call consumed for each byte that has left or is dropped.
///     reset, unprocessed ─────┤ the stream is gone: read its tag, end the exchange or try elsewhere.
///     windowOpened, settings ─┤ send, as streams may be able to now. settings: tell the encoder the table's sizes.
///     goAway ─────────────────┤ a client opens no more streams here; those that are left may end.
///     handled ────────────────┤ go on.
///     needsMore ──────────────┤ keep the bytes from the position on for the next time.
///     failed ─────────────────┘ send output, close; all exchanges end.
///
///   to send:   1. output, clearOutput()
///              2. while let place = nextToSend():
///                    a field block:   for each of headerFrames(…): the frame's header, its part of the block; sentHeaders
///                    content:         at most allowance(place) bytes: dataFrame(…), the bytes; sentData
///                    nothing left:    setReady(place, .nothing)
///              An end without content is a DATA frame of no bytes.
/// ```
///
/// - `setReady` says what a stream has to send. It stays until it is said otherwise, or the stream has sent its end; so each
///   turn of the loop above has to send something or call `setReady`.
/// - A stream lives from `headers` with `isNew` (a server) or `open` (a client) to `reset`, `unprocessed`, the driver's own
///   `reset`, or its end in both directions. In the last case its place stays until all its content has been consumed: a
///   driver that has no use for the rest calls `reset`, which sends nothing then. Unconsumed content of a stream that is
///   reset is credited by the machine.
/// - Places are handles that are not used again soon. For one that is gone, `consumed`, `setReady`, `setPriority`,
///   `setContentLength`, `receivedFinalHead` and `reset` do nothing, and `tag` tells the tag until another stream begins.
///   Sending for one traps.
/// - A server that has answered before the request was whole calls `reset(place, .noError)` (RFC 9113 section 8.1).
/// - The end: `drain()`, soon `announce()` if the client does not answer, later `finish(.noError)` if the peer takes too long,
///   and close when `isFinished`. `check(now:)` every second or so finds what does not come in time. `trim()` when nothing has
///   happened for a while.
///
/// Times are in milliseconds from any point, and never go back.
@usableFromInline
package struct HTTP2Connection: ~Copyable {
    /// Which side this is.
    package let role: HTTP2Role
    /// The bounds.
    package let limits: HTTP2Limits
    /// What the peer has said of itself.
    package internal(set) var peer = PeerSettings()

    @usableFromInline var streams = StreamTable()
    /// Streams that are open or half-closed: those that count (RFC 9113 section 5.1.2).
    @usableFromInline package internal(set) var streamCount = 0
    var closed = ClosedStreams()
    var order = SendOrder()
    var early = EarlyPriorities()
    /// The peer has named a priority. One that never does is not thought of in RFC 9218's terms: its streams take turns.
    var hasPriorities = false

    @usableFromInline var control = ControlOutput()
    var block = BlockGathering()
    var content = ContentProgress()
    var attention: Attention
    var prefaceBytes = 0
    var brokenStream: (number: UInt32, fault: HTTP2Fault) = (0, .frameAfterEnd)

    /// What may be sent on all streams together, in bytes.
    @usableFromInline var sendWindow = HTTP2Window.initial
    var receiveWindow: ReceiveWindow

    /// The time of the last call that had one.
    var clock: UInt64
    let began: UInt64
    /// Our settings have been acknowledged.
    var isAcknowledged = false
    /// Between the peer and here, in milliseconds.
    var roundTrip: UInt32 = 0

    var resets: RateBound
    var idleFrames: RateBound
    var ending = Ending()

    /// A machine for a new connection. `start` comes next.
    package init(role: HTTP2Role, limits: HTTP2Limits, now: UInt64) {
        let limits = limits.bounded()
        self.role = role
        self.limits = limits
        clock = now
        began = now
        attention = role == .server ? [.preface, .firstSettings] : .firstSettings
        receiveWindow = ReceiveWindow(size: limits.connectionWindow, available: limits.connectionWindow, now: now)
        resets = RateBound(limit: limits.resets, milliseconds: 10_000, credit: limits.resets)
        idleFrames = RateBound(limit: limits.idleFrames, milliseconds: 1000, credit: 64 &* limits.idleFrames)
    }

    /// Puts what each side says first into the output (RFC 9113 section 3.4).
    package mutating func start() {
        if role == .client { control.preface() }
        writeSettings()
        let more = limits.connectionWindow - HTTP2Window.initial
        if more > 0 { control.windowUpdate(0, UInt32(more)) }
    }

    // MARK: What has to be sent before anything else

    /// Frames that the machine sends of itself. They leave before anything else, since others refer to them.
    @inlinable @inline(__always)
    package var output: Span<UInt8> {
        @_lifetime(borrow self)
        get { control.bytes }
    }

    /// How many bytes `output` has.
    @inlinable @inline(__always)
    package var outputCount: Int { control.count }

    /// All of `output` was sent, or is kept elsewhere to be sent.
    @inlinable @inline(__always)
    package mutating func clearOutput() { control.removeAll() }

    /// A field block that came in several frames, for the event that says `gathered`.
    package var gatheredBlock: Span<UInt8> {
        @_lifetime(borrow self)
        get { block.bytes }
    }

    /// Gives memory back that is not needed while nothing happens. To be called when nothing has happened for a second.
    package mutating func trim() {
        if streamCount == 0, attention.isDisjoint(with: [.preface, .firstSettings]) { ending.isQuiet = true }
        control.trim()
        streams.trim()
        if attention.contains(.gatheredBlock) { releaseBlock() }
    }

    mutating func releaseBlock() {
        block.release()
        attention.remove(.gatheredBlock)
    }
}
