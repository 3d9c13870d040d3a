// Numbers in payloads: the high byte comes first.

extension Span where Element == UInt8 {
    /// The four bytes from `position` on as a number. Traps when they do not all lie inside.
    @inline(__always)
    func number32(at position: Int) -> UInt32 {
        UInt32(self[position]) &<< 24 | UInt32(self[position &+ 1]) &<< 16
            | UInt32(self[position &+ 2]) &<< 8 | UInt32(self[position &+ 3])
    }

    /// The same without the highest bit, which is reserved where a stream's number or a window's increment stands.
    @inline(__always)
    func number31(at position: Int) -> UInt32 { number32(at: position) & 0x7FFF_FFFF }

    /// The two bytes from `position` on as a number. Traps when they do not all lie inside.
    @inline(__always)
    func number16(at position: Int) -> UInt16 {
        UInt16(self[position]) &<< 8 | UInt16(self[position &+ 1])
    }
}
