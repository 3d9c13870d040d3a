// A request on its way, kept to be sent again.
import MartletEventLoop

/// Where a request's bytes are kept, exactly as they were sent: in memory first, then in a file.
struct ReplayLog: ~Copyable {
    /// How much may be kept where.
    struct Limits {
        var memory: Int
        var file: Int
    }

    private var memory: Buffer?
    private var file: TemporaryFile?
    /// Whether all that was sent is here.
    private(set) var isComplete = false
    /// Bytes kept.
    private(set) var count = 0
    /// Up to where they have been sent anew.
    var position = 0

    init() {}

    /// Bytes that lie in the file.
    var fileBytes: Int {
        switch file {
        case .some(let file): file.count
        case .none: 0
        }
    }

    /// Begins to keep.
    mutating func start() { isComplete = true }

    /// Forgets all.
    mutating func stop() {
        isComplete = false
        memory = nil
        file = nil
        count = 0
        position = 0
    }

    /// Whether all bytes have been sent anew.
    var isAtEnd: Bool { position == count }

    /// Keeps bytes; `false` when there are more than the limits allow, or memory or disk are used up. Nothing is kept then.
    mutating func append(_ bytes: Span<UInt8>, _ limits: Limits, pool: borrowing BufferPool) -> Bool {
        if keep(bytes, limits, pool: pool) {
            count += bytes.count
            position = count
            return true
        }
        stop()
        return false
    }

    private mutating func keep(_ bytes: Span<UInt8>, _ limits: Limits, pool: borrowing BufferPool) -> Bool {
        let inMemory = count - fileBytes
        let isInFile = inMemory < count
        if !isInFile && inMemory + bytes.count <= limits.memory {
            return keepInMemory(bytes, limits.memory, pool: pool)
        }
        if fileBytes + bytes.count > limits.file { return false }
        return keepInFile(bytes)
    }

    private mutating func keepInMemory(_ bytes: Span<UInt8>, _ limit: Int, pool: borrowing BufferPool) -> Bool {
        guard var current = memory.take() else {
            guard var first = pool.take(room: bytes.count) else { return false }
            let isKept = first.append(bytes)
            memory = consume first
            return isKept
        }
        if !current.append(bytes) {
            // Twice as large each time, so that a body in many pieces is not copied as often as it has pieces.
            guard var larger = pool.take(room: min(2 * (current.count + bytes.count), limit)) else { return false }
            if !larger.append(current.bytes) || !larger.append(bytes) { return false }
            current = larger
        }
        memory = consume current
        return true
    }

    private mutating func keepInFile(_ bytes: Span<UInt8>) -> Bool {
        if file == nil {
            do throws(SystemError) {
                file = try TemporaryFile()
            } catch {
                return false
            }
        }
        guard var open = file.take() else { return false }
        let isKept = open.append(bytes)
        file = consume open
        return isKept
    }

    /// Fills a buffer with what comes next; `false` when it cannot be read.
    mutating func read(into buffer: inout Buffer) -> Bool {
        let inMemory = count - fileBytes
        let before = buffer.count
        if position < inMemory {
            guard let kept = memory.take() else { return false }
            let end = min(inMemory, position + buffer.roomBehind - Buffer.tailroom)
            let isRead = Self.copy(kept, position..<end, into: &buffer)
            memory = consume kept
            if !isRead { return false }
        } else {
            guard let open = file.take() else { return false }
            let isRead = open.read(from: position - inMemory, into: &buffer)
            file = consume open
            if !isRead { return false }
        }
        position += buffer.count - before
        return buffer.count > before
    }

    private static func copy(_ kept: borrowing Buffer, _ range: Range<Int>, into buffer: inout Buffer) -> Bool {
        buffer.append(kept.bytes.extracting(range))
    }
}
