// Frames made of numbers: most are as they should be, so that the others meet a machine that is somewhere.

import MartletHTTP2

/// Frames as a peer sends them that keeps most of the rules.
struct FrameBytes {
    private let role: HTTP2Role
    /// Streams that have begun: 1, 3, 5, … up to this.
    private var highest: UInt32
    /// The stream whose field block is incomplete, 0 for none.
    private var incomplete: UInt32 = 0

    /// - Parameter role: of the one that receives the frames; a client has begun streams up to 7.
    private init(to role: HTTP2Role) {
        self.role = role
        highest = role == .client ? 7 : 0
    }

    /// A frame for each four bytes of `input`: what it is, and three numbers that it is made of.
    static func frames(_ input: [UInt8], to role: HTTP2Role, _ random: inout Randomness) -> [UInt8] {
        var maker = FrameBytes(to: role)
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: input.count - 3, by: 4) where bytes.count < 60_000 {
            bytes += maker.frame(Array(input[start..<start + 4]), &random)
        }
        return bytes
    }

    private static let kinds: [FrameType] = [
        .data, .data, .data, .data, .headers, .headers, .headers, .headers, .priority, .resetStream, .settings, .ping,
        .windowUpdate, .windowUpdate, .priorityUpdate, .goAway,
    ]

    private mutating func frame(_ numbers: [UInt8], _ random: inout Randomness) -> [UInt8] {
        var kind = Self.kinds[Int(numbers[0] % 16)]
        if incomplete != 0, !random.oneIn(40) { kind = .continuation }
        if random.oneIn(300) { kind = random.pick(FrameType.allCases) }
        if kind == .priorityUpdate && role == .client || kind == .goAway && !random.oneIn(8) { kind = .ping }
        if highest == 0, kind == .data || kind == .resetStream || kind == .windowUpdate { kind = .headers }
        let type = random.oneIn(100) ? UInt8(random.below(256)) : kind.rawValue
        let stream = random.oneIn(150) ? UInt32(random.below(20)) : stream(kind, numbers[2])
        let flags = random.oneIn(150) ? numbers[1] : flags(kind, numbers[1], &random)
        note(kind, flags, stream)
        let size = Int(numbers[3])
        let payload = random.oneIn(150) ? some(size, &random) : payload(kind, flags, stream, size, &random)
        let length = random.oneIn(400) ? random.below(20_000) : payload.count
        return Array(Self.big(UInt32(length)).dropFirst()) + [type, flags] + Self.big(stream) + payload
    }

    /// A stream where such a frame can be.
    private func stream(_ kind: FrameType, _ number: UInt8) -> UInt32 {
        switch kind {
        case .settings, .ping, .goAway, .priorityUpdate: 0
        case .continuation: incomplete
        case .headers where role == .server && (highest == 0 || number < 150): highest + (highest == 0 ? 1 : 2)
        case .windowUpdate where number < 60: 0
        case .data, .headers, .priority, .resetStream, .windowUpdate, .pushPromise:
            UInt32(number) % max(highest / 2 + 1, 1) * 2 + 1
        }
    }

    /// Flags that such a frame can have.
    private func flags(_ kind: FrameType, _ number: UInt8, _ random: inout Randomness) -> UInt8 {
        switch kind {
        case .headers: number & 0x28 | (random.oneIn(4) ? 1 : 0) | (random.oneIn(8) ? 0 : 4)
        case .data: number & 8 | (random.oneIn(6) ? 1 : 0)
        case .continuation: number & 4
        case .ping: number & 1
        case .settings: random.oneIn(20) ? 1 : 0
        case .priority, .resetStream, .goAway, .windowUpdate, .priorityUpdate, .pushPromise: number & 0xF0
        }
    }

    private mutating func note(_ kind: FrameType, _ flags: UInt8, _ stream: UInt32) {
        if kind == .headers, role == .server, stream % 2 == 1 { highest = max(highest, stream) }
        if kind == .headers || kind == .continuation { incomplete = flags & 4 == 0 ? stream : 0 }
    }

    private func payload(
        _ kind: FrameType, _ flags: UInt8, _ stream: UInt32, _ size: Int, _ random: inout Randomness
    ) -> [UInt8] {
        switch kind {
        case .data:
            let content = some(random.oneIn(20) ? size * 60 : size, &random)
            return flags & 8 == 0 ? content : [UInt8(random.below(min(content.count, 255) + 1))] + content
        case .headers:
            let rest = some(size / 4, &random)
            let priority = flags & 0x20 == 0 ? [] : Self.big(random.oneIn(100) ? stream : 0) + [7]
            return (flags & 8 == 0 ? [] : [UInt8(random.below(rest.count + 1))]) + priority + rest
        case .priority: return Self.big(random.oneIn(50) ? stream : stream &+ 2) + [7]
        case .resetStream: return Self.big(UInt32(random.below(15)))
        case .settings: return flags & 1 == 1 ? [] : (0..<size % 4).flatMap { _ in setting(&random) }
        case .ping: return random.oneIn(3) ? Array("martlet!".utf8) : some(8, &random)
        case .goAway: return Self.big(random.oneIn(9) ? 3 : 5) + Self.big(0) + some(size % 5, &random)
        case .windowUpdate: return Self.big(random.oneIn(100) ? .max >> 1 : UInt32(size) * UInt32(size) + 1)
        case .priorityUpdate:
            let field = random.pick(["u=1", "u=7, i", "i", "", "\"", "a=1,u=2"])
            return Self.big(UInt32(random.below(20)) * 2 + 1) + Array(field.utf8)
        case .continuation, .pushPromise: return some(size, &random)
        }
    }

    private func setting(_ random: inout Randomness) -> [UInt8] {
        let values: [(UInt8, UInt32)] = [
            (1, 0), (1, 4096), (1, .max), (2, 0), (3, 0), (3, 7), (4, 0), (4, 1), (4, 65_535), (4, 1 << 20),
            (5, 16_384),
            (5, 0xFF_FFFF), (6, 10), (8, 1), (7, 7), (10, 10),
        ]
        let (number, value) = random.pick(values)
        return [0, number] + Self.big(random.oneIn(50) ? UInt32(random.below(40_000)) << 16 : value)
    }

    private func some(_ count: Int, _ random: inout Randomness) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    /// A number in four bytes, the highest first.
    private static func big(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> UInt32(24 - 8 * $0)) }
    }
}
