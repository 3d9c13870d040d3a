// Asking a server for its certificates.
import MartletEventLoop
import MartletTLS

/// A connection to a server that lasts until its certificates are there. Nothing is sent over it.
struct ChainProbe: LoopDriver {
    enum Message: Sendable {}

    /// What came of it.
    enum Outcome: Sendable {
        case waiting
        /// The certificates, in DER form, the server's own first.
        case chain([[UInt8]])
        case failed(String)
    }

    private let session: TLSSession
    private(set) var outcome = Outcome.waiting

    private init(_ session: TLSSession) { self.session = session }

    /// The certificates of the server at `address`. Blocks, for `limit` milliseconds at most.
    static func run(_ address: SocketAddress, serverName: String, limit: UInt64) -> Outcome {
        var settings = TLSClientSettings()
        // What a server shows is to be seen, not judged.
        settings.isInsecure = true
        settings.reusesSessions = false
        settings.protocols = ["h2", "http/1.1"]
        do throws(TLSError) {
            let context = try TLSClientContext(settings, keyLog: nil)
            guard let session = context.session(to: serverName, cacheKey: 0) else {
                return .failed("no memory is left")
            }
            return run(ChainProbe(session), address, limit)
        } catch {
            return .failed(error.message)
        }
    }

    private static func run(_ probe: ChainProbe, _ address: SocketAddress, _ limit: UInt64) -> Outcome {
        var probe = probe
        do throws(SystemError) {
            var loop = try EventLoop(socketLimit: 8, bufferBytes: 1 << 20)
            let socket = try loop.connect(to: address, tag: 0)
            loop.secure(socket, probe.session)
            loop.setTimer(socket, at: loop.milliseconds + limit)
            try loop.run(&probe, mailbox: try Mailbox<Message>())
            return probe.outcome
        } catch {
            return .failed(error.description)
        }
    }

    /// Takes what there is, and ends.
    private mutating func end(_ failure: String, on loop: inout EventLoop) {
        let chain = session.peerChain
        outcome = chain.isEmpty ? .failed(failure) : .chain(chain)
        loop.stop()
    }

    mutating func connected(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        end("the server has shown no certificate", on: &loop)
    }

    /// A server that wants a certificate of the client breaks off after it has shown its own.
    mutating func failed(_ socket: Token, tag: UInt32, error: SystemError, on loop: inout EventLoop) {
        end(session.failure?.text ?? error.description, on: &loop)
    }

    mutating func receiveEnded(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        end(session.failure?.text ?? "the server has closed the connection", on: &loop)
    }

    mutating func timerExpired(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        end("no answer in time", on: &loop)
    }

    // What does not happen to a single connection over which nothing is sent.
    mutating func accepted(_ socket: Token, by listener: UInt32, from peer: PeerAddress, on loop: inout EventLoop) {}
    mutating func acceptFailed(_ error: SystemError, by listener: UInt32, on loop: inout EventLoop) {}
    mutating func received(_ buffer: consuming Buffer, on socket: Token, tag: UInt32, loop: inout EventLoop) {}
    mutating func sent(_ buffer: consuming Buffer, on socket: Token, tag: UInt32, isIdle: Bool, loop: inout EventLoop) {
    }
    mutating func starved(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {}
    mutating func handle(_ message: Message, on loop: inout EventLoop) {}
    mutating func turnEnded(on loop: inout EventLoop) {}
}
