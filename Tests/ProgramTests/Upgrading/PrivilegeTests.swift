import Foundation
import Glibc
import MartletTestSupport
import Testing

/// Root's rights are given up. The tests have to run as root for it.
@Suite(.timeLimit(.minutes(20)), .enabled(if: geteuid() == 0)) struct PrivilegeTests {
    private func status(_ process: Int32, _ task: String) throws -> [String: String] {
        let text = try String(contentsOfFile: "/proc/\(process)/task/\(task)/status", encoding: .utf8)
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { values[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        return values
    }

    @Test func allThreadsBecomeTheAccountForGood() throws {
        let config = "user: nobody\nlisteners: [{address: '127.0.0.1:0'}]\nworkers: 2\n"
        try withMartlet(config) { martlet in
            let id = martlet.process.id
            let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/task")
            #expect(tasks.count > 2)
            for task in tasks {
                let values = try status(id, task)
                #expect(values["Uid"] == "65534\t65534\t65534\t65534", "\(values["Name"] ?? "")")
                // CAP_NET_BIND_SERVICE at most.
                let rights = UInt64(values["CapEff"] ?? "", radix: 16) ?? .max
                #expect(rights & ~(1 << 10) == 0, "\(values["CapEff"] ?? "")")
            }
            #expect(try status(id, "\(id)")["NoNewPrivs"] == "1")
            #expect(try martlet.request("GET /").status == 404)
        }
    }

    @Test func anAccountThatIsNotThereIsAnError() throws {
        let folder = try TestFolder()
        let file = try folder.write("user: no-such-user\nlisteners: [{address: '127.0.0.1:0'}]\n", to: "m.yaml")
        let result = try ChildProcess.run(MartletBinary.path, ["run", file])
        #expect(result.exit == .code(78) && result.errors.contains("this host has no user 'no-such-user'"))
    }

    /// The new process is started by the account, and may do what the old one may.
    @Test func whoHasGivenUpRootCanBeFollowed() throws {
        let folder = try TestFolder()
        // The account must be able to read the config.
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
        let generations = try Generations("user: nobody\nlisteners: [{address: '127.0.0.1:0'}]\n", folder: folder)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: folder.path("martlet.yaml"))
        try generations.upgrade()
        #expect(try status(generations.current, "\(generations.current)")["Uid"]?.hasPrefix("65534") == true)
        #expect(try generations.martlet.request("GET /").status == 404)
        try generations.stop()
    }
}
