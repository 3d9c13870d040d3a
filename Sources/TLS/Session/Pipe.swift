// What stands between the library and the memory that a session is handed. One of the few files that hold `unsafe`: the
// library reads and writes through functions with pointers.
import CNIOBoringSSL
import Glibc

/// Input and output of the call that goes on, and what output did not fit into the last one's.
@unsafe
struct Pipe {
    private var input: UnsafeRawPointer?
    private(set) var inputLeft = 0
    private var output: UnsafeMutableRawPointer?
    private(set) var outputLeft = 0
    private(set) var written = 0

    /// How many bytes of a record have come that is not complete.
    private(set) var recordBytes = 0
    private var recordLength = 0
    /// The first byte that has come at all: it tells HTTP from TLS.
    private(set) var firstByte: UInt8?

    /// Output that there was no room for.
    private var spilled: UnsafeMutablePointer<UInt8>?
    private var spillStart = 0
    private var spillEnd = 0
    private var spillRoom = 0

    /// Plaintext that has been encrypted, but is reported as taken only when all of its record is written.
    var ahead = 0
    var isEstablished = false
    var hasEnded = false
    var hasFailed = false
    unowned(unsafe) let session: TLSSession

    init(_ session: TLSSession) { unsafe self.session = session }

    var hasSpilled: Bool { unsafe spillEnd > spillStart }

    /// A call begins.
    mutating func begin(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) {
        unsafe self.input = input.baseAddress
        unsafe inputLeft = input.count
        unsafe self.output = output.baseAddress
        unsafe outputLeft = output.count
        unsafe written = 0
        if unsafe hasSpilled { unsafe pour() }
    }

    /// A call ends: the memory is not ours any more.
    mutating func finish() {
        unsafe input = nil
        unsafe inputLeft = 0
        unsafe output = nil
        unsafe outputLeft = 0
    }

    mutating func destroy() { unsafe spilled?.deallocate() }

    /// Takes input; how much there was of it.
    mutating func read(_ target: UnsafeMutableRawPointer, _ count: Int) -> Int {
        let count = unsafe min(count, inputLeft)
        guard count > 0, let source = unsafe input else { return 0 }
        unsafe memcpy(target, source, count)
        unsafe note(source, count)
        unsafe input = source + count
        unsafe inputLeft -= count
        return count
    }

    /// Follows the records. The library reads the head of one, and then its rest: never beyond its end.
    private mutating func note(_ bytes: UnsafeRawPointer, _ count: Int) {
        if unsafe recordBytes < Self.headCount {
            if unsafe firstByte == nil { unsafe firstByte = bytes.load(as: UInt8.self) }
            for place in unsafe recordBytes..<min(Self.headCount, recordBytes + count) {
                let byte = unsafe Int(bytes.load(fromByteOffset: place - recordBytes, as: UInt8.self))
                if place == 3 { unsafe recordLength = byte << 8 }
                if place == 4 { unsafe recordLength += byte }
            }
        }
        unsafe recordBytes += count
        if unsafe recordBytes >= Self.headCount + recordLength && recordBytes >= Self.headCount {
            unsafe recordBytes = 0
        }
    }

    private static var headCount: Int { Int(SSL3_RT_HEADER_LENGTH) }

    /// Puts all of the bytes into the output, or keeps what does not fit; whether there was memory for it.
    mutating func write(_ source: UnsafeRawPointer, _ count: Int) -> Bool {
        let fitting = unsafe hasSpilled ? 0 : min(count, outputLeft)
        if fitting > 0, let target = unsafe output {
            unsafe memcpy(target, source, fitting)
            unsafe output = target + fitting
            unsafe outputLeft -= fitting
            unsafe written += fitting
        }
        return unsafe fitting == count || spill(source + fitting, count - fitting)
    }

    private mutating func spill(_ source: UnsafeRawPointer, _ count: Int) -> Bool {
        if unsafe spillEnd + count > spillRoom {
            let room = unsafe max(4096, (spillEnd + count) * 2)
            let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: room)
            if let old = unsafe spilled {
                unsafe memcpy(larger, old + spillStart, spillEnd - spillStart)
                unsafe old.deallocate()
            }
            unsafe spillEnd -= spillStart
            unsafe spillStart = 0
            unsafe spilled = larger
            unsafe spillRoom = room
        }
        guard let target = unsafe spilled else { return false }
        unsafe memcpy(target + spillEnd, source, count)
        unsafe spillEnd += count
        return true
    }

    /// Writes what was kept.
    private mutating func pour() {
        guard let source = unsafe spilled, let target = unsafe output else { return }
        let count = unsafe min(spillEnd - spillStart, outputLeft)
        unsafe memcpy(target, source + spillStart, count)
        unsafe output = target + count
        unsafe outputLeft -= count
        unsafe written += count
        unsafe spillStart += count
        if unsafe hasSpilled { return }
        unsafe source.deallocate()
        unsafe spilled = nil
        unsafe spillStart = 0
        unsafe spillEnd = 0
        unsafe spillRoom = 0
    }
}

/// The library's side of the pipe.
enum PipeMethod {
    /// How the library reads and writes.
    private static let method: LibraryObject? = {
        guard let method = unsafe BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "pipe") else { return nil }
        let isSet = unsafe [
            BIO_meth_set_read(method) { bio, target, count in
                guard let pipe = unsafe PipeMethod.pipe(bio), let target = unsafe target, count > 0 else { return -1 }
                unsafe BIO_clear_retry_flags(bio)
                let taken = unsafe pipe.pointee.read(target, Int(count))
                if taken > 0 { return Int32(taken) }
                unsafe BIO_set_retry_read(bio)
                return -1
            },
            BIO_meth_set_write(method) { bio, source, count in
                guard let pipe = unsafe PipeMethod.pipe(bio), let source = unsafe source, count > 0 else { return -1 }
                unsafe BIO_clear_retry_flags(bio)
                return unsafe pipe.pointee.write(source, Int(count)) ? count : -1
            },
            BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 },
        ]
        return isSet.allSatisfy { $0 == 1 } ? unsafe LibraryObject(method, BIO_meth_free) : nil
    }()

    /// Has the library read and write through a pipe.
    @unsafe
    static func attach(_ pipe: UnsafeMutablePointer<Pipe>, to ssl: OpaquePointer) -> Bool {
        guard let method, let bio = unsafe BIO_new(method.pointer) else { return false }
        unsafe BIO_set_data(bio, pipe)
        unsafe BIO_set_init(bio, 1)
        unsafe SSL_set_bio(ssl, bio, bio)
        return true
    }

    @unsafe
    static func pipe(_ bio: OpaquePointer?) -> UnsafeMutablePointer<Pipe>? {
        unsafe BIO_get_data(bio)?.assumingMemoryBound(to: Pipe.self)
    }

    /// The session that the library calls about.
    @unsafe
    static func session(_ ssl: OpaquePointer?) -> TLSSession? {
        unsafe SSL_get_rbio(ssl).flatMap { unsafe pipe($0)?.pointee.session }
    }
}
