// What a server of gRPC says, frame by frame. Nothing here is shared with what is tested.

/// The answer to a call on stream 1.
enum CallAnswer {
    /// A frame of HTTP/2 (RFC 9113 section 4.1) with a short payload.
    static func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt8, _ payload: [UInt8] = []) -> [UInt8] {
        [0, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF), type, flags, 0, 0, 0, stream] + payload
    }

    static let settings = frame(4, 0, 0)
    static let settingsAnswer = frame(4, 1, 0)
    static let windowUpdate = frame(8, 0, 0, [0, 0, 1, 0])

    static func ping(_ text: String) -> [UInt8] { frame(6, 0, 0, Array(text.utf8)) }
    static func reset(_ code: UInt8) -> [UInt8] { frame(3, 0, 1, [0, 0, 0, code]) }
    static func goAway(last: UInt8) -> [UInt8] { frame(7, 0, 0, [0, 0, 0, last, 0, 0, 0, 0]) }

    /// HEADERS, whose fields go into no table (RFC 7541 section 6.2.2).
    static func fields(_ fields: [(String, String)], isLast: Bool) -> [UInt8] {
        var block: [UInt8] = []
        for (name, value) in fields {
            block += [0, UInt8(name.utf8.count)]
            block += name.utf8
            block.append(UInt8(value.utf8.count))
            block += value.utf8
        }
        return frame(1, isLast ? 5 : 4, 1, block)
    }

    static func head(_ status: String = "200", type: String? = "application/grpc", isLast: Bool = false) -> [UInt8] {
        fields([(":status", status)] + (type.map { [("content-type", $0)] } ?? []), isLast: isLast)
    }

    static func data(_ content: [UInt8], isLast: Bool = false) -> [UInt8] { frame(0, isLast ? 1 : 0, 1, content) }

    /// A message with its prefix.
    static func message(_ bytes: [UInt8], flags: UInt8 = 0) -> [UInt8] { [flags, 0, 0, 0, UInt8(bytes.count)] + bytes }

    static func status(_ status: String) -> [UInt8] { fields([("grpc-status", status)], isLast: true) }

    /// All that a server says on a connection: its settings, and these frames.
    static func call(_ frames: [UInt8]...) -> [UInt8] { settings + frames.flatMap { $0 } }

    /// A response whose status is a number of ServingStatus.
    static func serving(_ status: UInt8) -> [UInt8] {
        call(head(), data(message([8, status])), self.status("0"))
    }

    /// A call that fails before its response has content.
    static func failure(_ status: String) -> [UInt8] {
        call(
            fields([(":status", "200"), ("content-type", "application/grpc"), ("grpc-status", status)], isLast: true))
    }
}
