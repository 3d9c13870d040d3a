// Under which names and addresses the servers of an upstream know themselves.
import MartletHTTPCore

/// Hosts with their ports, in which a look-up costs as many comparisons as halving their list takes.
package struct OriginNames: Sendable {
    /// In lower case and in order, each once, IPv6 addresses without brackets.
    private var hosts: [[UInt8]] = []
    /// The ports of each host.
    private var ports: [[UInt16]] = []

    /// - Parameter servers: hosts are names or addresses, without brackets; a port of 0 is none in particular.
    package init(_ servers: [(host: String, port: UInt16)]) {
        var byHost: [[UInt8]: [UInt16]] = [:]
        for server in servers {
            let host = server.host.utf8.map(ByteScan.lowercased)
            if !host.isEmpty { byHost[host, default: []].append(server.port) }
        }
        for (host, list) in byHost.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            hosts.append(host)
            ports.append(list)
        }
    }

    /// Whether there are none.
    package var isEmpty: Bool { hosts.isEmpty }

    /// Whether `host` is one of them. Its case, and a dot at its end, do not matter.
    package func contains(host: Span<UInt8>) -> Bool { place(of: host) != nil }

    /// Whether `authority`, "[user@]host[:port]", is one of them: with the port of a server, with the usual port of its scheme,
    /// or without one, as an application that does not know its port writes it.
    package func contains(authority: Span<UInt8>, isSecure: Bool) -> Bool {
        var start = 0
        for index in authority.indices where authority[index] == 0x40 { start = index + 1 }
        var end = authority.count
        var port: UInt64?
        var colon = end
        while colon > start && authority[colon - 1] >= 0x30 && authority[colon - 1] <= 0x39 { colon -= 1 }
        if colon > start && authority[colon - 1] == 0x3A {
            if colon < end {
                guard let number = ByteNumber.decimal(authority.extracting(colon..<end)) else { return false }
                port = number
            }
            end = colon - 1
        }
        if end - start >= 2 && authority[start] == 0x5B && authority[end - 1] == 0x5D {
            start += 1
            end -= 1
        }
        guard let place = place(of: authority.extracting(start..<end)) else { return false }
        guard let port, port != (isSecure ? 443 : 80) else { return true }
        return ports[place].contains { UInt64($0) == port }
    }

    private func place(of host: Span<UInt8>) -> Int? {
        let count = host.count > 1 && host[host.count - 1] == 0x2E ? host.count - 1 : host.count
        var low = 0
        var high = hosts.count
        while low < high {
            let middle = (low + high) / 2
            switch Self.compare(host.extracting(0..<count), hosts[middle]) {
            case 0: return middle
            case 1: low = middle + 1
            default: high = middle
            }
        }
        return nil
    }

    /// 0 if both are the same, 1 if `host` comes behind `other`, else -1.
    private static func compare(_ host: Span<UInt8>, _ other: [UInt8]) -> Int {
        for index in 0..<min(host.count, other.count) {
            let byte = ByteScan.lowercased(host[index])
            if byte != other[index] { return byte > other[index] ? 1 : -1 }
        }
        return host.count == other.count ? 0 : host.count > other.count ? 1 : -1
    }
}
