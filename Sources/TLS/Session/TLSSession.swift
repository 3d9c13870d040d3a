// TLS of one connection: handshake, records in and out. One of the few files that hold `unsafe`: memory comes as pointers.
import CNIOBoringSSL
import MartletEventLoop

/// TLS of one connection. It belongs to its loop's thread.
///
/// Hot state is in the pipe, behind a pointer: properties of the class are not touched for a record.
@safe
package final class TLSSession: StreamCipher {
    let ssl: OpaquePointer
    let pipe: UnsafeMutablePointer<Pipe>
    let server: TLSServerContext?
    let client: TLSClientContext?
    /// What is wanted of the client, when the session began.
    let clientVerifier: ClientVerifier?
    /// What the session is kept for, on the client's side.
    let origin: SessionOrigin

    /// Why `open` or `seal` said that it has failed.
    package private(set) var failure: TLSFailure?
    /// Whether no key of the server is pinned, where that is only reported.
    package var pinMismatch = false
    /// Whether an authority validates a name (tls-alpn-01, RFC 8737): close after the handshake.
    package var isChallenge = false

    convenience init?(server: TLSServerContext, _ verifier: ClientVerifier?) {
        self.init(server.object, server: server, verifier, SessionOrigin(owner: SessionOwner(0, ""), generation: 0))
    }

    convenience init?(client: TLSClientContext, _ origin: SessionOrigin) {
        self.init(client.object, client: client, nil, origin)
    }

    private init?(
        _ context: LibraryObject, server: TLSServerContext? = nil, client: TLSClientContext? = nil,
        _ verifier: ClientVerifier?, _ origin: SessionOrigin
    ) {
        guard let ssl = unsafe SSL_new(context.pointer) else { return nil }
        unsafe self.ssl = ssl
        unsafe pipe = .allocate(capacity: 1)
        self.server = server
        self.client = client
        clientVerifier = verifier
        self.origin = origin
        unsafe pipe.initialize(to: Pipe(self))
        // What only a handshake needs is freed after it.
        unsafe SSL_set_shed_handshake_config(ssl, 1)
        if unsafe !PipeMethod.attach(pipe, to: ssl) { return nil }
    }

    deinit {
        unsafe SSL_free(ssl)
        unsafe pipe.pointee.destroy()
        unsafe pipe.deallocate()
    }

    var keyLog: TLSKeyLog? { server?.keyLog ?? client?.keyLog }

    /// Whether the handshake is complete.
    package var isEstablished: Bool { unsafe pipe.pointee.isEstablished }

    /// What is held of a record that is not complete. Plaintext is never held: `open` gives out all that there is.
    package var held: Int { unsafe min(pipe.pointee.recordBytes, Self.mostOfRecord) }

    /// No record is longer: RFC 5246, section 6.2.3; a longer one ends the connection when its head has come.
    private static var mostOfRecord: Int { 5 + (16 << 10) + 2048 }

    // MARK: Receiving

    /// See `StreamCipher`.
    @unsafe
    package func open(
        _ input: UnsafeRawBufferPointer, plain: UnsafeMutableRawBufferPointer, output: UnsafeMutableRawBufferPointer
    ) -> CipherProgress {
        var progress = CipherProgress()
        unsafe pipe.pointee.begin(input, output)
        let isShakingHands = unsafe !pipe.pointee.hasFailed && !pipe.pointee.isEstablished
        if isShakingHands { shakeHands() }
        if unsafe pipe.pointee.isEstablished && !pipe.pointee.hasFailed && !pipe.pointee.hasEnded {
            unsafe progress.plain = read(plain)
            if isShakingHands && progress.plain == 0 { writeTickets() }
        }
        report(&progress)
        return progress
    }

    @inline(__always)
    private func report(_ progress: inout CipherProgress) {
        progress.output = unsafe pipe.pointee.written
        progress.needsRoom = unsafe pipe.pointee.hasSpilled
        progress.hasEnded = unsafe pipe.pointee.hasEnded
        progress.hasFailed = unsafe pipe.pointee.hasFailed
        unsafe pipe.pointee.finish()
    }

    /// Decrypts all input; how many bytes of plaintext there were.
    private func read(_ plain: UnsafeMutableRawBufferPointer) -> Int {
        var count = 0
        // The end of the input is the end of the reading: the library is not asked once more to hear that it wants more.
        while unsafe pipe.pointee.inputLeft > 0 {
            let room = plain.count - count
            guard room > 0, let start = plain.baseAddress else {
                fail(TLSFailure(.protocolError, "there is no room for what came"))
                return count
            }
            let result = unsafe SSL_read(ssl, start + count, Int32(clamping: room))
            if result > 0 { count += Int(result) } else if !goesOn(result) { return count }
        }
        // Less room than there should be: what is decrypted already would be forgotten.
        while unsafe SSL_pending(ssl) > 0 && count < plain.count {
            guard let start = plain.baseAddress else { return count }
            let result = unsafe SSL_read(ssl, start + count, Int32(clamping: plain.count - count))
            if result <= 0 { break }
            count += Int(result)
        }
        return count
    }

    /// What a result that is no success means; whether all is well.
    private func goesOn(_ result: Int32) -> Bool {
        switch unsafe SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return true
        case SSL_ERROR_ZERO_RETURN:
            unsafe pipe.pointee.hasEnded = true
            return false
        default:
            fail(describeError())
            return false
        }
    }

    private func shakeHands() {
        let result = unsafe SSL_do_handshake(ssl)
        if result != 1 {
            if goesOn(result) { return }
            if unsafe pipe.pointee.hasEnded { fail(TLSFailure(.handshake, "the peer has ended the connection")) }
            return
        }
        if let clientVerifier, isResumed, let refusal = clientVerifier.refusal(of: peerCertificates) {
            // The ticket is good, but not the certificate that was shown when it was given: it may have expired since.
            fail(TLSFailure(.clientCertificate, refusal.text))
            _ = unsafe SSL_send_fatal_alert(ssl, refusal.alert)
            return
        }
        unsafe pipe.pointee.isEstablished = true
    }

    /// Has the library write the tickets that it would send with the first answer. A client that collects small segments
    /// (Nagle's algorithm) holds its request back until it has heard of the end of its handshake: 40 ms, when the kernel
    /// delays that. One whose request has come with the end does not wait.
    private func writeTickets() {
        if server == nil { return }
        var nothing: UInt8 = 0
        let result = unsafe SSL_write(ssl, &nothing, 0)
        if result < 0 { _ = goesOn(result) }
    }

    // MARK: Sending

    /// See `StreamCipher`.
    @unsafe
    package func seal(_ plain: UnsafeRawBufferPointer, output: UnsafeMutableRawBufferPointer) -> CipherProgress {
        var progress = CipherProgress()
        unsafe pipe.pointee.begin(UnsafeRawBufferPointer(start: nil, count: 0), output)
        var isShort = false
        if unsafe pipe.pointee.isEstablished && !pipe.pointee.hasFailed && !pipe.pointee.hasSpilled {
            unsafe (progress.plain, isShort) = write(plain)
        }
        report(&progress)
        if isShort { progress.needsRoom = true }
        return progress
    }

    /// Encrypts; how much of the plaintext is encrypted and written, and whether there is too little room for the rest.
    private func write(_ plain: UnsafeRawBufferPointer) -> (Int, Bool) {
        var count = unsafe min(pipe.pointee.ahead, plain.count)
        unsafe pipe.pointee.ahead = 0
        while count < plain.count {
            let left = min(plain.count - count, Self.mostOfPlain)
            let room = unsafe pipe.pointee.outputLeft - Self.overhead
            // Small records cost more than they bring; but one must be begun.
            if unsafe room < min(left, Self.leastOfPlain) && (count > 0 || pipe.pointee.written > 0) {
                return (count, true)
            }
            guard let start = plain.baseAddress else { break }
            let result = unsafe SSL_write(ssl, start + count, Int32(min(left, max(room, Self.leastOfPlain))))
            if result <= 0 {
                _ = goesOn(result)
                break
            }
            if unsafe pipe.pointee.hasSpilled {
                unsafe pipe.pointee.ahead = Int(result)
                break
            }
            count += Int(result)
        }
        return (count, false)
    }

    /// Of a record, RFC 8446, section 5.1.
    private static var mostOfPlain: Int { 16 << 10 }
    private static var leastOfPlain: Int { 1024 }
    /// What a record has besides plaintext, at most.
    private static var overhead: Int { 96 }

    /// See `StreamCipher`.
    @unsafe
    package func end(output: UnsafeMutableRawBufferPointer) -> Int {
        let isUseless = unsafe !pipe.pointee.isEstablished || pipe.pointee.hasFailed || pipe.pointee.hasSpilled
        if isUseless || output.count < 4 * Self.overhead { return 0 }
        unsafe pipe.pointee.begin(UnsafeRawBufferPointer(start: nil, count: 0), output)
        defer { unsafe pipe.pointee.finish() }
        _ = unsafe SSL_shutdown(ssl)
        ERR_clear_error()
        // A part of a record is of no use.
        return unsafe pipe.pointee.hasSpilled ? 0 : pipe.pointee.written
    }

    // MARK: Failing

    /// The connection is of no use any more.
    private func fail(_ failure: TLSFailure) {
        unsafe pipe.pointee.hasFailed = true
        note(failure)
    }

    /// Notes why the handshake is about to fail; the first reason counts.
    func note(_ failure: TLSFailure) { if self.failure == nil { self.failure = failure } }

    private func describeError() -> TLSFailure {
        let first = unsafe pipe.pointee.firstByte
        let error = LibraryErrors.take()
        if server != nil, unsafe !pipe.pointee.isEstablished, let first, (0x41...0x5a).contains(first) {
            return TLSFailure(.plainHTTP, "a request of HTTP in clear came to a port of TLS")
        }
        guard let (code, text) = error else { return TLSFailure(.protocolError, "the connection was broken off") }
        return .of(code, text, isServer: server != nil)
    }
}
