// Calls of gRPC-Web on their way to servers of gRPC.
//
//   client ──grpc-web──▶ head: type, TE ─▶ content: as it is, or out of Base64 ──grpc──▶ server
//   client ◀─grpc-web── head: type ◀─ messages: as they are, or Base64 ◀─ trailers: a last frame ◀─ server (WebResponses.swift)
//
// Nothing is gathered: each piece is translated as it comes, and back-pressure is that of all content.
import MartletEventLoop
import MartletGRPC
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Makes the request in `request`, on a route that translates, one of gRPC if it is one of gRPC-Web.
    mutating func noteWebCall(_ exchange: UInt32, _ arena: Span<UInt8>) {
        guard request.method == .post, exchanges[exchange].upgrade < 0,
            let type = request.fields.firstIndex(of: .contentType),
            let form = WebContentType(arena.extracting(request.fields[type].value))
        else { return }
        metrics.add(form.isText ? .webCallsText : .webCallsBinary)
        var web = WebCall()
        web.format = ByteRange(
            from: Int(request.fields[type].value.start) + Int(form.rest.start), to: request.fields[type].value.end)
        web.isTextRequest = form.isText
        web.isTextResponse = wantsText(arena) ?? form.isText
        web.hasOrigin = request.fields.present.contains(.origin)
        exchanges[exchange].call.web = web
        exchanges[exchange].flags.insert(.isWeb)
        dropWebFields(arena)
        if form.isText { loseLength(exchange) }
        beginCall(exchange, arena)
    }

    /// Whether the client wants text, if it says so.
    private func wantsText(_ arena: Span<UInt8>) -> Bool? {
        guard let accept = request.fields.firstIndex(of: .accept) else { return nil }
        return WebContentType.accepted(arena.extracting(request.fields[accept].value))
    }

    /// Takes out what is said of gRPC-Web, which is nothing for the server.
    private mutating func dropWebFields(_ arena: Span<UInt8>) {
        for index in 0..<request.fields.count {
            let line = request.fields[index]
            switch line.known {
            case .contentType, .accept: request.fields[index].isHopByHop = true
            case .other where ByteScan.equals(arena.extracting(line.name), lowercase: "x-grpc-web"):
                request.fields[index].isHopByHop = true
            default: continue
            }
        }
    }

    /// Text that is decoded has another length, which is not known before the end.
    private mutating func loseLength(_ exchange: UInt32) {
        guard case .length(let length) = request.framing, length > 0 else { return }
        request.framing = .chunked
        exchanges[exchange].requestFraming = .chunked
    }

    /// Writes the type of the content for the server.
    mutating func composeWebRequestType(_ arena: Span<UInt8>, _ exchange: UInt32) {
        writer.write("Content-Type: application/grpc")
        writer.write(arena, exchanges[exchange].call.web.format)
        writer.write("\r\n")
    }

    /// Decodes a piece of content that is Base64, in place; `false` when it is none.
    mutating func decodeWebText(_ buffer: inout Buffer, isLast: Bool, _ exchange: UInt32) -> Bool {
        if !exchanges[exchange].call.web.isTextRequest { return true }
        var bytes = buffer.mutableBytes
        let count = exchanges[exchange].call.web.decoder.decode(&bytes)
        buffer.keep(0..<count)
        if isLast { exchanges[exchange].call.web.decoder.end() }
        return !exchanges[exchange].call.web.decoder.isBroken
    }
}
