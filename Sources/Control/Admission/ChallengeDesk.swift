// Puzzles for browsers, and their solutions.
//
// A puzzle is TIME.DIFFICULTY.CODE, where CODE is a keyed hash of the rest and of the client that it is for. A solution is the puzzle
// with a number behind it, such that the SHA-256 of all of it begins with DIFFICULTY zero bits. So nothing has to be kept: a
// solution shows that its puzzle was made here, for whom and when. To solve a puzzle twice brings nothing that once has not.
import Crypto
import MartletGuarding
import MartletProxy
import MartletProxyConfig

/// Gives puzzles to clients, and looks at what they bring.
struct ChallengeDesk: Challenger {
    /// How far the clocks of two proxies with one secret may differ, in seconds.
    private static let leeway: Int64 = 60

    private let secret: StickySecret
    private let difficulty: Int
    private let passSeconds: Int64
    /// Seconds since 1970.
    private let now: @Sendable () -> Int64

    init(
        _ configuration: ChallengeConfiguration, secret: StickySecret,
        now: @escaping @Sendable () -> Int64 = { WallClock.seconds }
    ) {
        self.secret = configuration.secret.map { StickySecret($0) } ?? secret
        difficulty = configuration.difficulty
        passSeconds = configuration.passFor.components.seconds
        self.now = now
    }

    func puzzle(for client: ChallengedClient) -> [UInt8] {
        let front = Array("\(String(now(), radix: 16)).\(difficulty)".utf8)
        return front + [0x2E] + code(front, client)
    }

    func fault(of solution: [UInt8]?, from client: ChallengedClient) -> ChallengeFault? {
        guard let solution else { return .missing }
        guard let parts = PuzzleParts(solution) else { return .malformed }
        if !ConstantTime.equals(code(parts.front, client), parts.code) { return .foreign }
        let age = now() - parts.time
        // One that was too easy for what the config says now counts as one that is over.
        if age >= passSeconds || age < -Self.leeway || parts.difficulty < difficulty { return .expired }
        return Self.zeroBits(Array(SHA256.hash(data: solution))) >= parts.difficulty ? nil : .wrong
    }

    private func code(_ front: [UInt8], _ client: ChallengedClient) -> [UInt8] {
        // No other code that is made with the secret begins so: names of upstreams are not empty.
        var message: [UInt8] = [0] + Array("challenge".utf8)
        for half in Self.network(client) {
            for shift in stride(from: UInt64(56), through: 0, by: -8) { message.append(UInt8(half >> shift & 0xFF)) }
        }
        message += front + [0] + client.userAgent
        return Array(secret.code(message).utf8)
    }

    /// The client's network: addresses in it are given out anew, while their owner stays the same.
    private static func network(_ client: ChallengedClient) -> [UInt64] {
        let isIPv4 = client.high == 0 && client.low >> 32 == 0xFFFF
        return isIPv4 ? [client.high, client.low & ~0xFF] : [client.high, 0]
    }

    private static func zeroBits(_ digest: [UInt8]) -> Int {
        guard let first = digest.firstIndex(where: { $0 != 0 }) else { return digest.count * 8 }
        return first * 8 + digest[first].leadingZeroBitCount
    }
}

/// A solution, taken apart.
private struct PuzzleParts {
    /// Longer than any that the page's script makes.
    private static let longest = 55

    let time: Int64
    let difficulty: Int
    /// What stands before the code.
    let front: [UInt8]
    let code: [UInt8]

    init?(_ solution: [UInt8]) {
        if solution.count > Self.longest { return nil }
        let parts = solution.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard parts.count == 4, !parts[3].isEmpty, parts[3].allSatisfy({ (0x30...0x39).contains($0) }),
            let time = Int64(String(decoding: parts[0], as: UTF8.self), radix: 16),
            let difficulty = Int(String(decoding: parts[1], as: UTF8.self))
        else { return nil }
        self.time = time
        self.difficulty = difficulty
        front = Array(parts[0]) + [0x2E] + Array(parts[1])
        code = Array(parts[2])
    }
}

/// Takes everybody for a browser, to see what would become of their requests.
struct OpenChallenge: Challenger {
    func puzzle(for client: ChallengedClient) -> [UInt8] { [] }

    func fault(of solution: [UInt8]?, from client: ChallengedClient) -> ChallengeFault? { nil }
}
