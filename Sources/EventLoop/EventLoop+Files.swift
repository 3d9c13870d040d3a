// Sending files: the kernel takes their bytes without their passing through the process (sendfile(2)).
//
//   sendFile ──▶ all taken at once: sent
//           └──▶ the socket takes no more: pending, and fileSent when the rest has gone
import Glibc

/// What became of a piece of a file that was to be sent.
package enum FileOutcome: Sendable {
    /// The kernel has all of it.
    case sent
    /// The loop goes on with it, and says how that ended by `LoopDriver.fileSent`, or the socket fails.
    case pending
    /// The file has become shorter, or cannot be read: the rest does not come.
    case cut
    /// Files like this one cannot be sent so. Nothing of the piece has been.
    case refused
}

/// A piece of a file that is being sent.
struct FileTransfer {
    let file: OpenFile
    var position: Int64
    let end: Int64
    var hasBegun = false
}

extension EventLoop {
    /// Whether pieces of files can be sent on a socket: it is one, and has no cipher.
    package mutating func takesFiles(_ socket: Token) -> Bool {
        sockets.contains(socket) && sockets[socket.index].kind == .stream
            && !sockets[socket.index].flags.contains(.secured)
    }

    /// Whether nothing is known that would keep a piece of a file from being sent now.
    private mutating func takesMore(_ socket: Token) -> Bool {
        let index = socket.index
        if !sockets[index].unsent.isEmpty || sockets[index].flags.contains(.failed) { return false }
        if engine == .epoll { return sockets[index].flags.contains(.writable) }
        return sockets[index].ring.isDisjoint(with: [.send, .isFull]) && sockets[index].error.code == 0
    }

    /// Sends a piece of a file behind all that waits. Nothing else may be sent before that is done.
    package mutating func sendFile(
        _ file: OpenFile, from start: Int64, count: Int64, on socket: Token
    ) -> FileOutcome {
        if !sockets.contains(socket) { return .pending }
        let index = socket.index
        precondition(sockets[index].transfer == nil, "two files on a socket")
        var transfer = FileTransfer(file: file, position: start, end: start + count)
        let outcome = takesMore(socket) ? trySend(&transfer, on: socket) : .pending
        if outcome == .pending {
            sockets[index].transfer = transfer
            sockets[index].flags.insert(.sendsFile)
            if engine == .ring { arm(socket) }
        }
        return outcome
    }

    private mutating func trySend(_ transfer: inout FileTransfer, on socket: Token) -> FileOutcome {
        let index = socket.index
        while transfer.position < transfer.end {
            let count = transfer.file.send(
                from: transfer.position, atMost: Int(transfer.end - transfer.position), to: sockets[index].descriptor)
            if count > 0 {
                transfer.position += Int64(count)
                transfer.hasBegun = true
                sockets[index].bytesSent += UInt64(count)
                continue
            }
            if count == 0 { return .cut }
            let error = SystemError(Int32(-count))
            switch error.code {
            case EINTR: continue
            case EINVAL, ENOSYS, EOPNOTSUPP, EOVERFLOW: return transfer.hasBegun ? .cut : .refused
            // The file's fault, not the socket's.
            case EIO, ESTALE: return .cut
            default: break
            }
            noteFull(socket)
            if !error.wouldBlock {
                sockets[index].flags.insert(.readable)
                markFailed(socket, error)
            }
            return .pending
        }
        return .sent
    }

    /// Goes on with a piece of a file when all that waited before it has been sent.
    mutating func flushFile<Driver: LoopDriver & ~Copyable>(_ socket: Token, for driver: inout Driver) {
        let index = socket.index
        if !takesMore(socket) { return }
        guard var transfer = sockets[index].transfer else { return }
        sockets[index].transfer = nil
        let outcome = trySend(&transfer, on: socket)
        if outcome == .pending {
            sockets[index].transfer = transfer
            return
        }
        sockets[index].flags.remove(.sendsFile)
        driver.fileSent(outcome, on: socket, tag: sockets[index].tag, loop: &self)
    }
}
