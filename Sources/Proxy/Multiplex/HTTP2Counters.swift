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
        case .server: clientCounter
        case .client: serverCounter
        }
    }

    private var clientCounter: Counter {
        switch self {
        case .tooManyResets: .http2FaultResets
        case .tooManyIdleFrames: .http2FaultIdleFrames
        case .tooManyContinuations, .blockTooLarge, .blockTimeout: .http2FaultContinuations
        case .outputTooLarge: .http2FaultOutput
        default:
            switch code {
            case .frameSizeError: .http2FaultFrameSize
            case .flowControlError: .http2FaultFlowControl
            case .compressionError: .http2FaultCompression
            case .settingsTimeout: .http2FaultSettingsTimeout
            default: .http2FaultProtocol
            }
        }
    }

    private var serverCounter: Counter {
        switch self {
        case .tooManyResets: .upstreamHTTP2FaultResets
        case .tooManyIdleFrames: .upstreamHTTP2FaultIdleFrames
        case .tooManyContinuations, .blockTooLarge, .blockTimeout: .upstreamHTTP2FaultContinuations
        case .outputTooLarge: .upstreamHTTP2FaultOutput
        default:
            switch code {
            case .frameSizeError: .upstreamHTTP2FaultFrameSize
            case .flowControlError: .upstreamHTTP2FaultFlowControl
            case .compressionError: .upstreamHTTP2FaultCompression
            case .settingsTimeout: .upstreamHTTP2FaultSettingsTimeout
            default: .upstreamHTTP2FaultProtocol
            }
        }
    }
}
