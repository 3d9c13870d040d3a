// A hash table from (node, bytes) to node, in flat arrays.
import MartletHTTPCore

/// The edges of a trie. Open addressing with linear probing, at most half full; keys are hashed with a seed of their own,
/// so that nobody can choose request paths that collide.
struct SegmentTable: Sendable {
    struct Slot: BitwiseCopyable, Sendable {
        var node: UInt32 = .max
        var child: UInt32 = 0
        var start: UInt32 = 0
        var count: UInt32 = 0
        var hash: UInt64 = 0
    }

    private(set) var slots: [Slot]
    private(set) var text: [UInt8] = []
    let seed: UInt64
    /// A to Z are a to z.
    let isCaseless: Bool
    private var used = 0
    /// Bytes of the longest key: what is longer need not be hashed.
    private var longest = 0

    init(seed: UInt64, isCaseless: Bool) {
        self.seed = seed
        self.isCaseless = isCaseless
        slots = Array(repeating: Slot(), count: 16)
    }

    /// FNV-1a over the bytes, begun at node and seed, with a final mix (the last steps of MurmurHash3).
    private func hash(_ bytes: Span<UInt8>, node: UInt32) -> UInt64 {
        var hash = seed ^ (UInt64(node) &* 0x9E37_79B9_7F4A_7C15)
        for index in 0..<bytes.count {
            let byte = isCaseless ? ByteScan.lowercased(bytes[index]) : bytes[index]
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        hash ^= hash >> 33
        hash = hash &* 0xFF51_AFD7_ED55_8CCD
        return hash ^ hash >> 33
    }

    /// The child of `node` by `bytes`; `nil` if there is none. Adds the slots it looked at to `steps`.
    func child(of node: UInt32, _ bytes: Span<UInt8>, steps: inout Int) -> UInt32? {
        steps += 1
        if bytes.count > longest { return nil }
        let slots = self.slots.span
        let hash = hash(bytes, node: node)
        var index = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[index].node != .max {
            let slot = slots[index]
            if slot.hash == hash && slot.node == node && Int(slot.count) == bytes.count {
                let key = text.span.extracting(Int(slot.start)..<Int(slot.start + slot.count))
                let isEqual = isCaseless ? ByteScan.equalsIgnoringCase(key, bytes) : ByteScan.equals(key, bytes)
                if isEqual { return slot.child }
            }
            index = (index + 1) & (slots.count - 1)
            steps += 1
        }
        return nil
    }

    /// Adds an edge that is not there yet.
    mutating func insert(_ bytes: Span<UInt8>, under node: UInt32, child: UInt32) {
        if (used + 1) * 2 > slots.count { grow() }
        let hash = hash(bytes, node: node)
        let start = UInt32(text.count)
        for index in 0..<bytes.count { text.append(bytes[index]) }
        place(Slot(node: node, child: child, start: start, count: UInt32(bytes.count), hash: hash))
        used += 1
        longest = max(longest, bytes.count)
    }

    private mutating func place(_ slot: Slot) {
        var index = Int(truncatingIfNeeded: slot.hash) & (slots.count - 1)
        while slots[index].node != .max { index = (index + 1) & (slots.count - 1) }
        slots[index] = slot
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(), count: old.count * 2)
        for slot in old where slot.node != .max { place(slot) }
    }
}
