import MartletProxyConfig
import Testing

@testable import MartletControl

/// What the log says of reloads, and how loud.
@Suite struct ReloadLogTests {
    private func lines(
        _ after: String, _ trigger: ReloadTrigger, isRead: Bool, _ note: ReloadNote = ReloadNote()
    ) throws -> [String] {
        let before = "listeners: [{address: ':1'}]\n"
        let old = try ConfigurationLoader.parse(before, file: "m.yaml")
        let new = try ConfigurationLoader.check(before + after, file: "m.yaml")
        let changes = ConfigurationDiff(from: old, to: new.configuration)
        let report = ReloadReport(changes: changes, note: note, warnings: new.warnings, duration: .zero)
        let recorder = LogRecorder()
        ReloadLog(recorder.logger).tell(.applied(report), trigger, isRead: isRead)
        return recorder.messages
    }

    @Test func whatDiscoveryHasNotChangedIsNoNews() throws {
        #expect(try lines("", .discovery, isRead: false) == ["debug: config reloaded"])
        #expect(try lines("workers: 3\n", .discovery, isRead: false) == ["notice: config reloaded"])
        #expect(
            try lines("", .discovery, isRead: true) == ["notice: config reloaded"], "somebody else has asked as well")
        let note = ReloadNote(atNextStart: ["workers"])
        #expect(try lines("", .discovery, isRead: false, note) == ["notice: config reloaded"])
        for trigger in [ReloadTrigger.signal, .admin, .watch, .runtime] {
            #expect(try lines("", trigger, isRead: trigger != .runtime) == ["notice: config reloaded"])
        }
    }

    /// What is odd about a config is said when it is read, not each time that a server is found.
    @Test func warningsAreSaidOnce() throws {
        let odd = "upstreams: {a: {servers: ['10.0.0.1:1']}}\n"
        let read = try lines(odd, .signal, isRead: true)
        #expect(read.count == 2 && read[0].hasPrefix("warning: m.yaml:2:"), "\(read)")
        #expect(try lines(odd, .discovery, isRead: false) == ["notice: config reloaded"])
    }
}
