// The process that this one follows, as this one sees it.
import Glibc
import MartletEventLoop

/// Told that this process is ready, it lets go.
final class Predecessor: Sendable {
    /// The variable that says which descriptors are its note and the way back to it.
    static let variable = "MARTLET_HANDOVER"
    /// Descriptors as a process that follows finds them; sockets come behind.
    enum Place {
        static let note: Int32 = 3
        static let channel: Int32 = 4
        static let errors: Int32 = 5
        static let firstSocket: Int32 = 6
    }
    /// What it is told, and what it says then: "ready" and "go"; and, where both know of it, "serving" and "yours".
    static let ready = "ready"
    static let leave = "go"
    static let serving = "serving"
    static let yours = "yours"
    /// Behind "ready" of a process that will say "serving".
    static let confirms = "confirms"

    let note: HandoverNote
    private let channel: OwnedDescriptor
    private let errors: OwnedDescriptor

    private init(note: HandoverNote, channel: OwnedDescriptor, errors: OwnedDescriptor) {
        (self.note, self.channel, self.errors) = (note, channel, errors)
    }

    /// What `value` of the variable leads to.
    static func adopt(_ value: String) throws(InheritanceError) -> Predecessor {
        if value != "\(Place.note),\(Place.channel)" {
            throw InheritanceError(
                "\(variable) is '\(value)', which no martlet says: it is for a process that another one starts; unset it"
            )
        }
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try owned(Place.note).readAll(atMost: HandoverNote.limit + 1)
        } catch {
            throw missing(error)
        }
        let note = try HandoverNote(decoding: bytes)
        do throws(SystemError) {
            return Predecessor(note: note, channel: try owned(Place.channel), errors: try owned(note.errors))
        } catch {
            throw missing(error)
        }
    }

    private static func missing(_ error: SystemError) -> InheritanceError {
        InheritanceError(
            "\(variable) is set, but there is nothing behind it (\(error)): it is for a process that another one starts; "
                + "unset it")
    }

    /// A descriptor that was inherited, and goes to no other process.
    private static func owned(_ number: Int32) throws(SystemError) -> OwnedDescriptor {
        if fcntl(number, F_SETFD, FD_CLOEXEC) < 0 { throw SystemError(errno) }
        return OwnedDescriptor(number)
    }

    /// Says that this process can take over.
    func announce() throws(SystemError) {
        try channel.write(Array("\(Self.ready) \(MartletVersion.string) \(Self.confirms)".utf8))
    }

    /// Says that clients are accepted. It may be gone by now.
    func confirm() { try? channel.write(Array(Self.serving.utf8)) }

    /// Waits until it has let go one step further, or is gone, which is as good as its word. Blocks.
    func waitForWord() { _ = try? channel.read() }

    /// From here on errors are said where that process said its own.
    func inheritErrors() { dup2(errors.number, STDERR_FILENO) }
}
