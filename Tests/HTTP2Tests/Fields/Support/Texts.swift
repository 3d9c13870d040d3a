// Heads composed as text of HTTP/1, encoded and decoded again.

import MartletHTTPCore
import Testing

@testable import MartletHTTP2

/// Lines with CR LF, and a blank one.
func text(_ lines: String...) -> [UInt8] {
    Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
}

/// What an encoder made of a text.
struct Encoded: Equatable {
    /// The block.
    var bytes: [UInt8] = []
    /// What a decoder with the same past makes of it.
    var fields: [String] = []
    var head = EncodedHead()
}

/// An encoder, and the decoder at the other end.
struct Writer: ~Copyable {
    var encoder: HPACKEncoder
    var reader: Reader

    init(tableBytes: Int = 4096, peerBytes: Int = 4096, compresses: Bool = true) {
        encoder = HPACKEncoder(tableBytes: tableBytes, compresses: compresses)
        reader = Reader(tableBytes: peerBytes, bytes: 100_000)
    }

    /// Encodes a response; `nil` if it was refused.
    mutating func response(_ text: [UInt8], room: Int = 8192) -> Encoded? {
        var out = HeadWriter(capacity: room)
        out.write("in front")
        let head = encoder.encodeResponse(text.span, into: &out)
        return read(head, out)
    }

    /// Encodes a request; `nil` if it was refused.
    mutating func request(
        _ text: [UInt8], isSecure: Bool = true, protocol name: StaticString? = nil, room: Int = 8192
    ) -> Encoded? {
        var out = HeadWriter(capacity: room)
        out.write("in front")
        let head = encoder.encodeRequest(text.span, isSecure: isSecure, protocol: name, into: &out)
        return read(head, out)
    }

    /// Encodes trailers; `nil` if they were refused.
    mutating func trailers(_ text: [UInt8], room: Int = 8192) -> Encoded? {
        var out = HeadWriter(capacity: room)
        out.write("in front")
        let count = encoder.encodeTrailers(text.span, into: &out)
        return read(count.map { EncodedHead(status: 0, textBytes: $0) }, out)
    }

    private mutating func read(_ head: EncodedHead?, _ out: borrowing HeadWriter) -> Encoded? {
        let all = array(out.bytes)
        #expect(all.starts(with: "in front".utf8))
        guard let head else {
            #expect(all.count == 8)
            return nil
        }
        let block = Array(all.dropFirst(8))
        let decoded = reader.read(block)
        // The two tables are the same, but for the letters that are capital here.
        let ours = lines(of: encoder.table).map { $0.lowercased() }
        #expect(ours == reader.table.map { $0.lowercased() } && encoder.table.size == reader.decoder.table.size)
        guard case .fields(let fields) = decoded else {
            Issue.record("not decoded: \(decoded)")
            return nil
        }
        return Encoded(bytes: block, fields: fields, head: head)
    }
}
