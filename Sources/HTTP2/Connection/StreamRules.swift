// Which frames may come for which streams: the table of RFC 9113 section 5.1, every cell written.

/// What a stream is, as far as the peer's frames are concerned. There are no reserved streams: nothing is pushed.
enum StreamState: BitwiseCopyable, Equatable, CaseIterable {
    /// It has not begun.
    case idle
    /// Both sides send.
    case open
    /// We have said all.
    case halfClosedLocal
    /// The peer has said all.
    case halfClosedRemote
    /// Both have said all.
    case ended
    /// The peer has reset it.
    case resetByPeer
    /// It was reset here.
    case resetHere
    /// A stream with a higher number began instead.
    case skipped
    /// It is gone, and nobody knows any more how.
    case forgotten
}

/// The frames for which the state of a stream matters. PRIORITY may come at any time.
enum StreamFrame: BitwiseCopyable, Equatable, CaseIterable {
    case data
    case headers
    case reset
    case windowUpdate
}

/// What becomes of a frame.
enum StreamVerdict: BitwiseCopyable, Equatable {
    /// It counts.
    case take
    /// It was under way when the stream ended, and means nothing.
    case ignore
    /// A rule that concerns the stream.
    case reset(HTTP2Fault)
    /// A rule that concerns the connection.
    case fail(HTTP2Fault)
}

enum StreamRules {
    /// What becomes of a frame for a stream in a state. HEADERS on an idle stream are taken where they begin one: by a
    /// server.
    static func verdict(_ frame: StreamFrame, in state: StreamState) -> StreamVerdict {
        switch frame {
        case .data: data(in: state)
        case .headers: headers(in: state)
        case .reset, .windowUpdate: trailing(in: state)
        }
    }

    private static func data(in state: StreamState) -> StreamVerdict {
        switch state {
        case .idle: .fail(.frameOnIdleStream)
        case .open, .halfClosedLocal: .take
        case .halfClosedRemote: .reset(.frameAfterEnd)
        case .ended, .skipped: .fail(.frameAfterClose)
        case .resetByPeer: .reset(.frameAfterReset)
        case .resetHere, .forgotten: .ignore
        }
    }

    private static func headers(in state: StreamState) -> StreamVerdict {
        switch state {
        case .idle, .open, .halfClosedLocal: .take
        case .halfClosedRemote: .reset(.frameAfterEnd)
        case .ended: .fail(.frameAfterClose)
        case .resetByPeer, .forgotten: .reset(.frameAfterReset)
        case .resetHere: .ignore
        case .skipped: .fail(.streamNotAscending)
        }
    }

    /// RST_STREAM and WINDOW_UPDATE, which the peer may have sent before it knew of the end.
    private static func trailing(in state: StreamState) -> StreamVerdict {
        switch state {
        case .idle: .fail(.frameOnIdleStream)
        case .open, .halfClosedLocal, .halfClosedRemote: .take
        case .ended, .resetByPeer, .resetHere, .skipped, .forgotten: .ignore
        }
    }
}
