// A server whose answer can be held back.
import MartletTestSupport

/// A server that answers requests for /slow when it is let go, and all others at once.
final class SlowOrigin: Sendable {
    let isOpen = Monitor(false)
    let server: ScriptedServer

    /// - Parameter sendsHalf: half of the slow answer, `half`, is sent at once; what is held back is the same again.
    init(sendsHalf: Bool = false) throws {
        let isOpen = isOpen
        server = try ScriptedServer { socket, _ in
            while let request = try socket.readRequest() {
                let isSlow = request.target == "/slow"
                if isSlow && sendsHalf { try socket.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf") }
                if isSlow && isOpen.wait(for: { $0 ? true : nil }) == nil { return }
                try socket.send(isSlow && sendsHalf ? "half" : response(200, request.target))
            }
        }
    }

    func open() { isOpen.change { $0 = true } }
}
