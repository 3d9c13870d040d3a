// Random numbers for request ids.

/// xoroshiro128+ (Blackman and Vigna, 2018): fast, and good enough for names that need only be unlikely to repeat. Not
/// for secrets.
struct RandomBits {
    private var a: UInt64
    private var b: UInt64

    init(seed a: UInt64, _ b: UInt64) {
        self.a = a | 1
        self.b = b
    }

    mutating func next() -> UInt64 {
        let result = a &+ b
        let mixed = a ^ b
        a = (a << 24 | a >> 40) ^ mixed ^ mixed << 16
        b = mixed << 37 | mixed >> 27
        return result
    }
}
