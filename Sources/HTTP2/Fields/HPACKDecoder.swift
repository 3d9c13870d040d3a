// Blocks of fields become sections (RFC 7541). One decoder for each connection and direction, as its table is what all
// blocks before have made of it.

import MartletHTTPCore

/// Decodes blocks of fields, whose order matters: also those of streams that nobody wants any more.
package struct HPACKDecoder: ~Copyable {
    /// How large the table of either end may be before anything is said about it (RFC 9113 section 6.5.2).
    package static let initialTableBytes = 4096

    var table: DynamicTable
    /// How large the peer may make the table now.
    private var limit: Int
    /// What `limit` is when the peer has acknowledged our settings.
    private let announced: Int
    /// The next block has to begin with a smaller size.
    private var needsSizeUpdate = false
    let fixed = StaticTable.shared
    let huffman = HuffmanDecoder.shared

    /// A decoder with an empty table.
    ///
    /// - Parameter tableBytes: what we announce as SETTINGS_HEADER_TABLE_SIZE, at most 65,536. The table takes no more
    ///   memory than that, or 4,096 bytes, the size until the peer knows of another; none before the first field comes.
    package init(tableBytes: Int) {
        announced = tableBytes
        limit = max(tableBytes, Self.initialTableBytes)
        table = DynamicTable(bound: limit, most: Self.initialTableBytes)
    }

    /// The peer has acknowledged our settings. If the table has to be smaller than it is, the next block has to say so
    /// (RFC 7541 section 4.2).
    package mutating func settingsAcknowledged() {
        limit = announced
        needsSizeUpdate = table.most > limit
    }

    /// Decodes a whole block.
    ///
    /// - Parameter section: what becomes of the block; what it held before is forgotten.
    /// - Returns: what is wrong with the block, `nil` if nothing is. The connection then ends with COMPRESSION_ERROR.
    package mutating func decode(_ block: Span<UInt8>, into section: inout FieldSection) -> HPACKFault? {
        precondition(table.bound <= section.spare, "a section for smaller tables")
        section.removeAll()
        var position = 0
        do throws(HPACKFault) {
            try takeSizeUpdates(block, &position)
            while position < block.count {
                let byte = block[position]
                if byte >= 0x80 {
                    try takeIndexed(block, &position, into: &section)
                } else {
                    try takeLiteral(byte, block, &position, into: &section)
                }
            }
            return nil
        } catch {
            return error
        }
    }

    /// Gives back memory that is not needed now, for a connection that is idle.
    package mutating func trim() { table.trim() }

    /// An indexed field (RFC 7541 section 6.1).
    @inline(__always)
    private mutating func takeIndexed(
        _ block: Span<UInt8>, _ position: inout Int, into section: inout FieldSection
    ) throws(HPACKFault) {
        let index = try HPACKInteger.decode(block, &position, mask: 0x7F)
        if index > StaticTable.count {
            let place = index &- StaticTable.count &- 1
            guard place < table.count else { throw .badIndex }
            section.append(table.entry(at: place), in: table.bytes)
        } else {
            guard index > 0 else { throw .badIndex }
            section.append(fixed.entry(at: index), in: fixed.bytes)
        }
    }

    /// Changes of the table's size, which stand before the first field (RFC 7541 sections 4.2 and 6.3).
    @inline(__always)
    private mutating func takeSizeUpdates(_ block: Span<UInt8>, _ position: inout Int) throws(HPACKFault) {
        while position < block.count, block[position] & 0xE0 == 0x20 {
            let size = try HPACKInteger.decode(block, &position, mask: 0x1F)
            guard size <= limit else { throw .sizeUpdateTooLarge }
            table.resize(to: size)
            needsSizeUpdate = false
        }
        if needsSizeUpdate { throw .missingSizeUpdate }
    }
}
