// What must come from the server, in the manner of h2spec: who may reset a stream, may end the connection as well.
import MartletTestSupport

/// Something that a test waits for. Whatever comes before is passed over, unless it says the contrary.
enum Expectation: Sendable {
    /// GOAWAY with one of these codes, or the end of the connection.
    case connectionError([ErrorCode])
    /// RST_STREAM or GOAWAY with one of these codes, or the end of the connection.
    case streamError([ErrorCode])
    /// GOAWAY with this code; the mere end of the connection does not do.
    case goAway(ErrorCode)
    /// RST_STREAM with this code.
    case reset(UInt32, ErrorCode)
    /// The end of the connection.
    case closed
    /// The head of a response, as the first one.
    case head(UInt32)
    /// The end of a stream, with or without content.
    case streamEnd(UInt32)
    /// DATA, the first of which holds so many bytes if a number is given.
    case data(UInt32, Int?)
    /// SETTINGS with ACK.
    case settingsAnswer
    /// SETTINGS without ACK, as the first frame.
    case settingsFirst
    /// PING with ACK and these bytes, as the first PING.
    case pingAnswer(String)
    /// The same, or the end of the connection.
    case pingAnswerOrEnd(String)

    fileprivate var mayEnd: Bool {
        switch self {
        case .connectionError, .streamError, .closed, .pingAnswerOrEnd: true
        default: false
        }
    }

    /// Whether a frame is what is waited for; `nil`: no, but it may still come.
    fileprivate func isMet(by frame: WireFrame) -> Bool? {
        let isAnswer = frame.flags.contains(.acknowledged)
        switch (self, frame.kind) {
        case (.connectionError(let codes), .goAway), (.streamError(let codes), .goAway),
            (.streamError(let codes), .reset):
            return codes.contains(frame.code) ? true : nil
        case (.goAway(let code), .goAway): return frame.code == code
        case (.reset(let stream, let code), .reset): return frame.stream == stream && frame.code == code
        case (.head(let stream), .headers): return frame.stream == stream
        case (.streamEnd(let stream), .headers), (.streamEnd(let stream), .data):
            return frame.stream == stream && frame.endsStream ? true : nil
        case (.streamEnd(let stream), .reset): return frame.stream == stream && frame.code == .noError ? true : nil
        case (.data(let stream, let count), .data):
            return frame.stream == stream && (count == nil || frame.payload.count == count)
        case (.settingsAnswer, .settings): return isAnswer
        case (.settingsFirst, _): return frame.kind == .settings && !isAnswer
        case (.pingAnswer(let text), .ping), (.pingAnswerOrEnd(let text), .ping):
            return isAnswer && frame.payload == WireFrame.ping(text).payload
        default: return nil
        }
    }
}

extension FrameClient {
    /// Waits for something.
    /// - Throws: when it does not come, or something else comes first that it excludes.
    func expect(_ expectation: Expectation, within time: Duration = patience) throws {
        let deadline = ContinuousClock.now + time
        while true {
            switch try next(within: max(.zero, deadline - .now)) {
            case .frame(let frame):
                guard let isMet = expectation.isMet(by: frame) else { continue }
                if isMet { return }
                throw failure("\(expectation)")
            case .gone where expectation.mayEnd: return
            case .nothing, .gone: throw failure("\(expectation)")
            }
        }
    }
}
