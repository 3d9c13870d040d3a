// What may stand between a socket and its driver: TLS. The loop moves bytes, the cipher turns them, and the driver sees
// plaintext alone.

/// What became of a call of a cipher.
package struct CipherProgress: BitwiseCopyable, Sendable {
    /// `open`: bytes of plaintext that were written. `seal`: bytes of plaintext that were taken.
    package var plain = 0
    /// Bytes that were written for the peer.
    package var output = 0
    /// There is more to be written for the peer than there was room: send what there is, and call again (`open` with no
    /// input, `seal` with the plaintext that was not taken).
    package var needsRoom = false
    /// The peer has said that it will send nothing more (close_notify).
    package var hasEnded = false
    /// The connection is of no use any more. What was written for the peer, an alert, should still be sent.
    package var hasFailed = false

    package init() {}
}

/// Turns the bytes of one connection. It belongs to its loop's thread. It makes no system calls, keeps no pointer that it
/// is given, and holds a partial record itself.
package protocol StreamCipher: AnyObject {
    /// Whether the handshake is complete: before, `seal` takes nothing.
    var isEstablished: Bool { get }
    /// How many bytes more than its input the plaintext of the next `open` can have at most: what is held of a record.
    var held: Int { get }

    /// Takes all of `input` (unless it fails or ends) and writes plaintext. The client's side is begun by a call without
    /// input. When `isEstablished` has become true, plaintext may have been written already in the same call.
    ///
    /// Plaintext may overwrite input that has been taken: with `held` bytes between the begin of `plain` and that of
    /// `input` it never catches up.
    /// - Parameters:
    ///   - input: what came from the peer, in the same memory as `plain`, at least `held` bytes behind its begin.
    ///   - plain: room for the plaintext, at least `held` bytes more than `input` has.
    ///   - output: room for what the peer must be told: the handshake, alerts.
    @unsafe
    func open(
        _ input: UnsafeRawBufferPointer, plain: UnsafeMutableRawBufferPointer, output: UnsafeMutableRawBufferPointer
    ) -> CipherProgress

    /// Encrypts as much of `plain` as there is room for.
    @unsafe
    func seal(_ plain: UnsafeRawBufferPointer, output: UnsafeMutableRawBufferPointer) -> CipherProgress

    /// Writes that nothing more will come (close_notify); the bytes written, 0 where there is no room or no use.
    @unsafe
    func end(output: UnsafeMutableRawBufferPointer) -> Int
}
