import MartletRouting

extension RouteTable {
    /// The route without conditions for a host and a path.
    func lookup(host: Span<UInt8>, path: Span<UInt8>) -> Int? {
        var memory = RouteMemory()
        return lookup(host: host, path: path, &memory)
    }
}
