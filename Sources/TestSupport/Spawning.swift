// Starting a program. One of the few files that hold `unsafe`: posix_spawn takes pointers.
import Glibc
import Synchronization

enum Spawning {
    /// Starts a program; its id, and the ends of the pipes that its output comes from.
    static func start(
        _ arguments: [String], _ environment: [String: String]
    ) throws(TestFailure) -> (id: pid_t, output: Descriptor, errors: Descriptor) {
        try lock.withLock { _ throws(TestFailure) in
            let output = try Descriptor.pipe()
            let errors = try Descriptor.pipe()
            let id = try start(arguments, environment, output: output.writing, errors: errors.writing)
            return (id, output.reading, errors.reading)
        }
    }

    /// Held while descriptors are made that only then can be marked as ours alone: a process started in between would
    /// keep them open.
    static let lock = Mutex<Void>(())

    private static func start(
        _ arguments: [String], _ environment: [String: String], output: Descriptor, errors: Descriptor
    ) throws(TestFailure) -> pid_t {
        var id: pid_t = 0
        var actions = unsafe fileActions(output, errors)
        var attributes = attributes()
        let code = unsafe SystemCalls.withArray(arguments) { words in
            unsafe SystemCalls.withArray(environment.map { "\($0)=\($1)" }) { environment in
                unsafe posix_spawnp(&id, arguments[0], &actions, &attributes, words, environment)
            }
        }
        unsafe posix_spawn_file_actions_destroy(&actions)
        unsafe posix_spawnattr_destroy(&attributes)
        if code != 0 { throw TestFailure("cannot start \(arguments[0])", code) }
        return id
    }

    private static func fileActions(_ output: Descriptor, _ errors: Descriptor) -> posix_spawn_file_actions_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output.number, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors.number, 2)
        return unsafe actions
    }

    /// No signal blocked or ignored, whatever the program that runs the tests does with them.
    private static func attributes() -> posix_spawnattr_t {
        var attributes = posix_spawnattr_t()
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_init(&attributes)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        return attributes
    }
}
