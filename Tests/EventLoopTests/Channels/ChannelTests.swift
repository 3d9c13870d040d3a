// Channels: sockets without a descriptor, whose bytes the driver takes.
import MartletEventLoop
import MartletTestSupport
import Testing

@Suite struct ChannelTests {
    private let loop: TestLoop

    init() throws { loop = try TestLoop() }

    /// Does something with a channel of the tag 7.
    private func withChannel<Value: Sendable>(
        _ body: @escaping @Sendable (Token, inout RecordingDriver, inout EventLoop) throws -> Value
    ) throws -> Value {
        try loop.on { driver, loop in
            guard let channel = loop.openChannel(tag: 7) else { throw TestFailure("there is no room") }
            driver.sockets[7] = channel
            return try body(channel, &driver, &loop)
        }
    }

    @Test func whatIsSentWaitsUntilItIsTaken() throws {
        try withChannel { channel, driver, loop in
            check(!driver.send([1, 2, 3], to: 7, on: &loop))
            check(!driver.send([4], to: 7, on: &loop))
            check(loop.isSendPending(channel))
            check(loop.takeBusyChannel()?.tag == 7)
            check(loop.takeBusyChannel() == nil)
            guard let first = loop.takeFirst(channel), let second = loop.takeFirst(channel) else {
                throw TestFailure("nothing waits")
            }
            check(bytes(first) == [1, 2, 3] && bytes(second) == [4])
            check(!loop.isSendPending(channel))
        }
    }

    @Test func aBufferThatIsPutBackIsFirstAndKnowsHowMuchWasSent() throws {
        try withChannel { channel, driver, loop in
            _ = driver.send([1, 2, 3], to: 7, on: &loop)
            _ = driver.send([4], to: 7, on: &loop)
            guard var first = loop.takeFirst(channel) else { throw TestFailure("nothing waits") }
            first.noteSent(2)
            loop.putBack(first, on: channel)
            guard var again = loop.takeFirst(channel) else { throw TestFailure("nothing waits") }
            check(again.unsentCount == 1 && again.unsent[0] == 3 && again.count == 3)
            again.rewind()
            check(again.unsentCount == 3)
        }
    }

    @Test func bytesAreCountedWhenTheDriverSaysSo() throws {
        let sent = try withChannel { channel, driver, loop in
            _ = driver.send([1, 2, 3], to: 7, on: &loop)
            loop.noteSent(12, on: channel)
            return loop.bytesSent(channel)
        }
        #expect(sent == 12)
    }

    @Test func whoHoldsBytesIsToldWhenTheyAreWanted() throws {
        try withChannel { channel, _, loop in
            loop.setReceiving(channel, false)
            loop.setHolding(channel, true)
        }
        try loop.on { _, _ in }
        try loop.on { _, _ in }
        #expect(loop.events(7) == [])
        try loop.on { driver, loop in loop.setReceiving(driver.sockets[7] ?? .none, true) }
        try loop.wait(for: 7, last: .resumed)
        #expect(loop.events(7) == [.resumed])
    }

    @Test func whoHoldsNothingIsNotTold() throws {
        try withChannel { channel, _, loop in
            loop.setHolding(channel, true)
            loop.setHolding(channel, false)
            loop.setReceiving(channel, true)
        }
        // Two more turns: what is queued in one is told of in the next.
        try loop.on { _, _ in }
        try loop.on { _, _ in }
        #expect(loop.events(7) == [])
    }

    @Test func theEndMakesItBusy() throws {
        try withChannel { channel, _, loop in
            loop.endSending(channel)
            check(loop.isEnding(channel))
            check(loop.takeBusyChannel()?.channel == channel)
            loop.noteEnded(channel)
            check(!loop.isEnding(channel))
        }
    }

    @Test func aClosedOneIsNotBusyAndGivesItsBuffersBack() throws {
        try withChannel { channel, driver, loop in
            let before = loop.pool.usedBytes
            _ = driver.send([1], to: 7, on: &loop)
            loop.close(channel)
            check(loop.takeBusyChannel() == nil)
            check(loop.takeFirst(channel) == nil)
            check(loop.pool.usedBytes == before)
        }
    }

    @Test func resettingOneTouchesNoDescriptor() throws {
        let count = try withChannel { channel, _, loop in
            loop.abort(channel)
            loop.close(channel)
            return loop.socketCount
        }
        #expect(count == 0)
    }

    @Test func itsTimerIsASocketsTimer() throws {
        try withChannel { channel, _, loop in loop.setTimer(channel, at: loop.milliseconds) }
        try loop.wait(for: 7, last: .expired)
        #expect(loop.events(7) == [.expired])
    }

    @Test func thereAreNoMoreThanSockets() throws {
        let small = try TestLoop(sockets: 2)
        let opened = try small.on { _, loop in (0..<3).map { loop.openChannel(tag: UInt32($0)) != nil } }
        #expect(opened == [true, true, false])
    }
}
