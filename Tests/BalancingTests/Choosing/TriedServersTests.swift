import MartletBalancing
import Testing

@Suite struct TriedServersTests {
    /// Servers tried, and how many of those with an even number that are.
    @Test(arguments: [
        ([], 0), ([1], 0), ([2], 1), ([2, 2, 2], 1), ([1, 2, 3, 4], 2),
        // Once some are forgotten, all that have been tried count.
        ([1, 2, 3, 4, 5], 5),
    ])
    func countsThoseOfInterest(servers: [Int], even: Int) {
        var tried = TriedServers()
        for server in servers { tried.insert(server) }
        #expect(tried.count { $0 % 2 == 0 } == even)
        #expect(tried.count == Set(servers).count && tried.isEmpty == servers.isEmpty)
        #expect(servers.suffix(4).allSatisfy(tried.contains))
    }
}
