// The rules that a peer can break. One case per rule.

/// A rule of RFC 9113 or RFC 9218 that the peer broke, or a bound of ours that it passed.
@usableFromInline
package enum HTTP2Fault: UInt8, Error, BitwiseCopyable, Equatable, Sendable, CaseIterable {
    // The beginning of a connection (RFC 9113 section 3.4).
    /// What a client sent first is not the connection preface.
    case badPreface
    /// The first frame is not SETTINGS.
    case settingsMissing

    // Any frame (sections 4.1 to 4.3).
    /// A payload above the size that we announced.
    case frameTooLarge
    /// Another frame within a field block.
    case continuationExpected
    /// CONTINUATION without a field block that it could continue.
    case unexpectedContinuation
    /// Padding as large as the payload or larger (sections 6.1 and 6.2).
    case paddingTooLong
    /// A field block that cannot be decoded (section 4.3); the driver finds it.
    case compression

    // Frames on streams where they cannot be (section 6).
    /// DATA on stream 0.
    case dataOnConnection
    /// HEADERS on stream 0.
    case headersOnConnection
    /// PRIORITY on stream 0.
    case priorityOnConnection
    /// RST_STREAM on stream 0.
    case resetOnConnection
    /// SETTINGS on a stream.
    case settingsOnStream
    /// PING on a stream.
    case pingOnStream
    /// GOAWAY on a stream.
    case goAwayOnStream
    /// PRIORITY_UPDATE on a stream (RFC 9218 section 7.1).
    case priorityUpdateOnStream

    // Sizes (section 6).
    /// DATA or HEADERS with flags for more than its payload has.
    case payloadTooShort
    /// RST_STREAM that has not 4 bytes.
    case resetSize
    /// SETTINGS whose size is not a multiple of 6.
    case settingsSize
    /// An acknowledgement of SETTINGS that is not empty.
    case settingsAckSize
    /// PING that has not 8 bytes.
    case pingSize
    /// GOAWAY of less than 8 bytes.
    case goAwaySize
    /// WINDOW_UPDATE that has not 4 bytes.
    case windowUpdateSize
    /// PRIORITY_UPDATE of less than 4 bytes.
    case priorityUpdateSize
    /// PRIORITY that has not 5 bytes; of its stream.
    case prioritySize

    // Settings (section 6.5.2).
    /// ENABLE_PUSH other than 0 and 1, or 1 from a server.
    case badEnablePush
    /// INITIAL_WINDOW_SIZE above 2^31 - 1.
    case badInitialWindow
    /// MAX_FRAME_SIZE outside of 16,384 to 2^24 - 1.
    case badMaxFrame
    /// ENABLE_CONNECT_PROTOCOL other than 0 and 1, or 0 after 1 (RFC 8441 section 3).
    case badEnableConnect
    /// NO_RFC7540_PRIORITIES other than 0 and 1, or changed (RFC 9218 section 2.1).
    case badNoPriorities
    /// An acknowledgement of settings that were not sent.
    case unexpectedSettingsAck
    /// Our settings were not acknowledged in time.
    case settingsTimeout

    // Streams (section 5.1).
    /// A frame, other than HEADERS of a client or PRIORITY, for a stream that has not begun.
    case frameOnIdleStream
    /// A client's stream with an even number (section 5.1.1).
    case evenStream
    /// A stream with a number below one that was used before (section 5.1.1).
    case streamNotAscending
    /// A frame for a stream that ended in both directions.
    case frameAfterClose
    /// A frame behind END_STREAM; of its stream.
    case frameAfterEnd
    /// A frame behind RST_STREAM; of its stream.
    case frameAfterReset
    /// More streams than we announced (section 5.1.2); of the stream.
    case tooManyStreams
    /// PUSH_PROMISE, which we have declined or a client cannot send (section 8.4).
    case pushPromise
    /// A stream that depends on itself (RFC 7540 section 5.3.1); of its stream.
    case selfDependency

    // Messages (section 8.1), of their streams.
    /// Content before the head of a response.
    case dataBeforeHead
    /// A second field block that does not end the stream.
    case trailersWithoutEnd
    /// More content than Content-Length says (section 8.1.1).
    case contentTooLong
    /// Less content than Content-Length says.
    case contentTooShort

    // Flow control (sections 5.2 and 6.9).
    /// More than the connection's window.
    case connectionWindowExceeded
    /// More than a stream's window; of the stream.
    case streamWindowExceeded
    /// WINDOW_UPDATE by 0 of the connection.
    case zeroIncrement
    /// WINDOW_UPDATE by 0; of its stream.
    case zeroStreamIncrement
    /// WINDOW_UPDATE that takes the connection's window above 2^31 - 1.
    case connectionWindowOverflow
    /// WINDOW_UPDATE that takes a stream's window above 2^31 - 1; of the stream.
    case streamWindowOverflow
    /// INITIAL_WINDOW_SIZE that takes a stream's window above 2^31 - 1.
    case initialWindowOverflow

    // Priorities and the end.
    /// PRIORITY_UPDATE from a server (RFC 9218 section 7.1).
    case priorityUpdateFromServer
    /// PRIORITY_UPDATE for stream 0, or for a push that nobody promised.
    case priorityUpdateTarget
    /// A GOAWAY that takes in more streams than the one before (section 6.8).
    case goAwayIncreased

    // Abuse (section 10.5).
    /// Too many streams that the peer resets, or makes us reset.
    case tooManyResets
    /// Too many frames that bring nothing forward.
    case tooManyIdleFrames
    /// Too many CONTINUATION frames in a field block.
    case tooManyContinuations
    /// A field block of too many bytes.
    case blockTooLarge
    /// A field block that does not end in time.
    case blockTimeout
    /// The peer does not read what it makes us send.
    case outputTooLarge
}
