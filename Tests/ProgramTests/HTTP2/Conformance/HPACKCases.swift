// Header blocks that cannot be decoded: h2spec's group "hpack".
import MartletTestSupport

extension ConformanceGroup {
    static let hpack = ConformanceGroup("hpack", [indices, sizes, strings, indexed, updates])

    private static let indices = ConformanceSection("hpack/2.3.3") { section in
        section.addBlock("an index beyond the tables") { $0 + HPACKWriter.indexed(70) }
        section.addBlock("a literal with such an index") { $0 + HPACKWriter.literal(nameOf: 70, "", .indexed) }
    }

    private static let sizes = ConformanceSection("hpack/4.2") { section in
        section.addBlock("a table size update at the end") { $0 + HPACKWriter.tableSize(1) }
    }

    private static let strings = ConformanceSection("hpack/5.2") { section in
        let name: [UInt8] = [0, 0x85, 0xf2, 0xb2, 0x4a, 0x84, 0xff]
        section.addBlock("Huffman with a whole byte of padding") { $0 + name + [0x84, 0x49, 0x50, 0x9f, 0xff] }
        section.addBlock("Huffman with zeros as padding") { $0 + name + [0x83, 0x49, 0x50, 0x90] }
        section.addBlock("Huffman with EOS") { $0 + name + [0x87, 0xff, 0xff, 0xff, 0xfd, 0x25, 0x42, 0x7f] }
    }

    private static let indexed = ConformanceSection("hpack/6.1") { section in
        section.addBlock("the index 0") { $0 + [0x80] }
    }

    private static let updates = ConformanceSection("hpack/6.3") { section in
        section.add("a table size beyond the setting", .connectionError([.compression])) { client in
            let size = Int(client.settings[Setting.tableSize] ?? 4_096) + 1
            return [.headers(1, HPACKWriter.tableSize(size) + client.server.block())]
        }
    }
}

extension ConformanceSection {
    /// A case with the block of a request that is spoilt.
    mutating func addBlock(_ title: String, _ spoil: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        add(title, .connectionError([.compression])) { [.headers(1, spoil($0.server.block()))] }
    }
}
