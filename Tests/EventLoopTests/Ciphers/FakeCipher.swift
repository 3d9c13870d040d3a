// A cipher without cryptography, as strict with its memory as a real one. It holds `unsafe`: the protocol hands it memory.
import MartletEventLoop

/// What is said through a `FakeCipher`.
struct FakeScript: Sendable {
    /// How long the messages of the handshake are; the client says the first, then they take turns.
    var handshake = [300, 2_000, 100]
    /// What the server says when the handshake is complete, as with session tickets.
    var afterwards = 0
    /// What a question is answered with.
    var answer = 20
    /// The most that a record holds.
    var recordBytes = 16_384
    /// The most that one call writes for the peer.
    var outputRoom = Int.max
    /// After so many bytes of plaintext encrypting fails.
    var failsAfter = Int.max
    /// The end is said in the middle of the handshake, instead of the message with this number.
    var endsBefore = Int.max
}

/// Records are a kind, a length of three bytes, and that many bytes. Those of plaintext are mixed with their number, so
/// that none can be lost, doubled or moved. What is held back until there is room for what must be said, is held here.
final class FakeCipher: StreamCipher {
    enum Kind: UInt8 {
        case handshake = 1
        case data, end, alert, question, answer, invalid
    }

    static let head = 4
    private let isClient: Bool
    private let script: FakeScript
    /// What came and has not been turned.
    private var partial: [UInt8] = []
    /// What is to be said and has not been written.
    private var waiting: [UInt8] = []
    /// The message of the handshake that is to come, and how much of it has.
    private var step = 0
    private var come = 0
    private var opened = 0
    private var sealed = 0
    private var sealedBytes = 0
    private var hasEnded = false
    private var hasSaidAll = false
    private(set) var hasFailed = false
    private(set) var isEstablished = false

    init(isClient: Bool, _ script: FakeScript) {
        self.isClient = isClient
        self.script = script
    }

    var held: Int { partial.count }

    // MARK: Receiving

    func open(
        _ input: UnsafeRawBufferPointer, plain: UnsafeMutableRawBufferPointer, output: UnsafeMutableRawBufferPointer
    ) -> CipherProgress {
        var progress = CipherProgress()
        guard let first = input.baseAddress, let target = plain.baseAddress else {
            preconditionFailure("no memory at all")
        }
        let gap = unsafe first - UnsafeRawPointer(target)
        precondition(gap >= held, "plaintext would overwrite input")
        precondition(plain.count >= held + input.count, "no room for the plaintext")
        let output = unsafe UnsafeMutableRawBufferPointer(rebasing: output.prefix(script.outputRoom))
        var rest = unsafe Array(input)[...]
        // From here on the input is read from the copy, and what lies there is of no use to anybody.
        unsafe plain.initializeMemory(as: UInt8.self, repeating: 0xEE)
        speak()
        while true {
            unsafe write(to: output, &progress)
            if !waiting.isEmpty || hasFailed || progress.hasEnded { break }
            isEstablished = isEstablished || step == script.handshake.count
            guard let (kind, content) = nextRecord(&rest) else { break }
            precondition(progress.plain + content.count <= gap + input.count - rest.count, "input overwritten")
            unsafe handle(kind, content, plain, &progress)
        }
        partial += rest
        progress.needsRoom = !waiting.isEmpty
        progress.hasFailed = hasFailed
        return progress
    }

    private func nextRecord(_ rest: inout ArraySlice<UInt8>) -> (UInt8, ArraySlice<UInt8>)? {
        fill(Self.head, &rest)
        if partial.count < Self.head { return nil }
        let end = Self.head + Int(partial[1]) << 16 + Int(partial[2]) << 8 + Int(partial[3])
        fill(end, &rest)
        if partial.count < end { return nil }
        defer { partial.removeFirst(end) }
        return (partial[0], partial[Self.head..<end])
    }

    private func fill(_ count: Int, _ rest: inout ArraySlice<UInt8>) {
        let more = rest.prefix(max(0, count - partial.count))
        partial += more
        rest = rest.dropFirst(more.count)
    }

    private func handle(
        _ kind: UInt8, _ content: ArraySlice<UInt8>, _ plain: UnsafeMutableRawBufferPointer,
        _ progress: inout CipherProgress
    ) {
        switch Kind(rawValue: kind) {
        case .handshake where step < script.handshake.count:
            come += content.count
            if come < script.handshake[step] { return }
            come = 0
            step += 1
            speak()
        case .data where isEstablished:
            let place = unsafe UnsafeMutableRawBufferPointer(rebasing: plain[progress.plain...])
            unsafe content.withUnsafeBytes { unsafe Self.mix($0, opened, into: place) }
            opened += 1
            progress.plain += content.count
        case .end: progress.hasEnded = true
        case .question where isEstablished:
            if !hasEnded { say(.answer, script.answer) }
        case .answer where isEstablished: break
        case .alert: hasFailed = true
        default:
            say(.alert, 2)
            hasFailed = true
        }
    }

    /// Says what is to be said of the handshake now.
    private func speak() {
        while step < script.handshake.count && (step % 2 == 0) == isClient && !hasSaidAll {
            hasSaidAll = step >= script.endsBefore
            if hasSaidAll { return say(.end, 0) }
            say(.handshake, script.handshake[step])
            step += 1
        }
        if step < script.handshake.count || hasSaidAll { return }
        hasSaidAll = true
        if !isClient && script.afterwards > 0 { say(.answer, script.afterwards) }
    }

    private func say(_ kind: Kind, _ count: Int) {
        var left = count
        repeat {
            let length = min(left, script.recordBytes)
            waiting += Self.record(kind, length)
            waiting += [UInt8](repeating: 0x77, count: length)
            left -= length
        } while left > 0
    }

    private func write(to output: UnsafeMutableRawBufferPointer, _ progress: inout CipherProgress) {
        let count = min(waiting.count, output.count - progress.output)
        let place = unsafe UnsafeMutableRawBufferPointer(rebasing: output[progress.output...])
        unsafe waiting.withUnsafeBytes { unsafe place.copyMemory(from: .init(rebasing: $0.prefix(count))) }
        waiting.removeFirst(count)
        progress.output += count
    }

    // MARK: Sending

    func seal(_ plain: UnsafeRawBufferPointer, output: UnsafeMutableRawBufferPointer) -> CipherProgress {
        precondition(isEstablished && !hasFailed && !hasEnded, "nothing can be sent")
        var progress = CipherProgress()
        let output = unsafe UnsafeMutableRawBufferPointer(rebasing: output.prefix(script.outputRoom))
        unsafe write(to: output, &progress)
        while progress.plain < plain.count && waiting.isEmpty {
            let left = plain.count - progress.plain
            let count = min(left, script.recordBytes, output.count - progress.output - Self.head)
            if count <= 0 { break }
            if sealedBytes >= script.failsAfter {
                say(.alert, 2)
                hasFailed = true
                unsafe write(to: output, &progress)
                break
            }
            let place = unsafe UnsafeMutableRawBufferPointer(rebasing: output[progress.output...])
            unsafe place.copyBytes(from: Self.record(.data, count))
            let content = unsafe UnsafeRawBufferPointer(rebasing: plain[progress.plain..<progress.plain + count])
            unsafe Self.mix(content, sealed, into: .init(rebasing: place[Self.head...]))
            sealed += 1
            sealedBytes += count
            progress.plain += count
            progress.output += Self.head + count
        }
        progress.needsRoom = progress.plain < plain.count
        progress.hasFailed = hasFailed
        return progress
    }

    func end(output: UnsafeMutableRawBufferPointer) -> Int {
        if !isEstablished || hasEnded || hasFailed || !waiting.isEmpty || output.count < Self.head { return 0 }
        hasEnded = true
        unsafe output.copyBytes(from: Self.record(.end, 0))
        return Self.head
    }

    static func record(_ kind: Kind, _ count: Int) -> [UInt8] {
        [kind.rawValue, UInt8(count >> 16), UInt8(count >> 8 & 255), UInt8(count & 255)]
    }

    /// Eight bytes at a time: one by one they take seconds without optimization.
    private static func mix(_ from: UnsafeRawBufferPointer, _ number: Int, into: UnsafeMutableRawBufferPointer) {
        let key = UInt64(truncatingIfNeeded: number &+ 1) &* 0x9E37_79B9_7F4A_7C15
        let whole = from.count & ~7
        for place in stride(from: 0, to: whole, by: 8) {
            let word = unsafe from.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            unsafe into.storeBytes(of: word ^ key, toByteOffset: place, as: UInt64.self)
        }
        for place in whole..<from.count { unsafe into[place] = from[place] ^ UInt8(truncatingIfNeeded: key >> 24) }
    }
}

extension FakeCipher {
    /// What became of bytes that were received.
    struct Opened {
        var plain: [UInt8] = []
        var output: [UInt8] = []
        var hasEnded = false
    }

    /// Turns bytes that were received.
    func open(_ bytes: [UInt8]) -> Opened {
        var result = Opened()
        var input = bytes
        repeat {
            let gap = held
            let size = gap + input.count
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size + (64 << 10), alignment: 8)
            defer { unsafe memory.deallocate() }
            let plain = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<size])
            let output = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[size...])
            unsafe plain[gap...].copyBytes(from: input)
            let progress = unsafe open(.init(rebasing: plain[gap...]), plain: plain, output: output)
            unsafe result.plain += plain.prefix(progress.plain)
            unsafe result.output += output.prefix(progress.output)
            result.hasEnded = result.hasEnded || progress.hasEnded
            input = []
            if !progress.needsRoom { return result }
        } while true
    }

    /// What is to be sent for bytes of plaintext.
    func seal(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 8)
        defer { unsafe memory.deallocate() }
        while !rest.isEmpty {
            let progress = unsafe rest.withUnsafeBytes { unsafe seal($0, output: memory) }
            rest = rest.dropFirst(progress.plain)
            unsafe result += memory.prefix(progress.output)
        }
        return result
    }

    /// What is to be sent for the end.
    func end() -> [UInt8] {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 8)
        defer { unsafe memory.deallocate() }
        return unsafe Array(memory.prefix(end(output: memory)))
    }
}
