// Heads, as they leave on streams: what was composed as text becomes a block of fields.
import MartletEventLoop
import MartletHTTP2
import MartletHTTPCore

extension ProxyDriver {
    /// Encodes the head at the front of `text` into `block`; `nil` when it is none.
    mutating func encodeHead(_ text: Span<UInt8>, _ stream: SendingStream) -> EncodedHead? {
        if stream.tag & Self.serverTag == 0 {
            return multiplexers[stream.index].encoder.encodeResponse(text, into: &block)
        }
        let upstream = Int(servers[stream.tag & ~Self.serverTag].upstream)
        return multiplexers[stream.index].encoder.encodeRequest(
            text, isSecure: upstreamStates[upstream].tls != nil, protocol: nil, into: &block)
    }

    /// How the content of a request is framed whose head leaves.
    func requestFraming(_ stream: SendingStream) -> ContentFraming {
        let exchange = servers[stream.tag & ~Self.serverTag].exchange
        return exchange == .max ? .none : exchanges[exchange].requestFraming
    }
}
