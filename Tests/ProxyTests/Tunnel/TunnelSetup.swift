// What the tests of connections that are relayed have in common.
import MartletHTTPCore
import MartletProxy
import MartletRouting
import MartletTestSupport

extension ProxySetup {
    /// All connections go to the first upstream, as they are; without HTTP.
    var relaying: ProxySetup {
        with {
            $0.listener = {
                $0.tunnel = TunnelModel()
                $0.tunnel?.upstream = 0
            }
        }
    }

    /// Connections go where their ClientHello says.
    func relaying(byName names: [(String, Int)], otherwise: Int? = nil) throws -> ProxySetup {
        let patterns = try names.map { (host: try HostPattern(parsing: $0.0), upstream: $0.1) }
        return with {
            $0.listener = {
                $0.tunnel = TunnelModel()
                $0.tunnel?.names = patterns
                $0.tunnel?.upstream = otherwise
            }
        }
    }

    /// Clients of this host must begin with a PROXY header.
    var behindProxy: ProxySetup {
        let listener = listener
        return with {
            $0.listener = {
                listener(&$0)
                $0.proxyProtocol = NetworkSet([Network(IPAddress(v4: 0x7F00_0001), prefix: 128)])
            }
        }
    }
}

extension ScriptedServer {
    /// A server that sends back what comes, in pieces, until the client ends.
    static func echoing(_ prefix: String = "") throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            if !prefix.isEmpty { try socket.send(prefix) }
            while true {
                guard let byte = try? socket.receive(exactly: 1) else { return }
                try socket.send(byte)
            }
        }
    }

    /// A server whose first 40 connections get bytes without end; what comes on others is sent back.
    static func pouring() throws -> ScriptedServer {
        try ScriptedServer { socket, number in
            let block = [UInt8](repeating: 0x61, count: 65_536)
            while number < 40 { try socket.send(block) }
            while true { try socket.send(try socket.receive(exactly: 1)) }
        }
    }

    /// A server that reads to the end and then sends back all of it behind its name.
    static func collecting(_ name: String = "") throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            let all = try socket.receiveUntilEnd()
            try socket.send(Array(name.utf8) + all)
        }
    }
}

/// ClientHellos.
enum Hello {
    private static func length(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) } + bytes
    }

    /// In one record. Without a name it has no extensions.
    static func bytes(_ name: String?) -> [UInt8] {
        var content: [UInt8] = [3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0, 2, 0x13, 1, 1, 0]
        if let name {
            let list = length([0] + length(Array(name.utf8), 2), 2)
            content += length([0, 0] + length(list, 2), 2)
        }
        return [22, 3, 1] + length([1] + length(content, 3), 2)
    }
}
