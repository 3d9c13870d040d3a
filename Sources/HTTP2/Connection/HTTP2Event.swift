// What a machine tells its driver of the bytes that came.

import MartletHTTPCore

/// Where a field block stands that is whole.
@usableFromInline
package enum BlockLocation: BitwiseCopyable, Equatable, Sendable {
    /// In the bytes that were received.
    case received(ByteRange)
    /// In the machine's `gatheredBlock`, put together from several frames; until the next call of `next`.
    case gathered
}

/// What the next frame means, or the next piece of one. `place` is the stream's handle.
@usableFromInline
package enum HTTP2Event: BitwiseCopyable, Equatable, Sendable {
    /// Nothing more can be made of the bytes. Those from the position on are the beginning of a frame: they have to be
    /// offered again with what follows them.
    case needsMore
    /// Dealt with; there may be more.
    case handled
    /// A field block for a stream: the head of a request or response (`isNew` for the first of a stream), an interim
    /// response, or trailers. It has to be decoded before the next call.
    case headers(place: Int32, isNew: Bool, endStream: Bool, block: BlockLocation)
    /// A field block that is of no use, since its stream is refused or gone. It has to be decoded all the same: the
    /// decoder's table depends on it. `refusal` is why a stream that would have begun with it has been reset.
    case discardedHeaders(block: BlockLocation, refusal: HTTP2Fault?)
    /// A piece of a stream's content, which may be empty if it is the last. It counts as unconsumed until `consumed` is
    /// told.
    case data(place: Int32, range: ByteRange, endStream: Bool)
    /// The stream is gone. `fault` is the rule that the peer broke (RST_STREAM is in the output); without one the peer has
    /// reset the stream, with `code`. With `noError` after a whole response, a server only wants no more of the request.
    case reset(place: Int32, code: HTTP2ErrorCode, fault: HTTP2Fault?)
    /// The stream is gone, and the server has not worked on it: the request may go elsewhere, whatever it is.
    case unprocessed(place: Int32)
    /// Streams that waited for a window can send now.
    case windowOpened
    /// The peer's settings have changed, windows among them: streams may be able to send now.
    case settings
    /// The peer ends the connection: it makes no new streams, or takes none.
    case goAway(HTTP2ErrorCode)
    /// The connection is over: the peer broke a rule that concerns all streams. GOAWAY is in the output; nothing is read
    /// any more, and every further call says the same.
    case failed(HTTP2Fault)
}
