// Closing a socket for which the kernel still does something, on a loop with io_uring. For the driver it is gone at once. Its
// record lives on under another name, with the buffer that the kernel sends from, until every task has ended, and only then
// is its descriptor closed.
//
// What was handed over to be sent is tried once before, as with epoll, where `send` has done so already.
import Glibc

extension EventLoop {
    /// Whether the kernel is doing something for a socket.
    mutating func hasTasks(_ socket: Token) -> Bool { !sockets[socket.index].ring.isDisjoint(with: .tasks) }

    /// Closes a socket as soon as the kernel has let go of it.
    /// - Parameter dropping: what waits to be sent is not tried.
    mutating func letGo(of socket: Token, dropping: Bool) {
        let index = socket.index
        let isListener = sockets[index].kind == .listener
        // Who has connected is accepted before: the kernel would reset them.
        if sockets[index].ring.contains(.accept) { _ = ring.enter(wanted: 0, nanoseconds: 0) }
        // Sending ends by itself, at once.
        for task in [RingTask.receive, .awaitInput, .awaitRoom, .watch, .accept] {
            if sockets[index].ring.contains(task.bit) { ring.cancel(task.name(socket)) }
        }
        sockets[index].kind = .closing
        sockets[index].flags = []
        if dropping { sockets[index].ring.insert(.drops) }
        sockets[index].cipher = nil
        sockets[index].sealed = nil
        sockets[index].ahead = nil
        sockets[index].opened = nil
        sockets[index].transfer = nil
        while sockets[index].arrived.popFirst() != nil {}
        if !sockets[index].ring.contains(.send) { while sockets[index].unsent.popFirst() != nil {} }
        _ = sockets.rename(socket)
        closingCount += 1
        if isListener { closeListener(index) }
    }

    /// Nobody is to connect to a listener that is closed, not even until the end of the turn.
    private mutating func closeListener(_ index: UInt32) {
        _ = ring.enter(wanted: 0, nanoseconds: 0)
        Glibc.close(sockets[index].descriptor)
        sockets[index].descriptor = -1
    }

    /// One of the tasks has ended.
    mutating func goOnClosing(_ socket: Token, _ task: RingTask, _ result: Int32) {
        let index = socket.index
        if task == .send && trySendRest(socket, result) { return }
        if hasTasks(socket) { return }
        if sockets[index].descriptor >= 0 { Glibc.close(sockets[index].descriptor) }
        sockets.remove(socket)
        closingCount -= 1
    }

    /// Sends what waits behind a buffer that was sent; whether that is so.
    private mutating func trySendRest(_ socket: Token, _ result: Int32) -> Bool {
        let index = socket.index
        if result < 0 || sockets[index].ring.contains(.drops) { return false }
        sockets[index].unsent.noteSent(Int(result))
        if !sockets[index].unsent.isFirstSent || sockets[index].unsent.popFirst() == nil { return false }
        guard let bytes = sockets[index].unsent.firstUnsent else { return false }
        sockets[index].ring.insert(.send)
        ring.send(bytes, sockets[index].descriptor, name: RingTask.send.name(socket))
        return true
    }
}
