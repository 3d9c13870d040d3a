// What becomes of a broken rule: the code that the peer is told, whom it concerns, and the words for logs.

extension HTTP2Fault {
    /// What the peer is told.
    package var code: HTTP2ErrorCode {
        switch self {
        case .compression: .compressionError
        case .frameTooLarge, .payloadTooShort, .resetSize, .settingsSize, .settingsAckSize, .pingSize, .goAwaySize,
            .windowUpdateSize, .priorityUpdateSize, .prioritySize:
            .frameSizeError
        case .badInitialWindow, .connectionWindowExceeded, .streamWindowExceeded, .connectionWindowOverflow,
            .streamWindowOverflow, .initialWindowOverflow:
            .flowControlError
        case .frameAfterClose, .frameAfterEnd, .frameAfterReset: .streamClosed
        case .tooManyStreams: .refusedStream
        case .settingsTimeout: .settingsTimeout
        case .tooManyResets, .tooManyIdleFrames, .tooManyContinuations, .blockTooLarge, .blockTimeout, .outputTooLarge:
            .enhanceYourCalm
        case .badPreface, .settingsMissing, .continuationExpected, .unexpectedContinuation, .paddingTooLong,
            .dataOnConnection, .headersOnConnection, .priorityOnConnection, .resetOnConnection, .settingsOnStream,
            .pingOnStream, .goAwayOnStream, .priorityUpdateOnStream, .badEnablePush, .badMaxFrame, .badEnableConnect,
            .badNoPriorities, .unexpectedSettingsAck, .frameOnIdleStream, .evenStream, .streamNotAscending,
            .pushPromise, .selfDependency, .dataBeforeHead, .trailersWithoutEnd, .contentTooLong, .contentTooShort,
            .zeroIncrement, .zeroStreamIncrement, .priorityUpdateFromServer, .priorityUpdateTarget, .goAwayIncreased:
            .protocolError
        }
    }

    /// It concerns one stream, which is reset; otherwise the connection ends (RFC 9113 section 5.4). On a stream that has
    /// not begun, which cannot be reset, these too end the connection.
    package var isOfStream: Bool {
        switch self {
        case .prioritySize, .frameAfterEnd, .frameAfterReset, .tooManyStreams, .selfDependency, .dataBeforeHead,
            .trailersWithoutEnd, .contentTooLong, .contentTooShort, .streamWindowExceeded, .zeroStreamIncrement,
            .streamWindowOverflow:
            true
        default: false
        }
    }

    /// A bound of ours was passed: the peer is abusive, or as good as that.
    package var isAbuse: Bool { code == .enhanceYourCalm }

    /// What was wrong in a few words, for logs; never shown to a peer.
    package var reason: StaticString {
        switch self {
        case .badPreface: "no connection preface"
        case .settingsMissing: "no SETTINGS at the beginning"
        case .frameTooLarge: "frame too large"
        case .continuationExpected: "another frame within a field block"
        case .unexpectedContinuation: "CONTINUATION without a field block"
        case .paddingTooLong: "more padding than payload"
        case .compression: "field block cannot be decoded"
        case .dataOnConnection: "DATA on stream 0"
        case .headersOnConnection: "HEADERS on stream 0"
        case .priorityOnConnection: "PRIORITY on stream 0"
        case .resetOnConnection: "RST_STREAM on stream 0"
        case .settingsOnStream: "SETTINGS on a stream"
        case .pingOnStream: "PING on a stream"
        case .goAwayOnStream: "GOAWAY on a stream"
        case .priorityUpdateOnStream: "PRIORITY_UPDATE on a stream"
        case .payloadTooShort: "payload shorter than its flags say"
        case .resetSize: "RST_STREAM of the wrong size"
        case .settingsSize: "SETTINGS of the wrong size"
        case .settingsAckSize: "SETTINGS acknowledged with a payload"
        case .pingSize: "PING of the wrong size"
        case .goAwaySize: "GOAWAY of the wrong size"
        case .windowUpdateSize: "WINDOW_UPDATE of the wrong size"
        case .priorityUpdateSize: "PRIORITY_UPDATE of the wrong size"
        case .prioritySize: "PRIORITY of the wrong size"
        case .badEnablePush: "bad ENABLE_PUSH"
        case .badInitialWindow: "bad INITIAL_WINDOW_SIZE"
        case .badMaxFrame: "bad MAX_FRAME_SIZE"
        case .badEnableConnect: "bad ENABLE_CONNECT_PROTOCOL"
        case .badNoPriorities: "bad NO_RFC7540_PRIORITIES"
        case .unexpectedSettingsAck: "settings acknowledged that were not sent"
        case .settingsTimeout: "settings not acknowledged"
        case .frameOnIdleStream: "frame for a stream that has not begun"
        case .evenStream: "stream with an even number"
        case .streamNotAscending: "stream number not above those before"
        case .frameAfterClose: "frame for a stream that has ended"
        case .frameAfterEnd: "frame behind END_STREAM"
        case .frameAfterReset: "frame behind RST_STREAM"
        case .tooManyStreams: "too many streams"
        case .pushPromise: "PUSH_PROMISE"
        case .selfDependency: "stream depends on itself"
        case .dataBeforeHead: "content before the head"
        case .trailersWithoutEnd: "trailers do not end the stream"
        case .contentTooLong: "more content than Content-Length"
        case .contentTooShort: "less content than Content-Length"
        case .connectionWindowExceeded: "more than the window of the connection"
        case .streamWindowExceeded: "more than the window of the stream"
        case .zeroIncrement: "WINDOW_UPDATE by 0 for the connection"
        case .zeroStreamIncrement: "WINDOW_UPDATE by 0"
        case .connectionWindowOverflow: "window of the connection too large"
        case .streamWindowOverflow: "window of a stream too large"
        case .initialWindowOverflow: "windows too large by INITIAL_WINDOW_SIZE"
        case .priorityUpdateFromServer: "PRIORITY_UPDATE from a server"
        case .priorityUpdateTarget: "PRIORITY_UPDATE for a stream that cannot be"
        case .goAwayIncreased: "GOAWAY takes in more streams than before"
        case .tooManyResets: "too many resets"
        case .tooManyIdleFrames: "too many frames without progress"
        case .tooManyContinuations: "too many CONTINUATION frames"
        case .blockTooLarge: "field block too large"
        case .blockTimeout: "field block does not end"
        case .outputTooLarge: "does not read what it asks for"
        }
    }
}
