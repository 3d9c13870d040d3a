// Whose turn it is to send (RFC 9218 section 10).

/// Which of the lists a stream is in.
enum SendList: UInt8, BitwiseCopyable {
    /// In none: it has nothing to send, or no window to send it.
    case none = 0
    /// It has something to send that no window holds back: first come, first served.
    case frames = 1
    /// It has content, and is of use only when it is whole: in the order of the numbers.
    case whole = 2
    /// It has content that is of use in pieces: in turns.
    case turns = 3
}

/// The streams that can send, in lists that are linked through their records: three for each urgency.
///
/// The lowest urgency comes first. Within one, what needs no window comes first; then content. Of content that is of use
/// only when whole, the oldest stream sends until it has no more; content of use in pieces goes in turns, and where there is
/// both, the one and the other alternate, so that neither waits for the end of the other.
struct SendOrder {
    private struct Ends: BitwiseCopyable {
        var first = StreamTable.none
        var last = StreamTable.none
    }

    private var ends = InlineArray<24, Ends>(repeating: Ends())
    /// A bit for each urgency that has a stream in the list.
    private var frames: UInt8 = 0
    private var whole: UInt8 = 0
    private var turns: UInt8 = 0
    /// A bit for each urgency in which content in pieces is next.
    private var alternates: UInt8 = 0

    /// The place of the stream that sends next, -1 if there is none.
    ///
    /// - Parameter hasWindow: whether the connection's window lets content pass.
    @inline(__always)
    func next(hasWindow: Bool) -> Int {
        let content: UInt8 = hasWindow ? whole | turns : 0
        if frames | content == 0 { return -1 }
        let urgency = (frames | content).trailingZeroBitCount
        return Int(ends[list(urgency)].first)
    }

    /// The index of the list that has its turn within an urgency, where one of them is not empty.
    @inline(__always)
    private func list(_ urgency: Int) -> Int {
        let bit: UInt8 = 1 &<< UInt8(truncatingIfNeeded: urgency)
        if frames & bit != 0 { return index(.frames, urgency) }
        if whole & bit == 0 || turns & alternates & bit != 0 { return index(.turns, urgency) }
        return index(.whole, urgency)
    }

    /// Whether any stream can send content, windows of the connection aside.
    var hasContent: Bool { whole | turns != 0 }

    /// A stream has sent content: others have their turn.
    @inline(__always)
    mutating func sent(_ place: Int, in streams: inout StreamTable) {
        let bit: UInt8 = 1 &<< streams[place].urgency
        switch streams[place].listed {
        case .none, .frames: return
        case .whole: alternates |= bit
        case .turns:
            alternates &= ~bit
            if streams[place].after != StreamTable.none {
                remove(place, in: &streams)
                insert(place, .turns, in: &streams)
            }
        }
    }

    /// Puts a stream into a list; it is in none.
    mutating func insert(_ place: Int, _ list: SendList, in streams: inout StreamTable) {
        let urgency = Int(streams[place].urgency)
        let index = index(list, urgency)
        streams[place].listed = list
        mark(list, urgency, true)
        var before = ends[index].last
        if list == .whole { before = predecessor(of: place, index, streams) }
        link(place, after: before, index, in: &streams)
    }

    /// Takes a stream out of the list that it is in, if it is in one.
    mutating func remove(_ place: Int, in streams: inout StreamTable) {
        let (list, urgency) = (streams[place].listed, Int(streams[place].urgency))
        if list == .none { return }
        let index = index(list, urgency)
        let (before, after) = (streams[place].before, streams[place].after)
        if before == StreamTable.none { ends[index].first = after } else { streams[Int(before)].after = after }
        if after == StreamTable.none { ends[index].last = before } else { streams[Int(after)].before = before }
        streams[place].listed = .none
        if ends[index].first == StreamTable.none { mark(list, urgency, false) }
    }

    private mutating func link(_ place: Int, after before: UInt16, _ index: Int, in streams: inout StreamTable) {
        let after = before == StreamTable.none ? ends[index].first : streams[Int(before)].after
        let this = UInt16(truncatingIfNeeded: place)
        streams[place].before = before
        streams[place].after = after
        if before == StreamTable.none { ends[index].first = this } else { streams[Int(before)].after = this }
        if after == StreamTable.none { ends[index].last = this } else { streams[Int(after)].before = this }
    }

    /// Behind which place a stream belongs in the order of numbers; `none` for the front. Most are the oldest, which comes
    /// back with more to send, or the newest.
    private func predecessor(of place: Int, _ index: Int, _ streams: borrowing StreamTable) -> UInt16 {
        let number = streams[place].number
        let first = ends[index].first
        if first == StreamTable.none || number < streams[Int(first)].number { return StreamTable.none }
        var before = ends[index].last
        while streams[Int(before)].number > number { before = streams[Int(before)].before }
        return before
    }

    @inline(__always)
    private func index(_ list: SendList, _ urgency: Int) -> Int { (Int(list.rawValue) &- 1) &* 8 &+ urgency }

    private mutating func mark(_ list: SendList, _ urgency: Int, _ isPresent: Bool) {
        let bit: UInt8 = 1 &<< UInt8(truncatingIfNeeded: urgency)
        switch list {
        case .none: return
        case .frames: frames = frames & ~bit | (isPresent ? bit : 0)
        case .whole: whole = whole & ~bit | (isPresent ? bit : 0)
        case .turns: turns = turns & ~bit | (isPresent ? bit : 0)
        }
    }
}
