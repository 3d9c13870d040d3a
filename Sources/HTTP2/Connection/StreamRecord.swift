// What is known of one stream.

/// Facts of a stream that are true or not.
struct StreamFlags: OptionSet, BitwiseCopyable {
    let rawValue: UInt16

    /// The place is in use.
    static var taken: StreamFlags { StreamFlags(rawValue: 1) }
    /// The peer has sent END_STREAM.
    static var remoteEnded: StreamFlags { StreamFlags(rawValue: 2) }
    /// We have sent END_STREAM.
    static var localEnded: StreamFlags { StreamFlags(rawValue: 4) }
    /// A field block has come.
    static var hasHead: StreamFlags { StreamFlags(rawValue: 8) }
    /// A field block has come that is not an interim response: content or trailers follow.
    static var hasFinalHead: StreamFlags { StreamFlags(rawValue: 16) }
    /// The stream is over, and the place waits for its content to be consumed.
    static var over: StreamFlags { StreamFlags(rawValue: 32) }
    /// Its priority came by PRIORITY_UPDATE, which counts more than the one of the head.
    static var isReprioritized: StreamFlags { StreamFlags(rawValue: 64) }
    /// Its content is useful in pieces, so it may take turns with others (RFC 9218 section 4.2).
    static var incremental: StreamFlags { StreamFlags(rawValue: 128) }
    /// Nobody wants what comes on it: it waits for the peer's END_STREAM.
    static var left: StreamFlags { StreamFlags(rawValue: 256) }
    /// It has waited for a while.
    static var leftLong: StreamFlags { StreamFlags(rawValue: 512) }
}

/// What a stream has to send.
@usableFromInline
package enum SendReadiness: UInt8, BitwiseCopyable, Sendable {
    /// Nothing now.
    case nothing
    /// A field block, or an end without content: what no window holds back.
    case frames
    /// Content.
    case content
}

/// One stream.
@usableFromInline
struct StreamRecord: BitwiseCopyable {
    /// The handle by which the driver names it; the next one's when the place is free.
    @usableFromInline var handle: Int32
    /// The stream's number; 0 while a client has not sent its head.
    @usableFromInline var number: UInt32 = 0
    /// The driver's number for it.
    @usableFromInline var tag: UInt32 = .max
    /// How much content may be sent, in bytes; may be below zero (RFC 9113 section 6.9.2).
    @usableFromInline var sendWindow: Int32 = 0
    /// How much content may be received.
    var receiveWindow = ReceiveWindow(size: 0, available: 0, now: 0)
    /// Content that was announced by DATA frames and has not been consumed, in bytes.
    var unconsumed: Int32 = 0
    /// Content that is still to come by the message's Content-Length; -1 if there is none.
    var expected: Int64 = -1
    /// Its neighbours in the list that it is in; `before` is also the next free place.
    var before = StreamTable.none
    var after = StreamTable.none
    var flags: StreamFlags = []
    /// 0 to 7, 0 first (RFC 9218 section 4.1).
    var urgency: UInt8 = StreamPriority.usual.urgency
    var readiness = SendReadiness.nothing
    /// Which list it is in.
    var listed = SendList.none

    /// What the stream is, in the words of RFC 9113 section 5.1. It has begun.
    var state: StreamState {
        switch (flags.contains(.remoteEnded), flags.contains(.localEnded)) {
        case (false, false): .open
        case (false, true): .halfClosedLocal
        case (true, false): .halfClosedRemote
        case (true, true): .ended
        }
    }
}
