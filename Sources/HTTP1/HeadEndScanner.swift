// Finding the end of a head that arrives in pieces, in time linear in its length.

import MartletHTTPCore

/// What a look for the end of a head found.
package enum HeadScan: Equatable, BitwiseCopyable, Sendable {
    /// The end has not arrived.
    case incomplete
    /// The head ends before the byte at this index.
    case complete(end: Int)
    /// A line does not end with CR LF, or there are too many empty lines before the head.
    case refused(HeadRefusal)
}

/// Looks for the blank line that ends a head and remembers how far it has looked, so that a head sent a byte at a time
/// costs no more than one sent at once.
///
/// It knows no limits: when the bytes reach `HeadLimits.headBytes`, parse them, which gives the right refusal.
package struct HeadEndScanner: BitwiseCopyable, Sendable {
    /// The next byte to look at.
    private var position: UInt32 = 0
    /// Where the line begins that is being looked at.
    private var lineStart: UInt32 = 0
    /// Empty lines before the head so far.
    private var emptyLines: UInt8 = 0
    /// A line that is not empty has been seen, so the next blank one is the end.
    private var isInside: Bool

    /// At the start of a head, before which up to two empty lines may stand.
    package init() {
        isInside = false
    }

    /// At the start of a trailer section, which ends at once if its first line is blank.
    init(trailers: Void) {
        isInside = true
    }

    /// Looks at what has been added since the last time.
    ///
    /// - Parameter bytes: what has arrived so far, from the same start each time.
    package mutating func scan(_ bytes: Span<UInt8>) -> HeadScan {
        while true {
            let stop = ByteScan.first(LineStop.self, in: bytes, from: Int(position))
            position = UInt32(truncatingIfNeeded: stop)
            guard stop < bytes.count else { return .incomplete }
            guard bytes[stop] == 0x0D else { return .refused(.bareLineFeed) }
            guard stop + 1 < bytes.count else { return .incomplete }
            guard bytes[stop + 1] == 0x0A else { return .refused(.bareCarriageReturn) }
            if let result = endLine(at: stop) { return result }
        }
    }

    /// Steps behind the line that ends with the CR LF at `stop`.
    private mutating func endLine(at stop: Int) -> HeadScan? {
        let isBlank = stop == Int(lineStart)
        position = UInt32(truncatingIfNeeded: stop + 2)
        lineStart = position
        if isBlank, isInside { return .complete(end: stop + 2) }
        isInside = !isBlank
        guard isBlank else { return nil }
        emptyLines += 1
        return emptyLines > 2 ? .refused(.emptyLines) : nil
    }
}
