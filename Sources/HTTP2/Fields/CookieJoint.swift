// Cookies that come in pieces, so that each can have an index, become one line again (RFC 9113 section 8.2.3).

import MartletHTTPCore

/// Where the cookie of a request stands that may be continued.
struct CookieJoint: BitwiseCopyable {
    /// Its place among the fields.
    var index = -1
    /// Where in the arena its last piece ended, with the line's end, so that a piece right behind can be moved up.
    var end = 0
}

extension FieldSection {
    /// Takes in one Cookie line. False if it is the first, and stays a line of its own.
    @inline(never)
    mutating func join(
        _ line: SectionLine, _ cookie: inout CookieJoint, in fields: inout FieldTable
    ) throws(SectionFault) -> Bool {
        defer { cookie.end = line.value.end + 2 }
        guard cookie.index >= 0 else {
            cookie.index = fields.count
            return false
        }
        if line.value.isEmpty { return true }
        var field = fields[cookie.index]
        // Nothing that is still needed stands between the two, unless there is another field.
        if Int(line.name.start) != cookie.end, field.value.end + 2 != used { try moveBehind(&field) }
        let place = field.value.end
        let count = Int(line.value.count)
        guard place + count + 4 <= writable else { throw .tooLarge }
        store.move(from: Int(line.value.start), to: place + 2, count: count)
        store.store(pair: 0x203B, at: place)
        store.store(pair: 0x0A0D, at: place + 2 + count)
        used = max(used, place + count + 4)
        field.value = ByteRange(from: Int(field.value.start), to: place + 2 + count)
        fields[cookie.index] = field
        return true
    }

    /// Moves a line to the end of the arena, where it can grow.
    private mutating func moveBehind(_ field: inout FieldLine) throws(SectionFault) {
        let start = Int(field.name.start)
        let length = field.value.end + 2 - start
        guard used + length <= writable else { throw .tooLarge }
        store.move(from: start, to: used, count: length)
        let value = used + Int(field.value.start) - start
        field.name = ByteRange(from: used, to: used + Int(field.name.count))
        field.value = ByteRange(from: value, to: value + Int(field.value.count))
        used += length
    }
}
