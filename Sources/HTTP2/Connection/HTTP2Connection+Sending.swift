// What a driver uses to send, and to name streams.

import MartletHTTPCore

// Some functions only read and are `mutating` all the same: for a call that borrows, the compiler copies the machine.
extension HTTP2Connection {
    // MARK: Streams by name

    /// Begins a stream, in a client; its number comes with its head. Nil if there can be no other: `canOpen` says so.
    package mutating func open() -> Int32? {
        canOpen ? streams[makeStream()].handle : nil
    }

    /// Whether a client can begin a stream: the peer and we allow another, neither ends the connection, and there are
    /// numbers left.
    package var canOpen: Bool {
        role == .client && ending.stage == .open && ending.fault == nil && ending.goAwayLast == nil
            && streamCount < min(limits.maxStreams, peer.maxStreams) && streams.hasRoom
            && Int(closed.highest) + 2 * (streamCount + 1) <= HTTP2Window.most
    }

    /// Whether the stream of a handle is there, or at least its content that has not been consumed.
    @inlinable @inline(__always)
    package func isOpen(_ place: Int32) -> Bool { streams.place(of: place) >= 0 }

    /// The stream's number; 0 for a client's before its head is sent, and for a stream that is gone.
    @inlinable @inline(__always)
    package func number(of place: Int32) -> UInt32 {
        let index = streams.place(of: place)
        return index < 0 ? 0 : streams[index].number
    }

    /// The driver's number for a stream, `UInt32.max` if there is none. Also of one that has just gone.
    @inlinable @inline(__always)
    package func tag(_ place: Int32) -> UInt32 {
        let index = Int(place) & (StreamTable.most &- 1)
        return index < streams.places ? streams[index].tag : .max
    }

    /// Sets the driver's number for a stream.
    @inlinable @inline(__always)
    package mutating func setTag(_ place: Int32, _ tag: UInt32) {
        let index = streams.place(of: place)
        if index >= 0 { streams[index].tag = tag }
    }

    /// How many places there are to look at with `stream(at:)`.
    package var places: Int { streams.places }

    /// The handle of the stream at an index below `places`, nil if none is there.
    package func stream(at index: Int) -> Int32? {
        streams[index].flags.contains(.taken) ? streams[index].handle : nil
    }

    /// The message that the peer sends has a Content-Length (RFC 9113 section 8.1.1): content of another length breaks the
    /// stream. Not for responses to HEAD and the like, which have none of the content.
    package mutating func setContentLength(_ place: Int32, _ bytes: UInt64) {
        let index = streams.place(of: place)
        if index >= 0 { streams[index].expected = Int64(clamping: bytes) }
    }

    /// A client has got a response's head that is not interim: content or trailers follow.
    package mutating func receivedFinalHead(_ place: Int32) {
        let index = streams.place(of: place)
        if index >= 0 { streams[index].flags.insert(.hasFinalHead) }
    }

    // MARK: Whose turn it is

    /// Says what a stream has to send.
    package mutating func setReady(_ place: Int32, _ readiness: SendReadiness) {
        let index = streams.place(of: place)
        if index < 0 || streams[index].flags.contains(.localEnded) { return }
        streams[index].readiness = readiness
        relist(index)
    }

    /// The stream that sends next (RFC 9218 section 10); nil if none has anything to send that the windows let pass, or a
    /// client has to answer first.
    package mutating func nextToSend() -> Int32? {
        let place = order.next(hasWindow: sendWindow > 0)
        return place < 0 || isAsking || ending.fault != nil ? nil : streams[place].handle
    }

    /// How many bytes of content a stream may send in a frame now: as the windows and the peer's largest frame allow.
    package mutating func allowance(_ place: Int32) -> Int {
        let index = living(place)
        return max(min(Int(streams[index].sendWindow), sendWindow, peer.maxFrame), 0)
    }

    /// Whether it is the stream's own window that keeps it from sending content.
    package func isWindowClosed(_ place: Int32) -> Bool {
        let index = streams.place(of: place)
        return index >= 0 && streams[index].sendWindow <= 0
    }

    /// Puts a stream into the list that it belongs to.
    mutating func relist(_ place: Int) {
        let list: SendList
        switch streams[place].readiness {
        case .nothing: list = .none
        case .frames: list = .frames
        case .content:
            let whole: SendList = streams[place].flags.contains(.incremental) ? .turns : .whole
            list = streams[place].sendWindow > 0 ? whole : .none
        }
        if list == streams[place].listed { return }
        order.remove(place, in: &streams)
        if list != .none { order.insert(place, list, in: &streams) }
    }

    /// The place of a stream that can send.
    @inline(__always)
    private func living(_ place: Int32) -> Int {
        let index = streams.place(of: place)
        precondition(index >= 0 && !streams[index].flags.contains(.localEnded), "the stream has ended")
        return index
    }

    // MARK: Frames

    /// The frames for a field block, which have to leave at once and in one piece (RFC 9113 section 4.3). A client's stream
    /// gets its number here.
    ///
    /// - Parameters:
    ///   - blockBytes: bytes of the encoded block.
    ///   - endStream: nothing follows.
    package mutating func headerFrames(_ place: Int32, blockBytes: Int, endStream: Bool) -> HeaderFrames {
        let index = living(place)
        if streams[index].number == 0 {
            let number = closed.highest == 0 ? 1 : closed.highest + 2
            closed.begin(number)
            streams[index].number = number
            streams.enter(index)
        }
        return HeaderFrames(
            stream: streams[index].number, bytes: blockBytes, most: peer.maxFrame, endStream: endStream)
    }

    /// The field block was sent.
    package mutating func sentHeaders(_ place: Int32, endStream: Bool) {
        if endStream { endLocal(living(place)) }
    }

    /// The header of a DATA frame with `count` bytes, at most `allowance`.
    package func dataFrame(_ place: Int32, _ count: Int, endStream: Bool) -> FrameHeader {
        FrameHeader(.data, endStream ? .endStream : [], stream: streams[living(place)].number, length: count)
    }

    /// A DATA frame with `count` bytes was sent. Traps if that is more than `allowance`.
    package mutating func sentData(_ place: Int32, _ count: Int, endStream: Bool) {
        let index = living(place)
        let most = min(Int(streams[index].sendWindow), sendWindow, peer.maxFrame)
        precondition(count == 0 || count > 0 && count <= most, "more sent than allowed")
        streams[index].sendWindow &-= Int32(truncatingIfNeeded: count)
        sendWindow &-= count
        order.sent(index, in: &streams)
        // Content is answered with up to two WINDOW_UPDATE for each frame, or for each few KiB; fewer bytes than this bring
        // nobody forward.
        if count >= 64 { idleFrames.forgive(quarters: UInt32(truncatingIfNeeded: 8 &+ count &>> 8)) }
        if endStream {
            endLocal(index)
        } else if streams[index].sendWindow <= 0 {
            relist(index)
        }
    }

    /// Ends a stream at once, in both directions, with RST_STREAM if the peer knows of it and it has not ended.
    package mutating func reset(_ place: Int32, _ code: HTTP2ErrorCode) {
        let index = streams.place(of: place)
        if index < 0 { return }
        let isKnown = streams[index].number != 0 && !streams[index].flags.contains(.over)
        if isKnown, ending.fault == nil {
            control.reset(streams[index].number, code)
            if code.blamesPeer, !countReset() { attention.insert(.overdrawn) }
        }
        abort(index, .resetHere)
    }
}
