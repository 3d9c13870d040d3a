// The fields that have an index from the beginning (RFC 7541 appendix A).

import MartletHTTPCore

/// The static table, laid out as the lines of the dynamic table are. A value of pointers, made once.
struct StaticTable: BitwiseCopyable, Sendable {
    /// How many fields there are. Index 1 is the first; behind the last, the dynamic table begins.
    static let count = 61

    private let lines: LastingTable<UInt8>
    private let entries: LastingTable<TableEntry>
    /// For each known field the index of its name, 0 if it has none.
    private let indexes: LastingTable<UInt8>

    static let shared = StaticTable()

    private init() {
        var lines: [UInt8] = []
        var entries: [TableEntry] = []
        var indexes = [UInt8](repeating: 0, count: 64)
        for (index, (name, value)) in Self.fields.enumerated() {
            let known = KnownField(token: name.utf8.span)
            entries.append(
                TableEntry(
                    start: UInt32(lines.count), nameCount: UInt16(name.utf8.count),
                    valueCount: UInt16(value.utf8.count), known: known, pseudo: PseudoField(name: name.utf8.span)))
            lines += Array("\(name): \(value)\r\n".utf8)
            if known != .other { indexes[Int(known.rawValue)] = UInt8(index + 1) }
        }
        lines += [UInt8](repeating: 0, count: ByteStore.slack)
        self.lines = LastingTable(lines)
        self.entries = LastingTable(entries)
        self.indexes = LastingTable(indexes)
    }

    /// The bytes that the entries are in, with some slack behind.
    @inline(__always)
    var bytes: Span<UInt8> {
        @_lifetime(immortal)
        get { lines.span }
    }

    /// The entry of `index`, 1...61.
    @inline(__always)
    func entry(at index: Int) -> TableEntry { entries.span[index &- 1] }

    /// The index of the name of `field`, 0 if it has none.
    @inline(__always)
    func index(of field: KnownField) -> Int { Int(indexes.span[Int(field.rawValue)]) }

    /// Whether the entry of `index` has this value.
    @inline(__always)
    func has(_ value: Span<UInt8>, at index: Int) -> Bool {
        let entry = entry(at: index)
        guard value.count == Int(entry.valueCount) else { return false }
        let start = Int(entry.start) &+ Int(entry.nameCount) &+ 2
        return ByteScan.equals(value, bytes.extracting(start..<start &+ value.count))
    }

    /// The index of a name that `KnownField` does not list, 0 if it has none.
    func index(ofOther name: Span<UInt8>) -> Int {
        switch name.count {
        case 4: ByteScan.equals(name, lowercase: "link") ? 45 : ByteScan.equals(name, lowercase: "from") ? 37 : 0
        case 7: ByteScan.equals(name, lowercase: "refresh") ? 52 : 0
        case 13: ByteScan.equals(name, lowercase: "accept-ranges") ? 18 : 0
        case 14: ByteScan.equals(name, lowercase: "accept-charset") ? 15 : 0
        case 16:
            ByteScan.equals(name, lowercase: "content-language")
                ? 27 : ByteScan.equals(name, lowercase: "content-location") ? 29 : 0
        case 19: ByteScan.equals(name, lowercase: "content-disposition") ? 25 : 0
        case 25: ByteScan.equals(name, lowercase: "strict-transport-security") ? 56 : 0
        case 27: ByteScan.equals(name, lowercase: "access-control-allow-origin") ? 20 : 0
        default: 0
        }
    }

    private static let fields: [(name: String, value: String)] = [
        (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"), (":path", "/index.html"),
        (":scheme", "http"), (":scheme", "https"), (":status", "200"), (":status", "204"), (":status", "206"),
        (":status", "304"), (":status", "400"), (":status", "404"), (":status", "500"), ("accept-charset", ""),
        ("accept-encoding", "gzip, deflate"), ("accept-language", ""), ("accept-ranges", ""), ("accept", ""),
        ("access-control-allow-origin", ""), ("age", ""), ("allow", ""), ("authorization", ""),
        ("cache-control", ""), ("content-disposition", ""), ("content-encoding", ""), ("content-language", ""),
        ("content-length", ""), ("content-location", ""), ("content-range", ""), ("content-type", ""),
        ("cookie", ""), ("date", ""), ("etag", ""), ("expect", ""), ("expires", ""), ("from", ""), ("host", ""),
        ("if-match", ""), ("if-modified-since", ""), ("if-none-match", ""), ("if-range", ""),
        ("if-unmodified-since", ""), ("last-modified", ""), ("link", ""), ("location", ""), ("max-forwards", ""),
        ("proxy-authenticate", ""), ("proxy-authorization", ""), ("range", ""), ("referer", ""), ("refresh", ""),
        ("retry-after", ""), ("server", ""), ("set-cookie", ""), ("strict-transport-security", ""),
        ("transfer-encoding", ""), ("user-agent", ""), ("vary", ""), ("via", ""), ("www-authenticate", ""),
    ]
}
