// Heads that were composed as text of HTTP/1 become blocks of fields (RFC 7541). One encoder for each connection and
// direction, as its table is what all blocks before have made of it: they have to leave in the order they were encoded in.

import MartletHTTPCore

/// What was encoded.
package struct EncodedHead: BitwiseCopyable, Equatable, Sendable {
    /// The status of a response as it stands in the text; 0 for a request.
    package var status = 0
    /// How many bytes of the text the head has, with the blank line. What is behind them is content.
    package var textBytes = 0
    /// The value of Content-Length.
    package var contentLength: UInt64?
}

/// Encodes blocks of fields.
package struct HPACKEncoder: ~Copyable {
    /// What we know that the peer has in its table.
    var table: DynamicTable
    /// Whole lines in the table.
    var lines = LineIndex(places: 128)
    /// The newest line of each name that is not always given an index.
    var names = LineIndex(places: 64)
    /// The next block has to say how large the table is (RFC 7541 section 4.2).
    private var hasSizeUpdate: Bool
    /// The smallest size since the last block.
    private var smallest: Int
    /// Hashes of the last lines of fields whose values mostly change.
    var recent = InlineArray<8, UInt64>(repeating: 0)
    /// Strings are written in Huffman's code where that is shorter.
    let compresses: Bool
    let fixed = StaticTable.shared
    let huffman = HuffmanEncoder.shared

    /// An encoder with an empty table.
    ///
    /// - Parameter tableBytes: the bound of the memory for what the peer has in its table, at most 65,536, whatever the peer
    ///   allows. None is taken before the first field that gets an index.
    /// - Parameter compresses: strings are coded where that makes them shorter (RFC 7541 section 5.2), which takes longer to
    ///   write than as many bytes take to send within a network of servers.
    package init(tableBytes: Int, compresses: Bool = true) {
        self.compresses = compresses
        let most = min(tableBytes, HPACKDecoder.initialTableBytes)
        table = DynamicTable(bound: tableBytes, most: most)
        hasSizeUpdate = most < HPACKDecoder.initialTableBytes
        smallest = most
    }

    /// SETTINGS_HEADER_TABLE_SIZE of the peer came. The next block tells it what we make of that.
    package mutating func setPeerTableSize(_ bytes: Int) {
        let size = min(bytes, table.bound)
        if size == table.most, !hasSizeUpdate { return }
        smallest = hasSizeUpdate ? min(smallest, size) : size
        hasSizeUpdate = true
        table.resize(to: size)
    }

    /// Gives back memory that is not needed now, for a connection that is idle.
    package mutating func trim() {
        table.trim()
        guard table.count == 0 else { return }
        lines.removeAll()
        names.removeAll()
    }

    /// Writes the sizes that the table had since the last block: the smallest, then the one that it has now.
    @inline(__always)
    func writeSizeUpdate(into out: inout HeadWriter) {
        if hasSizeUpdate { writeSizes(into: &out) }
    }

    @inline(never)
    private func writeSizes(into out: inout HeadWriter) {
        if smallest < table.most { out.write(integer: smallest, mask: 0x1F, pattern: 0x20) }
        out.write(integer: table.most, mask: 0x1F, pattern: 0x20)
    }

    /// A block has been written, and is as good as sent.
    @inline(__always)
    mutating func finish() { hasSizeUpdate = false }

    /// Takes back what has been written of a block behind the first `start` bytes of `out`. What was put into our table will
    /// not be in the peer's, so both are emptied: the next block says so.
    @inline(never)
    mutating func abandon(_ out: inout HeadWriter, from start: Int) {
        out.removeLast(to: start)
        table.removeAll()
        hasSizeUpdate = true
        smallest = 0
    }
}
