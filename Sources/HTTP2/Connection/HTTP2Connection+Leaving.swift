// Streams on which we have said all, and whose rest nobody wants.

import MartletHTTPCore

extension HTTP2Connection {
    /// We have said all on a stream, and want no more of what comes. The peer gets time to end its side as well: not all
    /// clients understand that a stream is reset behind a whole response (RFC 9113 section 8.1), and many say only behind
    /// their content that it was all. What comes is still handed out, for a tag that is nobody's, to be dropped and consumed.
    ///
    /// A stream that has not ended here, or is one of a client, is reset at once.
    package mutating func leave(_ place: Int32) {
        let index = streams.place(of: place)
        if index < 0 { return }
        let flags = streams[index].flags
        if role == .client || !flags.contains(.localEnded) || flags.contains(.over) || ending.fault != nil {
            return reset(place, .noError)
        }
        streams[index].flags.insert(.left)
        streams[index].tag = .max
        // What has been handed out is dropped. What is still to come of a frame will be.
        let coming = content.handle == place ? Int32(truncatingIfNeeded: content.left) : 0
        let dropped = Int(streams[index].unconsumed &- coming)
        streams[index].unconsumed = coming
        if dropped > 0 { credit(dropped, index) }
    }

    /// Resets those streams that had been left when this was called the last time, without blame.
    ///
    /// - Parameter all: those as well that were left later.
    /// - Returns: whether there are others that wait.
    package mutating func resetLeft(all: Bool = false) -> Bool {
        var others = false
        for index in 0..<streams.places where streams[index].flags.isSuperset(of: [.taken, .left]) {
            if all || streams[index].flags.contains(.leftLong) {
                reset(streams[index].handle, .noError)
            } else {
                streams[index].flags.insert(.leftLong)
                others = true
            }
        }
        return others
    }
}
