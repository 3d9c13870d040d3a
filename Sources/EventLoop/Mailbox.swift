// How other threads talk to a loop.
import CEventLoop
import Glibc
import Synchronization

/// Messages for a loop, from any thread. The loop takes them all at its next turn, in order.
///
/// Control messages are few, so a short lock is right here; nothing on the path of a plain request comes by.
package final class Mailbox<Message: Sendable>: Sendable {
    private let waiting = Mutex<[Message]>([])
    let descriptor: Int32

    package init() throws(SystemError) {
        descriptor = try SystemError.check(martlet_eventfd())
    }

    deinit { close(descriptor) }

    /// Puts a message behind the others and wakes the loop.
    package func post(_ message: Message) {
        waiting.withLock { $0.append(message) }
        martlet_eventfd_signal(descriptor)
    }

    func takeAll() -> [Message] {
        martlet_eventfd_clear(descriptor)
        return waiting.withLock { queue in
            let all = queue
            queue = []
            return all
        }
    }
}
