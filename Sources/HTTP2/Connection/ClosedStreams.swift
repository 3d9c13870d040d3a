// What is remembered of streams that are gone: frames may still be under way for some of them.

/// How a stream ended.
enum StreamEnd: UInt8, BitwiseCopyable, CaseIterable {
    /// It never began: a stream with a higher number did (RFC 9113 section 5.1.1).
    case skipped = 0
    /// Both sides have said all they had to say.
    case ended = 1
    /// The peer has reset it.
    case resetByPeer = 2
    /// It was reset here: the peer may not know yet.
    case resetHere = 3
}

/// How the streams ended that were the last to begin, two bits for each of 64 numbers.
struct ClosedStreams: BitwiseCopyable {
    /// The highest number that has been used, 0 for none. Only odd ones are.
    private(set) var highest: UInt32 = 0
    /// Bit 0 is the highest number, bit 1 the odd number below.
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    /// A stream with a number above all others begins.
    @inline(__always)
    mutating func begin(_ number: UInt32) {
        let step = UInt64(number &- highest) / 2 &+ (highest == 0 ? 1 : 0)
        low = step < 64 ? low &<< step : 0
        high = step < 64 ? high &<< step : 0
        highest = number
    }

    /// A stream that has begun is gone.
    @inline(__always)
    mutating func end(_ number: UInt32, _ end: StreamEnd) {
        let age = UInt64(highest &- number) / 2
        if age > 63 { return }
        let mask: UInt64 = 1 &<< age
        low = low & ~mask | UInt64(end.rawValue & 1) &<< age
        high = high & ~mask | UInt64(end.rawValue &>> 1) &<< age
    }

    /// How a stream ended that is gone; nil if that is too long ago.
    func end(of number: UInt32) -> StreamEnd? {
        let age = UInt64(highest &- number) / 2
        if age > 63 { return nil }
        return StreamEnd(rawValue: UInt8(low &>> age & 1 | (high &>> age & 1) &<< 1))
    }
}
