// What the event loops stand on: what is asked for, what can be had, and what is said of it.
import Glibc
import MartletTestSupport
import Testing

/// Runs a program for which the kernel answers one of the calls of io_uring with an error number, as containers and hardened hosts do.
private let denial = """
    import ctypes, os, struct, sys
    def step(code, jt, jf, k): return struct.pack("HBBI", code, jt, jf, k)
    call, error = int(sys.argv[1]), int(sys.argv[2])
    code = b"".join([
        step(0x20, 0, 0, 0),                      # the call's number
        step(0x15, 0, 1, call),
        step(0x06, 0, 0, 0x00050000 | error),     # answer with the error
        step(0x06, 0, 0, 0x7fff0000),             # allow all others
    ])
    text = ctypes.create_string_buffer(code, len(code))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(text)))
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(38, 1, 0, 0, 0) or library.prctl(22, 2, program, 0, 0): sys.exit("no seccomp here")
    os.execv(sys.argv[3], sys.argv[3:])
    """

private let isDenialPossible = MartletBinary.hasProgram("python3")
private let isRingHad = TestHost.hasRing

@Suite struct EngineTests {
    private static let config = "listeners: [{address: 'unix:FOLDER/s'}]\nadmin: {address: '127.0.0.1:0'}\n"

    /// Starts martlet where io_uring_setup(2), or another call, is refused with an error number.
    private static func denied(
        _ error: Int32, call: Int = 425, _ arguments: [String]
    ) throws -> (ChildProcess, TestFolder) {
        let folder = try TestFolder()
        let file = try folder.write(config.replacing("FOLDER", with: folder.path), to: "martlet.yaml")
        let launcher = try folder.write(denial, to: "denial.py")
        let command = ["python3", launcher, "\(call)", "\(error)", MartletBinary.path, "run", file] + arguments
        return (try ChildProcess("/usr/bin/env", command), folder)
    }

    /// What it says of itself, started with these options and this line in its config.
    private static func expect(
        _ engine: String, _ options: [String], _ line: String, because reason: String = "the config asks for it"
    ) throws {
        let martlet = try RunningMartlet(config + line, engine: options)
        #expect(try martlet.metrics["martlet_loop_info{engine=\"\(engine)\"}"] == 1)
        #expect(martlet.errors.contains(" event loops stand on \(engine) "))
        #expect(martlet.errors.contains(reason))
        try martlet.stop()
    }

    @Test func epollIsHadWhereItIsAskedFor() throws {
        try Self.expect("epoll", ["--engine", "epoll"], "")
        try Self.expect("epoll", [], "engine: epoll\n")
        try Self.expect("epoll", ["--engine", "epoll"], "engine: io_uring\n")
    }

    @Test(.enabled(if: isRingHad)) func ringsAreHadWhereTheyAreAskedFor() throws {
        try Self.expect("io_uring", ["--engine", "io_uring"], "")
        try Self.expect("io_uring", [], "engine: io_uring\n")
    }

    @Test(.enabled(if: isRingHad)) func ringsAreTakenWhereTheyWork() throws {
        let reason = "all that is needed of it works"
        try Self.expect("io_uring", [], "", because: reason)
        try Self.expect("io_uring", [], "engine: auto\n", because: reason)
        try Self.expect("io_uring", ["--engine", "auto"], "engine: epoll\n", because: reason)
    }

    /// EPERM is what containers say and kernel.io_uring_disabled, ENOSYS what old and small kernels do, ENOMEM a low
    /// RLIMIT_MEMLOCK.
    @Test(.enabled(if: isDenialPossible), arguments: [(1, "forbidden"), (38, "none"), (12, "memory"), (22, "old")])
    func whereItIsRefusedAutoTakesEpoll(error: Int32, word: String) throws {
        let (process, folder) = try Self.denied(error, ["--engine", "auto"])
        let log = try process.waitForOutput(containing: " notice started ", on: .errors)
        #expect(log.contains("event loops stand on epoll") && log.contains(word), "\(log)")
        #expect(log.split(separator: "\n").allSatisfy { !$0.contains("io_uring") || $0.contains(" info ") })
        #expect(try TestSocket(path: folder.path("s")).exchange("GET /").status == 404)
        process.signal(SIGTERM)
        #expect(try process.wait() == .code(0))
    }

    @Test(.enabled(if: isDenialPossible), arguments: [(1, "forbidden"), (38, "none"), (12, "memory"), (22, "old")])
    func whereItIsRefusedWhoAsksForItIsTold(error: Int32, word: String) throws {
        let (process, folder) = try Self.denied(error, ["--engine", "io_uring"])
        #expect(try withExtendedLifetime(folder) { try process.wait() } == .code(69))
        #expect(process.errors.contains("cannot start: the config asks for io_uring: "))
        #expect(process.errors.contains(word))
    }

    /// A filter that lets rings be made, but not used: io_uring_enter(2) and io_uring_register(2) are calls of their own.
    @Test(.enabled(if: isDenialPossible && isRingHad), arguments: [426, 427])
    func aRingThatIsOfNoUseIsNone(call: Int) throws {
        let (process, folder) = try Self.denied(1, call: call, ["--engine", "auto"])
        let log = try process.waitForOutput(containing: " notice started ", on: .errors)
        #expect(log.contains("event loops stand on epoll") && log.contains("forbidden"), "\(log)")
        #expect(try TestSocket(path: folder.path("s")).exchange("GET /").status == 404)
        process.signal(SIGTERM)
        #expect(try process.wait() == .code(0))
        let (refused, place) = try Self.denied(1, call: call, ["--engine", "io_uring"])
        #expect(try withExtendedLifetime(place) { try refused.wait() } == .code(69))
    }

    @Test func anotherOneIsRefused() throws {
        #expect(try program("run", "--engine", "kqueue").has(code: 64))
    }
}
