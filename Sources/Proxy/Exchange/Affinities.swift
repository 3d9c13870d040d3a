// What ties a request to a server: a key, or a cookie.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore

/// A cookie's values and the servers they stand for.
struct Stickiness: Sendable {
    let cookie: String
    /// For each server of the upstream, in order: what stands behind "Set-Cookie: ".
    private let fields: [String]
    private let values: [String]
    private let byHash: [UInt64: Int]
    private let servers: [Int]
    private let places: [Int: Int]

    /// - Parameter servers: their places in the model, in the order of the values.
    init(_ model: StickyModel, servers: [Int]) {
        cookie = model.cookie
        values = model.values
        fields = model.values.map { "\(model.cookie)=\($0)\(model.attributes)" }
        var byHash: [UInt64: Int] = [:]
        for (place, value) in model.values.enumerated() { byHash[KeyHash.hash(value.utf8.span)] = place }
        self.byHash = byHash
        self.servers = servers
        places = Dictionary(servers.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The server that a value stands for; `nil` for a value that is not ours.
    func server(for value: Span<UInt8>) -> Int? {
        guard let place = byHash[KeyHash.hash(value)], value.equals(values[place].utf8.span) else { return nil }
        return servers[place]
    }

    /// The value of Set-Cookie for a server; `nil` for one that is not among them any more.
    func field(for server: Int) -> String? { places[server].map { fields[$0] } }
}

/// Numbers for keys: the same in every process, so that several proxies send a key to the same server.
enum KeyHash {
    /// FNV-1a (Fowler, Noll and Vo), its bits mixed once more, as it leaves the upper ones of short keys alike.
    static func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in 0..<bytes.count { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        return mix(hash)
    }

    /// Of an address.
    static func hash(_ high: UInt64, _ low: UInt64) -> UInt64 { mix(mix(high) ^ low) }

    /// Another number for the same key, that says nothing of the first: what is chosen by the one is spread evenly by the other.
    static func another(_ hash: UInt64) -> UInt64 { mix(hash ^ 0x9E37_79B9_7F4A_7C15) }

    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ mixed >> 33) &* 0xFF51_AFD7_ED55_8CCD
        mixed = (mixed ^ mixed >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return mixed ^ mixed >> 33
    }
}

/// Finds named parts in values that clients send.
enum NamedValue {
    /// The value of a cookie in a Cookie field (RFC 6265 section 4.2.1); `nil` if it is not there.
    static func cookie(_ name: Span<UInt8>, in field: Span<UInt8>) -> Range<Int>? {
        find(name, in: field, separator: 0x3B)
    }

    /// The value of a query's parameter, as it is written; `nil` if it is not there.
    static func parameter(_ name: Span<UInt8>, in query: Span<UInt8>) -> Range<Int>? {
        find(name, in: query, separator: 0x26)
    }

    private static func find(_ name: Span<UInt8>, in text: Span<UInt8>, separator: UInt8) -> Range<Int>? {
        var start = 0
        while start < text.count {
            var end = start
            while end < text.count && text[end] != separator { end += 1 }
            let part = ByteScan.trimmed(text, from: start, to: end)
            let (first, last) = (Int(part.start), Int(part.end))
            let split = first + name.count
            if split < last && text[split] == 0x3D && text.extracting(first..<split).equals(name) {
                return split + 1..<last
            }
            start = end + 1
        }
        return nil
    }
}

extension Span<UInt8> {
    /// Whether the bytes are the same.
    func equals(_ other: Span<UInt8>) -> Bool {
        if count != other.count { return false }
        for index in 0..<count where self[index] != other[index] { return false }
        return true
    }
}

extension ProxyDriver {
    /// Looks for what ties the request to a server.
    mutating func noteAffinity(_ exchange: UInt32, _ arena: Span<UInt8>) {
        let upstream = Int(exchanges[exchange].upstream)
        if upstreamStates[upstream].hasKey {
            exchanges[exchange].key = key(upstreamStates[upstream].key, exchange, arena)
        }
        if upstreamStates[upstream].hasSticky { noteCookie(exchange, upstream, arena) }
    }

    /// A request without what the key is made from is spread by its client's address.
    func key(_ source: KeySource?, _ exchange: UInt32, _ arena: Span<UInt8>) -> UInt64 {
        let asker = clients[exchanges[exchange].client].source
        let byAddress = KeyHash.hash(asker.high, asker.low)
        switch source {
        case .clientAddress, nil: return byAddress
        case .path: return KeyHash.hash(arena.extracting(request.path))
        case .query(let name):
            let query = arena.extracting(request.query)
            guard let range = NamedValue.parameter(name.utf8.span, in: query) else { return byAddress }
            return KeyHash.hash(query.extracting(range))
        case .cookie(let name):
            for index in 0..<request.fields.count where request.fields[index].known == .cookie {
                let field = arena.extracting(request.fields[index].value)
                if let range = NamedValue.cookie(name.utf8.span, in: field) {
                    return KeyHash.hash(field.extracting(range))
                }
            }
            return byAddress
        case .field(let name):
            for index in 0..<request.fields.count {
                if arena.extracting(request.fields[index].name).equalsLowercase(name.utf8.span) {
                    return KeyHash.hash(arena.extracting(request.fields[index].value))
                }
            }
            return byAddress
        }
    }

    private mutating func noteCookie(_ exchange: UInt32, _ upstream: Int, _ arena: Span<UInt8>) {
        guard let sticky = upstreamStates[upstream].sticky else { return }
        for index in 0..<request.fields.count where request.fields[index].known == .cookie {
            let field = arena.extracting(request.fields[index].value)
            guard let range = NamedValue.cookie(sticky.cookie.utf8.span, in: field) else { continue }
            if let server = sticky.server(for: field.extracting(range)) {
                exchanges[exchange].stuckTo = Int32(server)
                return
            }
        }
    }

    /// Ties the client to the server that has answered, unless it is already.
    mutating func composeStickyCookie(_ exchange: UInt32) {
        let upstream = Int(exchanges[exchange].upstream)
        if upstream < 0 || !upstreamStates[upstream].hasSticky { return }
        let server = exchanges[exchange].server
        if exchanges[exchange].stuckTo == server { return }
        guard let field = upstreamStates[upstream].sticky?.field(for: Int(server)) else { return }
        writer.field("Set-Cookie", field.utf8.span)
    }
}

extension Span<UInt8> {
    /// Whether the bytes, letters being in either case, are `name`, which is in lower case.
    fileprivate func equalsLowercase(_ name: Span<UInt8>) -> Bool {
        if count != name.count { return false }
        for index in 0..<count {
            let byte = self[index]
            let lower = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
            if lower != name[index] { return false }
        }
        return true
    }
}
