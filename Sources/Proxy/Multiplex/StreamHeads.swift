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
        let connection = stream.tag & ~Self.serverTag
        let isSecure = upstreamStates[Int(servers[connection].upstream)].tls != nil
        return multiplexers[stream.index].encoder.encodeRequest(
            text, isSecure: isSecure, protocol: isConnectStream(connection) ? "websocket" : nil, into: &block)
    }

    /// How the content of a request is framed whose head leaves.
    func requestFraming(_ stream: SendingStream) -> ContentFraming {
        let exchange = servers[stream.tag & ~Self.serverTag].exchange
        if exchange == .max { return .none }
        // What follows an extended CONNECT is a tunnel's, until one of its ends says that it is over.
        return exchanges[exchange].upgrade >= 0 ? .untilClose : exchanges[exchange].requestFraming
    }
}
