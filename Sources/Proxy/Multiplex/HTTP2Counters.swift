// What is counted of HTTP/2, by the side of the peer.
import MartletEventLoop
import MartletHTTP2
import MartletTelemetry

extension ProxyDriver {
    /// A stream was reset: by the peer, or by the machine for a rule that the peer broke.
    func noteReset(_ index: UInt32, _ fault: HTTP2Fault?) {
        let role = multiplexers[index].role
        if let fault {
            metrics.add(fault.counter(role))
            metrics.add(role == .server ? .http2ResetsByProxy : .upstreamHTTP2ResetsByProxy)
        } else {
            metrics.add(role == .server ? .http2ResetsByClient : .upstreamHTTP2ResetsByServer)
        }
    }

    /// A stream was refused by the machine before it began.
    func noteRefusal(_ index: UInt32, _ fault: HTTP2Fault) {
        if fault == .tooManyStreams { metrics.add(.http2StreamsRefused) } else { noteReset(index, fault) }
    }
}

extension HTTP2Fault {
    /// Where it is counted.
    /// - Parameter role: ours on the connection.
    func counter(_ role: HTTP2Role) -> Counter {
        switch role {
        case .server: .faultOfClient(kind)
        case .client: .faultOfServer(kind)
        }
    }

    private var kind: HTTP2FaultKind {
        switch self {
        case .tooManyResets: .resets
        case .tooManyIdleFrames: .idleFrames
        case .tooManyContinuations, .blockTooLarge, .blockTimeout: .continuations
        case .outputTooLarge: .output
        default:
            switch code {
            case .frameSizeError: .frameSize
            case .flowControlError: .flowControl
            case .compressionError: .compression
            case .settingsTimeout: .settingsTimeout
            default: .protocolError
            }
        }
    }
}
