// A driver that does what tests tell it and writes down what the loop tells it.
import MartletEventLoop
import MartletTestSupport

/// What a loop told its driver of a socket.
enum Event: Equatable, Sendable {
    case accepted(from: PeerAddress)
    case acceptFailed(SystemError)
    case connected
    /// The handshake of an accepted one is complete.
    case secured
    /// What came one after the other is written down as one.
    case received([UInt8])
    case ended
    /// A buffer that had waited, with so many bytes.
    case sent(Int, isIdle: Bool)
    /// A piece of a file that had waited is done.
    case fileSent(FileOutcome)
    /// The peer has been told that nothing more comes, which had to wait.
    case sendingEnded
    case failed(SystemError)
    case expired
    case starved
    /// A channel for which bytes were held wants them.
    case resumed

    static func received(_ text: String) -> Event { .received(Array(text.utf8)) }
}

/// All that a loop told its driver, by the socket's tag.
struct Diary: Sendable {
    var events: [UInt32: [Event]] = [:]
    var turns = 0

    mutating func note(_ event: Event, _ tag: UInt32) {
        if case .received(let more) = event, case .received(let bytes) = events[tag, default: []].last {
            events[tag, default: []].removeLast()
            events[tag, default: []].append(.received(bytes + more))
        } else {
            events[tag, default: []].append(event)
        }
    }
}

/// A buffer where only what can be copied fits.
final class Held {
    private let buffer: Buffer
    init(_ buffer: consuming Buffer) { self.buffer = buffer }
    var contents: [UInt8] { bytes(buffer) }
    var room: (front: Int, behind: Int) { (buffer.roomInFront, buffer.roomBehind) }
}

struct RecordingDriver: LoopDriver, ~Copyable {
    /// Something to be done on the loop's thread.
    typealias Message = @Sendable (inout RecordingDriver, inout EventLoop) -> Void

    /// Accepted connections have the tags 100, 101 and so on.
    static let firstTag: UInt32 = 100

    let diary: Monitor<Diary>
    var sockets: [UInt32: Token] = [:]
    var nextTag = RecordingDriver.firstTag
    /// Whether accepted and connected sockets receive from the beginning.
    var receivesAtOnce = true
    /// Received buffers are kept here while `keepsBuffers`.
    var kept: [Held] = []
    var keepsBuffers = false
    /// Done when bytes have come, or the timer has expired, on the socket with the tag.
    var reaction: (@Sendable (UInt32, inout RecordingDriver, inout EventLoop) -> Void)?

    /// What accepted sockets get.
    var makeCipher: (@Sendable () -> any StreamCipher)?
    /// Done after an event was written down.
    var reply: (@Sendable (Event, UInt32, inout RecordingDriver, inout EventLoop) -> Void)?

    init(_ diary: Monitor<Diary>) { self.diary = diary }

    private func note(_ event: Event, _ tag: UInt32) { diary.change { $0.note(event, tag) } }

    /// Sends bytes; whether the kernel took them at once.
    func send(_ bytes: [UInt8], to tag: UInt32, on loop: inout EventLoop) -> Bool {
        guard let socket = sockets[tag], let buffer = loop.pool.copy(bytes.span) else { return false }
        switch loop.send(buffer, on: socket) {
        case .sent(let buffer): return buffer.count == bytes.count
        case .pending: return false
        }
    }

    mutating func accepted(_ socket: Token, by listener: UInt32, from peer: PeerAddress, on loop: inout EventLoop) {
        sockets[nextTag] = socket
        loop.setTag(socket, nextTag)
        if let makeCipher { loop.secure(socket, makeCipher()) }
        if receivesAtOnce { loop.setReceiving(socket, true) }
        nextTag += 1
        note(.accepted(from: peer), nextTag - 1)
    }

    mutating func acceptFailed(_ error: SystemError, by listener: UInt32, on loop: inout EventLoop) {
        note(.acceptFailed(error), listener)
    }

    mutating func secured(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        note(.secured, tag)
        reply?(.secured, tag, &self, &loop)
    }

    mutating func connected(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        if receivesAtOnce { loop.setReceiving(socket, true) }
        note(.connected, tag)
        reply?(.connected, tag, &self, &loop)
    }

    mutating func received(_ buffer: consuming Buffer, on socket: Token, tag: UInt32, loop: inout EventLoop) {
        let event = Event.received(bytes(buffer))
        note(event, tag)
        if keepsBuffers { kept.append(Held(buffer)) }
        reaction?(tag, &self, &loop)
        reply?(event, tag, &self, &loop)
    }

    mutating func fileSent(_ outcome: FileOutcome, on socket: Token, tag: UInt32, loop: inout EventLoop) {
        note(.fileSent(outcome), tag)
    }

    mutating func receiveEnded(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        note(.ended, tag)
        reply?(.ended, tag, &self, &loop)
    }

    mutating func sendingEnded(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        note(.sendingEnded, tag)
    }

    mutating func sent(
        _ buffer: consuming Buffer, on socket: Token, tag: UInt32, isIdle: Bool, loop: inout EventLoop
    ) {
        let event = Event.sent(buffer.count, isIdle: isIdle)
        note(event, tag)
        reply?(event, tag, &self, &loop)
    }

    mutating func failed(_ socket: Token, tag: UInt32, error: SystemError, on loop: inout EventLoop) {
        note(.failed(error), tag)
        reply?(.failed(error), tag, &self, &loop)
    }

    mutating func timerExpired(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        reaction?(tag, &self, &loop)
        note(.expired, tag)
    }

    mutating func resumed(_ channel: Token, tag: UInt32, on loop: inout EventLoop) { note(.resumed, tag) }

    mutating func starved(_ socket: Token, tag: UInt32, on loop: inout EventLoop) { note(.starved, tag) }

    mutating func handle(_ message: Message, on loop: inout EventLoop) { message(&self, &loop) }

    mutating func turnEnded(on loop: inout EventLoop) { diary.change { $0.turns += 1 } }
}
