// What requests leave behind in memory: nothing.
import Foundation
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct MemoryTests {
    /// Memory of this process that no file stands behind, in bytes: heap, buffers and stacks.
    private static func ownMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") } ?? ""
        guard let size = Int(line.filter(\.isNumber)) else { throw TestFailure("no RssAnon in \(status)") }
        return size << 10
    }

    /// In a process of its own, as memory is common to all tests. What is given back at once does not show here; what
    /// stays does, from 25 bytes a request on, log lines and error pages included.
    @Test func tenThousandRequestsLeaveNothingBehind() async {
        await #expect(processExitsWith: .success) {
            let server = try ScriptedServer.answering()
            let setup = ProxySetup(server).with { $0.host = "test" }
            let proxy = try TestProxy(setup, log: CollectedLog(accepts: false))
            let client = try proxy.connect()
            func repeatRequests(_ count: Int) throws -> Int {
                for _ in 0..<count {
                    try client.send(Requests.get + "GET / HTTP/1.1\r\nHost: other\r\n\r\n")
                    let statuses = (try client.readResponse().status, try client.readResponse().status)
                    if statuses != (200, 404) { throw TestFailure("answered \(statuses)") }
                }
                return try MemoryTests.ownMemory()
            }
            let before = try repeatRequests(500)
            let growth = try repeatRequests(5_000) - before
            if growth > 256 << 10 { throw TestFailure("memory has grown by \(growth) bytes") }
            client.close()
            try proxy.end(server)
        }
    }
}
