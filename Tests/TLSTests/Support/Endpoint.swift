// One end of a connection in memory. One of the few files that hold `unsafe`: sessions are handed memory.
import MartletEventLoop
import Testing

@testable import MartletTLS

/// One end of a connection: it hands its session memory as the loop does, plaintext over what has been taken, and checks
/// that nothing else is written.
final class Endpoint {
    let session: TLSSession
    /// The plaintext that has come.
    private(set) var received: [UInt8] = []
    /// What is to be carried to the other end.
    var outbox: [UInt8] = []
    private(set) var hasEnded = false
    private(set) var hasFailed = false
    /// How much room each call has for output.
    var outputRoom = 20 << 10
    /// How often output did not fit.
    private(set) var shortages = 0

    init(_ session: TLSSession?) throws { self.session = try #require(session) }

    var failure: TLSFailure? { session.failure }
    var text: String { String(decoding: received, as: UTF8.self) }

    /// Hands over what has come, and lets the session say all that it has to say.
    func open(_ input: [UInt8] = []) {
        var progress = open(once: input)
        while progress.needsRoom && !hasFailed {
            shortages += 1
            progress = open(once: [])
        }
    }

    private func open(once input: [UInt8]) -> CipherProgress {
        let held = session.held
        let guardCount = 32
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: held + input.count + guardCount, alignment: 16)
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: outputRoom + guardCount, alignment: 16)
        defer {
            unsafe memory.deallocate()
            unsafe output.deallocate()
        }
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0xa5)
        unsafe output.initializeMemory(as: UInt8.self, repeating: 0xa5)
        unsafe UnsafeMutableRawBufferPointer(rebasing: memory[held...]).copyBytes(from: input)
        let plain = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<(held + input.count)])
        let progress = unsafe session.open(
            UnsafeRawBufferPointer(rebasing: plain[held...]), plain: plain,
            output: UnsafeMutableRawBufferPointer(rebasing: output[..<outputRoom]))
        #expect(progress.plain <= held + input.count)
        #expect(unsafe memory[(held + input.count)...].allSatisfy { $0 == 0xa5 })
        #expect(unsafe output[outputRoom...].allSatisfy { $0 == 0xa5 })
        unsafe received += plain[..<progress.plain]
        unsafe outbox += output[..<progress.output]
        hasEnded = hasEnded || progress.hasEnded
        hasFailed = hasFailed || progress.hasFailed
        return progress
    }

    /// Encrypts all of the bytes.
    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        var calls = 0
        while true {
            let output = UnsafeMutableRawBufferPointer.allocate(byteCount: outputRoom, alignment: 16)
            defer { unsafe output.deallocate() }
            let progress = unsafe Array(rest).withUnsafeBytes { unsafe session.seal($0, output: output) }
            unsafe outbox += output[..<progress.output]
            rest = rest.dropFirst(progress.plain)
            hasFailed = hasFailed || progress.hasFailed
            if progress.needsRoom { shortages += 1 }
            calls += 1
            if rest.isEmpty && !progress.needsRoom || hasFailed { return }
            if progress.plain == 0 && progress.output == 0 || calls > 1_000_000 {
                Issue.record("sealing does not go on")
                return
            }
        }
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// Says that this was all.
    func end() {
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: outputRoom, alignment: 16)
        defer { unsafe output.deallocate() }
        let count = unsafe session.end(output: output)
        unsafe outbox += output[..<count]
    }
}

/// Two ends that talk with each other.
struct Connection {
    let client: Endpoint
    let server: Endpoint

    init(_ client: TLSSession?, _ server: TLSSession?) throws {
        self.client = try Endpoint(client)
        self.server = try Endpoint(server)
    }

    /// Begins, and carries bytes until nobody has any, or it `isEnough`; each time `cut` says how many at most.
    func pump(cut: () -> Int = { .max }, until isEnough: () -> Bool = { false }) {
        if !client.session.isEstablished && !client.hasFailed { client.open() }
        while !client.outbox.isEmpty || !server.outbox.isEmpty {
            carry(from: client, to: server, cut)
            if isEnough() { return }
            carry(from: server, to: client, cut)
        }
    }

    private func carry(from one: Endpoint, to other: Endpoint, _ cut: () -> Int) {
        if one.outbox.isEmpty { return }
        let count = min(one.outbox.count, max(1, cut()))
        let bytes = Array(one.outbox[..<count])
        one.outbox.removeFirst(count)
        if !other.hasFailed && !other.hasEnded { other.open(bytes) }
    }

    var isEstablished: Bool {
        client.session.isEstablished && server.session.isEstablished && !client.hasFailed && !server.hasFailed
    }

    /// Whether bytes go both ways.
    func echoes() -> Bool {
        client.send("ping")
        pump()
        server.send("pong")
        pump()
        return client.text.hasSuffix("pong") && server.text.hasSuffix("ping") && isEstablished
    }
}
