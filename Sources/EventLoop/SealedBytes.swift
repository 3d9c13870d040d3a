// Buffers and ciphers. One of the few files that hold `unsafe`: a cipher is handed memory, and where its parts lie is
// checked here.

/// Memory for what ciphers have to tell their peers, before it is known how much that is.
@safe
struct CipherScratch: ~Copyable {
    /// More than a record has, and more than most handshakes.
    private static var size: Int { 20 << 10 }

    private let start: UnsafeMutableRawPointer

    var memory: UnsafeMutableRawBufferPointer { unsafe UnsafeMutableRawBufferPointer(start: start, count: Self.size) }

    init() { unsafe start = .allocate(byteCount: Self.size, alignment: 64) }

    deinit { unsafe start.deallocate() }

    /// The first `count` bytes.
    @_lifetime(borrow self)
    func bytes(_ count: Int) -> Span<UInt8> {
        precondition(count >= 0 && count <= Self.size, "more than there is")
        let span = unsafe Span<UInt8>(
            _unsafeStart: start.assumingMemoryBound(to: UInt8.self), count: count)
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// Has the cipher write that nothing more will come; how many bytes it wrote.
    func end(_ cipher: any StreamCipher) -> Int { unsafe cipher.end(output: memory) }

    /// Begins, or continues, without input.
    func open(_ cipher: any StreamCipher) -> CipherProgress {
        let none = unsafe UnsafeMutableRawBufferPointer(start: start, count: 0)
        return unsafe cipher.open(UnsafeRawBufferPointer(none), plain: none, output: memory)
    }
}

extension Buffer {
    /// Receives `gap` bytes behind the end, without taking the bytes in: a cipher does that. The count, 0 at the end of
    /// the stream, or a negative errno.
    mutating func receiveSealed(from descriptor: Int32, atMost room: Int, gap: Int) -> Int {
        precondition(room > 0 && gap >= 0 && gap + room <= roomBehind, "more received than there is room")
        return unsafe Kernel.receive(descriptor, raw + end + gap, room)
    }

    /// Puts bytes where `receiveSealed` would.
    mutating func place(_ bytes: Span<UInt8>, gap: Int) {
        precondition(gap >= 0 && gap + bytes.count <= roomBehind, "no room")
        copy(bytes, to: end + gap)
    }

    /// Decrypts `count` bytes that lie `gap` bytes behind the end; the plaintext is put behind the bytes.
    mutating func open(
        _ count: Int, gap: Int, by cipher: any StreamCipher, _ scratch: borrowing CipherScratch
    ) -> CipherProgress {
        precondition(count >= 0 && gap >= 0 && gap + count <= roomBehind, "no room")
        let room = unsafe UnsafeMutableRawBufferPointer(start: raw + end, count: gap + count)
        let input = unsafe UnsafeRawBufferPointer(rebasing: room[gap...])
        let progress = unsafe cipher.open(input, plain: room, output: scratch.memory)
        precondition(progress.plain <= gap + count, "a cipher wrote more than it had room for")
        end += progress.plain
        return progress
    }

    /// Encrypts what has not been sent of `plain` behind the bytes, as far as there is room.
    mutating func seal(_ plain: borrowing Buffer, by cipher: any StreamCipher) -> CipherProgress {
        let input = unsafe UnsafeRawBufferPointer(
            start: plain.raw + plain.start + plain.sent, count: plain.count - plain.sent)
        let room = unsafe UnsafeMutableRawBufferPointer(start: raw + end, count: roomBehind)
        let progress = unsafe cipher.seal(input, output: room)
        precondition(progress.output <= roomBehind && progress.plain <= input.count, "a cipher went too far")
        end += progress.output
        return progress
    }
}
