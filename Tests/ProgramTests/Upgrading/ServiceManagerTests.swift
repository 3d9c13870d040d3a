import Foundation
import Glibc
import MartletTestSupport
import Testing

/// What systemd is told, and sockets that it opens. `systemd-socket-activate` and socat are the real ones where they are there.
@Suite(.timeLimit(.minutes(20))) struct ServiceManagerTests {
    private static let hasActivation = MartletBinary.hasProgram("systemd-socket-activate")

    /// A program that prints each datagram that comes to a socket.
    private func listener(_ path: String) throws -> ChildProcess {
        let script = """
            import socket,sys
            s=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)
            p=sys.argv[1]
            s.bind('\\0'+p[1:] if p[0]=='@' else p)
            print('ready',flush=True)
            while True: print(s.recv(4096).decode().replace('\\n',' ')+';',flush=True)
            """
        let process = try ChildProcess("python3", ["-c", script, path])
        try process.waitForOutput(containing: "ready\n")
        return process
    }

    @Test(.enabled(if: MartletBinary.hasProgram("python3")), arguments: ["@martlet-test-", "FOLDER/notify"])
    func messagesComeInOrder(path: String) throws {
        let folder = try TestFolder()
        let path = path.replacing("FOLDER", with: folder.path) + "\(getpid())"
        let manager = try listener(path)
        let generations = try Generations(
            "listeners: [{address: '127.0.0.1:0'}]\n", environment: ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "200000"])
        try manager.waitForOutput(containing: "WATCHDOG=1;", .seconds(60))
        try generations.upgrade()
        try manager.waitForOutput(containing: "MAINPID=\(generations.current);", .seconds(60))
        try generations.stop()
        try manager.waitForOutput(containing: "STOPPING=1", .seconds(60))
        let messages = manager.output.split(separator: "\n").dropFirst().filter { $0 != "WATCHDOG=1;" }
            .map { $0.prefix { $0 != "=" } }
        #expect(messages == ["READY", "MAINPID", "READY", "STOPPING"])
    }

    @Test(.enabled(if: hasActivation)) func socketsOfSystemdAreUsed() throws {
        let folder = try TestFolder()
        let port = try ReservedPort().port
        let config = "listeners: [{address: '127.0.0.1:\(port)'}]\n"
        let file = try folder.write(config, to: "m.yaml")
        let process = try ChildProcess(
            "systemd-socket-activate", ["-l", "127.0.0.1:\(port)", MartletBinary.path, "run", file])
        try eventually("it answers", .seconds(60)) {
            (try? TestSocket(port: port).exchange("GET /").status) == 404
        }
        _ = try process.waitForOutput(containing: " notice started ", on: .errors)
        process.signal(SIGTERM)
        #expect(try process.wait() == .code(0))
    }

    @Test(.enabled(if: hasActivation)) func aSocketThatNoListenerHasIsAnError() throws {
        let folder = try TestFolder()
        let port = try ReservedPort().port
        let file = try folder.write("listeners: [{address: '127.0.0.1:0', name: web}]\n", to: "m.yaml")
        let process = try ChildProcess(
            "systemd-socket-activate", ["-l", "127.0.0.1:\(port)", MartletBinary.path, "run", file])
        try eventually("somebody listens", .seconds(60)) { (try? TestSocket(port: port)) != nil }
        #expect(try process.wait(.seconds(60)) == .code(69))
        #expect(process.errors.contains("is for no listener; the config has 127.0.0.1:0 (web)"))
    }

    @Test(.enabled(if: MartletBinary.hasProgram("systemd-analyze"))) func theUnitsAreUnderstood() throws {
        let root = URL(filePath: #filePath).appending(path: "../../../../packaging").standardizedFileURL
        let folder = try TestFolder()
        for name in ["martlet.service", "martlet.socket"] {
            let text = try String(contentsOf: root.appending(path: name), encoding: .utf8)
            try folder.write(text.replacing("/usr/bin/martlet", with: MartletBinary.path), to: name)
        }
        let result = try ChildProcess.run(
            "systemd-analyze", ["verify", folder.path("martlet.service"), folder.path("martlet.socket")])
        #expect(result.exit == .code(0) && !result.errors.contains(folder.path), "\(result.errors)")
    }
}
