// The parts of a head that was composed as text of HTTP/1.

import MartletHTTPCore

/// What is known of a head while it is encoded.
struct BlockTask: BitwiseCopyable {
    /// How much had been written before.
    let start: Int
    var head = EncodedHead()
    var isRequest = false
    /// The head asks for, or takes over, another protocol.
    var isUpgrade = false
    /// The line that has become `:authority`.
    var host = HostLine()

    init(start: Int) { self.start = start }

    /// Whether a field is not for HTTP/2, here: it has become a pseudo-field, or belongs to the handshake by which HTTP/1
    /// goes over to WebSocket (RFC 8441 section 5).
    @inline(__always)
    func drops(_ known: KnownField, _ name: Span<UInt8>) -> Bool {
        if known == .host { return isRequest }
        return isUpgrade && known == .other && Self.isOfHandshake(name)
    }

    /// Notes the value of a Content-Length that is in the table.
    @inline(never)
    mutating func noteLength(in text: Span<UInt8>, _ spot: LineSpot) {
        guard let line = TextLine(text, spot), line.known == .contentLength else { return }
        head.contentLength = ByteNumber.decimal(text.extracting(line.value))
    }

    /// Such a line gets no index, so that one of an ordinary head is not found in the table when it must be left out.
    @inline(__always)
    static func isOfHandshake(_ name: Span<UInt8>) -> Bool {
        ByteScan.equals(name, lowercase: "sec-websocket-key")
            || ByteScan.equals(name, lowercase: "sec-websocket-accept")
    }
}

/// "HTTP/1.1 SP status SP reason".
struct StatusLineText: BitwiseCopyable {
    var status: Int
    /// Behind the line.
    var end: Int

    /// The line that `text` begins with, `nil` if it is another.
    @inline(__always)
    init?(_ text: Span<UInt8>) {
        guard text.count >= 15, text.word(at: 0) == RequestLineText.version, text[8] == 0x20 else { return nil }
        status = 0
        for index in 9..<12 {
            let digit = text[index] &- 0x30
            guard digit < 10 else { return nil }
            status = status &* 10 &+ Int(digit)
        }
        let stop = ByteScan.first(LineStop.self, in: text, from: 12)
        guard text.isLineEnd(at: stop), status >= 100 else { return nil }
        end = stop &+ 2
    }
}

/// "METHOD SP target SP HTTP/1.1".
struct RequestLineText: BitwiseCopyable {
    var method: ByteRange
    var target: ByteRange
    /// Behind the line.
    var end: Int

    /// "HTTP/1.1" as `word(at:)` reads it.
    static var version: UInt64 { 0x312E_312F_5054_5448 }

    /// The line that `text` begins with, `nil` if it is another.
    @inline(__always)
    init?(_ text: Span<UInt8>) {
        let stop = ByteScan.first(LineStop.self, in: text, from: 0)
        guard stop >= 12, text.isLineEnd(at: stop), text.word(at: stop &- 8) == Self.version else { return nil }
        var space = 0
        while space < stop, text[space] != 0x20 { space &+= 1 }
        guard space > 0, space &+ 1 < stop &- 9, text[stop &- 9] == 0x20 else { return nil }
        method = ByteRange(from: 0, to: space)
        target = ByteRange(from: space &+ 1, to: stop &- 9)
        end = stop &+ 2
    }

    /// Whether the method is CONNECT.
    @inline(__always)
    func isConnect(_ text: Span<UInt8>) -> Bool {
        HTTPMethod(name: text.extracting(method)) == .connect
    }

    /// Whether the target is one that `:path` can have.
    @inline(__always)
    func hasPath(_ text: Span<UInt8>) -> Bool {
        let first = text[Int(target.start)]
        return first == 0x2F || first == 0x2A && target.count == 1
    }
}

/// The line of Host.
struct HostLine: BitwiseCopyable {
    /// Where it begins, -1 if there is none.
    var start = -1
    var value = ByteRange()

    /// None.
    init() {}

    /// The first such line behind the start line, in which `text` goes on at `start`. It nearly always comes at once.
    @inline(__always)
    init(in text: Span<UInt8>, from start: Int) {
        var position = start
        while position &+ 8 <= text.count, text[position] != 0x0D {
            let end = ByteScan.first(LineStop.self, in: text, from: position)
            // "host:", whatever letters are capital; the colon stays one.
            if (text.word(at: position) | 0x2020_2020) & 0xFF_FFFF_FFFF == 0x3A_7473_6F68 {
                self.start = position
                value = ByteScan.trimmed(text, from: position &+ 5, to: max(end, position &+ 5))
                return
            }
            position = end &+ 2
        }
    }
}

/// Where a field line stands, without CR LF, and its hash if it has one.
struct LineSpot: BitwiseCopyable {
    var start: Int
    var end: Int
    var hash: UInt64 = 0
}

/// The parts of a field line.
struct TextLine: BitwiseCopyable {
    let spot: LineSpot
    let name: ByteRange
    let value: ByteRange
    let known: KnownField

    /// The line at `spot`, `nil` if it has no name.
    @inline(__always)
    init?(_ text: Span<UInt8>, _ spot: LineSpot) {
        var colon = ByteScan.first(PlainNameStop.self, in: text, from: spot.start)
        while colon < spot.end, text[colon] != 0x3A { colon &+= 1 }
        guard colon > spot.start, colon < spot.end else { return nil }
        self.spot = spot
        name = ByteRange(from: spot.start, to: colon)
        value = ByteScan.trimmed(text, from: colon &+ 1, to: spot.end)
        known = KnownField.lookup(text, from: spot.start, count: colon &- spot.start)
    }

    /// Whether the line is spelled as all lines in a table are: "name: value".
    @inline(__always)
    var isPlain: Bool { Int(value.start) == name.end &+ 2 && value.end == spot.end }

    /// The same for a table.
    var entry: TableEntry {
        TableEntry(
            nameCount: UInt16(truncatingIfNeeded: name.count), valueCount: UInt16(truncatingIfNeeded: value.count))
    }
}

extension Span where Element == UInt8 {
    /// Whether there is CR LF at `index`.
    @inline(__always)
    func isLineEnd(at index: Int) -> Bool {
        index &+ 1 < count && self[index] == 0x0D && self[index &+ 1] == 0x0A
    }
}
