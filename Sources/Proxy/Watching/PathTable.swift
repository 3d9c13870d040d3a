// The paths that are asked for most, with their text.
import MartletHTTPCore
import MartletTelemetry

/// The busiest pairs of host and path, without queries.
package struct PathTable: Sendable {
    /// How many there is room for, and the most bytes of a host and of a path that are kept. What is longer is told apart by all of
    /// it, and shown cut.
    private static var keys: Int { 1_024 }
    private static var hostLimit: Int { 64 }
    private static var pathLimit: Int { 128 }
    static var textSize: Int { hostLimit + pathLimit }

    package private(set) var table: TopTable
    private var texts: [UInt8]
    private var lengths: [(host: UInt8, path: UInt8)]
    private let seed: UInt64

    init(seed: UInt64, serial: UInt32) {
        table = TopTable(keys: Self.keys, serial: serial)
        texts = Array(repeating: 0, count: Self.keys * Self.textSize)
        lengths = Array(repeating: (0, 0), count: Self.keys)
        self.seed = seed
    }

    /// Notes that a path is asked for.
    mutating func claim(host: Span<UInt8>, path: Span<UInt8>) -> TopPlace {
        var hash = Self.hash(host, seed)
        hash = Self.hash(path, hash ^ 0x2F)
        let (place, isNew) = table.claim(Self.mixed(hash))
        if isNew { write(host, path, at: Int(place.index)) }
        return place
    }

    mutating func count(_ ending: TopEnding, at place: TopPlace) { table.count(ending, at: place) }
    mutating func age() { table.age() }

    private mutating func write(_ host: Span<UInt8>, _ path: Span<UInt8>, at place: Int) {
        let (first, second) = (min(host.count, Self.hostLimit), min(path.count, Self.pathLimit))
        var next = place * Self.textSize
        for index in 0..<first {
            texts[next] = host[index]
            next += 1
        }
        for index in 0..<second {
            texts[next] = path[index]
            next += 1
        }
        lengths[place] = (UInt8(first), UInt8(second))
    }

    /// Which request it is that has an entry.
    package func text(of index: Int) -> (host: String, path: String) {
        let start = index * Self.textSize
        let middle = start + Int(lengths[index].host)
        let end = middle + Int(lengths[index].path)
        return (
            String(decoding: texts[start..<middle], as: UTF8.self), String(decoding: texts[middle..<end], as: UTF8.self)
        )
    }

    /// FNV-1a from a seed that nobody outside knows: keys that are to fall together cannot be made up.
    private static func hash(_ bytes: Span<UInt8>, _ seed: UInt64) -> UInt64 {
        var hash = seed
        for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01b3 }
        return hash
    }

    /// Spreads what a hash has in its upper bits over the lower ones, which choose the set.
    static func mixed(_ hash: UInt64) -> UInt64 {
        var value = hash
        value = (value ^ (value >> 32)) &* 0xD6E8_FEB8_6659_FD93
        value = (value ^ (value >> 32)) &* 0xD6E8_FEB8_6659_FD93
        return value ^ (value >> 32)
    }
}

/// The clients that ask most, by address; those of IPv6 by their network of 64 bits, which is one customer as a rule.
package struct ClientTable: Sendable {
    private static var keys: Int { 1_024 }

    package private(set) var table: TopTable
    private var addresses: [IPAddress]
    private let seed: UInt64

    init(seed: UInt64, serial: UInt32) {
        table = TopTable(keys: Self.keys, serial: serial)
        addresses = Array(repeating: IPAddress(hi: 0, lo: 0), count: Self.keys)
        self.seed = seed
    }

    /// Counts an exchange that is over.
    /// - Parameter address: `nil` for a client of a Unix socket.
    mutating func count(_ ending: TopEnding, of address: IPAddress?) {
        let kept = address.map { $0.isIPv4 ? $0 : IPAddress(hi: $0.hi, lo: 0) } ?? IPAddress(hi: .max, lo: .max)
        let (place, isNew) = table.claim(PathTable.mixed(PathTable.mixed(kept.hi ^ seed) ^ kept.lo))
        if isNew { addresses[Int(place.index)] = kept }
        table.count(ending, at: place)
    }

    mutating func age() { table.age() }

    /// Who it is that has an entry.
    package func text(of index: Int) -> String { Self.text(addresses[index]) }

    static func text(_ address: IPAddress) -> String {
        if address == IPAddress(hi: .max, lo: .max) { return "unix" }
        return address.isIPv4 ? "\(address)" : "\(IPAddress(hi: address.hi, lo: 0))/64"
    }
}
