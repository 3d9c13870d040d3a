import Foundation
import MartletTestSupport
import Testing

/// Processes before this one that are of other versions, or say things that make no sense. A script is in their place.
@Suite(.timeLimit(.minutes(20)), .enabled(if: MartletBinary.hasProgram("python3"))) struct OddPredecessorTests {
    /// Starts a martlet as another one would, with a note that has these members, and says what is said.
    private static let script = """
        import ctypes, fcntl, json, os, signal, socket, subprocess, sys
        program, config, members = sys.argv[1:4]
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        web = {"descriptor": 6, "listener": "web", "address": "127.0.0.1:0", "isForeign": False}
        note = {"version": 1, "process": os.getpid(), "program": "0.0.1", "errors": 5, "sockets": [web]}
        note.update(json.loads(members))
        file = os.memfd_create("note")
        os.write(file, json.dumps(note).encode())
        os.lseek(file, 0, 0)
        high = [fcntl.fcntl(number, fcntl.F_DUPFD, 50) for number in (file, theirs.fileno(), 2, listener.fileno())]
        def place():
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # It ends with the script.
            for number, old in enumerate(high, 3):
                os.dup2(old, number, inheritable=True)
        child = subprocess.Popen([program, "run", config], preexec_fn=place, close_fds=False,
                                 env=dict(os.environ, MARTLET_HANDOVER="3,4"))
        theirs.close()
        os.close(high[1])
        print("port", listener.getsockname()[1], flush=True)
        words = ours.recv(100).decode()
        print(words, flush=True)
        if words:
            ours.send(b"go")
            if note.get("confirms") is True:
                print(ours.recv(100).decode(), flush=True)
                ours.send(b"yours")
        print("end", child.wait(), flush=True)
        """

    /// - Parameter members: of the note, in JSON.
    private func start(_ members: String, _ folder: TestFolder) throws -> ChildProcess {
        let config = """
            listeners: [{address: '127.0.0.1:0', name: web}]
            routes: [{path: /mark, respond: {body: here}}, {upstream: app}]
            upstreams: {app: {servers: ['127.0.0.1:1', '127.0.0.1:2'], sticky: {}}}
            """
        return try ChildProcess(
            "python3", ["-c", Self.script, MartletBinary.path, try folder.write(config, to: "m.yaml"), members],
            environment: ["RUNTIME_DIRECTORY": folder.path, "STATE_DIRECTORY": folder.path])
    }

    private func port(_ process: ChildProcess) throws -> UInt16 {
        let text = try process.waitForOutput(containing: "\n", .seconds(60))
        let words = text.split(separator: "\n").first?.split(separator: " ") ?? []
        return try #require(words.last.flatMap { UInt16($0) })
    }

    private static let oddities = """
        {"confirms": true, "later": {"a": [1]}, "stickySecret": [1, 2], "tickets": "x", "upgrades": "many",
         "servers": [{"upstream": "app", "server": "127.0.0.1:1", "state": "asleep"}, 7],
         "health": [{"upstream": "app", "server": "127.0.0.1:2", "record": {"state": "down", "time": 5}}, {"upstream": 1}],
         "changes": [{"upstream": "app", "server": "127.0.0.1:1", "wanted": {"weight": 0, "backup": false, "state": "up"}},
                     {"upstream": "app", "server": "127.0.0.1:9", "wanted": {"weight": 2, "backup": false, "state": "up"}},
                     {"upstream": "gone", "server": "127.0.0.1:9", "wanted": {"weight": 2, "backup": false, "state": "up"}}],
         "log": {"level": "loud", "configured": "info"}}
        """

    @Test func whatMakesNoSenseIsSaidAndPassedOver() throws {
        let folder = try TestFolder()
        let process = try start(Self.oddities, folder)
        let port = try port(process)
        try process.waitForOutput(containing: " notice started ", on: .errors, .seconds(60))
        try process.waitForOutput(containing: "\nserving\n", .seconds(60))
        #expect(try TestSocket(port: port).exchange("GET /mark").text == "here")
        let faults = process.errors.split(separator: "\n").filter { $0.contains("makes no sense") }
        for what in ["stickySecret", "tickets", "upgrades", "1 of servers", "wanted of app/127.0.0.1:1", "1 of health"]
        {
            #expect(faults.contains { $0.contains(what) }, "\(what) in \(faults)")
        }
        #expect(faults.contains { $0.contains("1 changes of servers") } && faults.count == 7, "\(faults)")
        // What makes sense beside it is heeded.
        let admin = try TestSocket(path: folder.path("admin.sock"))
        let servers = try admin.exchange("GET /v1/servers", ["Host: localhost"]).objects
        #expect(servers.map { $0["server"] as? String } == ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:9"])
        #expect(servers.last?["weight"] as? Int == 2)
    }

    /// As the first version had it: nothing but sockets, and two words.
    @Test func anOlderProcessIsFollowed() throws {
        let folder = try TestFolder()
        let process = try start("{}", folder)
        let port = try port(process)
        try process.waitForOutput(containing: " notice started ", on: .errors, .seconds(60))
        #expect(try TestSocket(port: port).exchange("GET /mark").text == "here")
        #expect(!process.errors.contains("makes no sense"))
        #expect(!process.output.contains("serving"))
    }

    @Test(arguments: ["{\"version\": 2}", "{\"sockets\": 7}", "{\"sockets\": [{\"descriptor\": 9}]}"])
    func withoutSocketsNothingIsBegun(members: String) throws {
        let folder = try TestFolder()
        let process = try start(members, folder)
        try process.waitForOutput(containing: "end 69\n", .seconds(60))
        #expect(process.errors.contains("the process before this one"), "\(process.errors)")
    }
}
