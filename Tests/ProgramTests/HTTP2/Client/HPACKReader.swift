// Reads header blocks (RFC 7541), strictly: what an encoder must not do is a failure.
import MartletTestSupport

/// A decoder with its dynamic table.
struct HPACKReader {
    /// The newest entry first.
    private(set) var table: [HTTPField] = []
    /// What SETTINGS_HEADER_TABLE_SIZE we have told the encoder.
    var bound = 4_096
    /// What the encoder has said how large the table may be.
    private(set) var limit = 4_096
    /// The representations of the last block, by their first bits, such as "indexed", in order.
    private(set) var kinds: [Kind] = []

    /// How a field line was written.
    enum Kind: Equatable { case indexed, literalIndexed, literal, neverIndexed }

    /// The fields of a block.
    mutating func decode(_ block: [UInt8]) throws(TestFailure) -> [HTTPField] {
        var cursor = Cursor(bytes: block)
        var fields: [HTTPField] = []
        kinds = []
        while let first = cursor.peek {
            if first & 0xe0 == 0x20 {
                if !fields.isEmpty { throw TestFailure("a table size update behind a field") }
                try resize(try cursor.integer(bits: 5))
            } else {
                fields.append(try field(first, &cursor))
            }
        }
        return fields
    }

    private mutating func field(_ first: UInt8, _ cursor: inout Cursor) throws(TestFailure) -> HTTPField {
        if first & 0x80 != 0 {
            kinds.append(.indexed)
            return try entry(try cursor.integer(bits: 7))
        }
        let isIndexed = first & 0x40 != 0
        kinds.append(isIndexed ? .literalIndexed : first & 0x10 != 0 ? .neverIndexed : .literal)
        let index = try cursor.integer(bits: isIndexed ? 6 : 4)
        let name = try index == 0 ? cursor.string() : entry(index).name
        let field = HTTPField(name, try cursor.string())
        if isIndexed {
            table.insert(field, at: 0)
            evict()
        }
        return field
    }

    private func entry(_ index: Int) throws(TestFailure) -> HTTPField {
        if index >= 1 && index <= Self.fixed.count { return Self.fixed[index - 1] }
        let place = index - Self.fixed.count - 1
        if index < 1 || place >= table.count { throw TestFailure("no entry \(index) in the table") }
        return table[place]
    }

    private mutating func resize(_ size: Int) throws(TestFailure) {
        if size > bound { throw TestFailure("a table size of \(size) where \(bound) is allowed") }
        limit = size
        evict()
    }

    private mutating func evict() {
        while table.reduce(0, { $0 + $1.name.utf8.count + $1.value.utf8.count + 32 }) > limit { table.removeLast() }
    }

    /// What is left of a block.
    private struct Cursor {
        let bytes: [UInt8]
        var position = 0

        var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

        mutating func next() throws(TestFailure) -> UInt8 {
            guard let byte = peek else { throw TestFailure("a header block ends too early") }
            position += 1
            return byte
        }

        mutating func integer(bits: Int) throws(TestFailure) -> Int {
            let most = 1 << bits - 1
            var value = Int(try next()) & most
            if value < most { return value }
            for shift in stride(from: 0, through: 28, by: 7) {
                let byte = try next()
                value += Int(byte & 0x7f) << shift
                if byte & 0x80 == 0 { return value }
            }
            throw TestFailure("an integer of HPACK is too long")
        }

        mutating func string() throws(TestFailure) -> String {
            let isHuffman = (peek ?? 0) & 0x80 != 0
            let count = try integer(bits: 7)
            if bytes.count - position < count { throw TestFailure("a string of HPACK is too long") }
            let part = bytes[position..<position + count]
            position += count
            return String(decoding: try isHuffman ? HuffmanCode.decode(part) : Array(part), as: UTF8.self)
        }
    }

    /// The static table (RFC 7541 appendix A).
    private static let fixed: [HTTPField] = """
        :authority
        :method GET
        :method POST
        :path /
        :path /index.html
        :scheme http
        :scheme https
        :status 200
        :status 204
        :status 206
        :status 304
        :status 400
        :status 404
        :status 500
        accept-charset
        accept-encoding gzip, deflate
        accept-language
        accept-ranges
        accept
        access-control-allow-origin
        age
        allow
        authorization
        cache-control
        content-disposition
        content-encoding
        content-language
        content-length
        content-location
        content-range
        content-type
        cookie
        date
        etag
        expect
        expires
        from
        host
        if-match
        if-modified-since
        if-none-match
        if-range
        if-unmodified-since
        last-modified
        link
        location
        max-forwards
        proxy-authenticate
        proxy-authorization
        range
        referer
        refresh
        retry-after
        server
        set-cookie
        strict-transport-security
        transfer-encoding
        user-agent
        vary
        via
        www-authenticate
        """.split(separator: "\n").map { line in
            let parts = line.split(separator: " ", maxSplits: 1)
            return HTTPField(String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
}
