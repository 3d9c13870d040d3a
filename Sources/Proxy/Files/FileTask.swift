// A request for a file, as a loop has it.
import MartletEventLoop
import MartletFiles

/// What is being done for a request for a file. It belongs to one exchange, on one loop.
final class FileTask {
    /// How far it has come.
    enum State {
        /// The file is looked for.
        case finding
        /// Its bytes are handed over as the client takes them.
        case sending
        /// They are being read by another thread, so that sending them does not wait.
        case loading
    }

    let question: FileQuestion
    let conditions: FileConditions
    var state = State.finding
    /// It goes on at the end of the turn, when others have had their turn.
    var isPaused = false
    var found: FoundFile?
    /// The pieces that are left of the content, and how much of the first has been handed over.
    private var pieces: [FilePiece] = []
    private var place = 0
    private var done: Int64 = 0
    /// How many bytes may be sent before others have their turn, and in which turn of the loop that is.
    var budget: Int64 = 0
    private var turn: UInt64 = 0
    /// When another thread was asked to read, in milliseconds.
    var loadingSince: UInt64 = 0
    /// Bytes up to here have been read by another thread, and are read without asking whether they are in memory.
    var loadedUpTo: Int64 = 0
    /// How much the kernel was given to send by itself last.
    var handedOver: Int64 = 0
    /// The kernel does not send files of this kind by itself.
    var needsBuffers = false

    init(_ question: FileQuestion, _ conditions: FileConditions) {
        self.question = question
        self.conditions = conditions
    }

    /// Begins to send.
    func begin(_ pieces: [FilePiece]) {
        self.pieces = pieces
        (place, done) = (0, 0)
        state = .sending
    }

    /// A turn, which may be the same as before.
    func beginTurn(_ number: UInt64, budget: Int64) {
        if turn == number { return }
        turn = number
        self.budget = budget
    }

    /// What is to be sent next, as much as there is in one piece; `nil` when all has been handed over.
    var next: FilePiece? {
        if place == pieces.count { return nil }
        switch pieces[place] {
        case .text(let bytes): return .text(done == 0 ? bytes : Array(bytes[Int(done)...]))
        case .file(let slice): return .file(FileSlice(start: slice.start + done, count: slice.count - done))
        }
    }

    /// So many bytes of `next` have been handed over.
    func advance(_ count: Int64) {
        done += count
        if done < pieces[place].count { return }
        place += 1
        done = 0
    }

    /// The kernel has not sent what was handed over last, and is not asked again.
    func refuseKernel() {
        needsBuffers = true
        if done == 0 {
            place -= 1
            done = pieces[place].count
        }
        done -= handedOver
        handedOver = 0
    }
}
