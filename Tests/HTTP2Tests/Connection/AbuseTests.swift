// What only costs is bounded (RFC 9113 section 10.5): attacks that are known, and uses that look like them.

import MartletHTTP2
import MartletHTTPCore
import Testing

struct AbuseTests {
    private func failure(_ seen: [Seen]) -> HTTP2Fault? {
        if case .failed(let fault)? = seen.last { fault } else { nil }
    }

    /// Does something with streams 1, 3, 5, … until the connection fails; how often that was, and why.
    private func repeating(
        _ server: Endpoint, most: Int = 3000, _ step: (Endpoint, UInt32) -> [UInt8]
    ) -> (Int, HTTP2Fault?) {
        for index in 0..<most {
            let fault = failure(server.receive(step(server, UInt32(2 * index + 1))))
            if let fault { return (index, fault) }
            _ = server.sent()
        }
        return (most, nil)
    }

    /// Rapid reset (CVE-2023-44487).
    @Test func requestsThatAreGivenUp() {
        let (count, fault) = repeating(.settled()) { Wire.headers($1) + Wire.reset($1) }
        #expect(count == 200 && fault == .tooManyResets)
        // In time it is fine: 20 a second.
        let slow = repeating(.settled()) { server, number in
            server.now += 50
            return Wire.headers(number) + Wire.reset(number)
        }
        #expect(slow == (3000, nil))
        // The same to a client means nothing: it would have to make the requests.
        let client = Endpoint.settled(.client)
        let server = repeating(client) { endpoint, number in
            endpoint.request()
            return Wire.reset(number)
        }
        #expect(server == (3000, nil))
    }

    /// A stream that is gone can be broken again and again, by a server too.
    @Test func streamsThatAreGoneAndBroken() {
        for role in HTTP2Role.allCases {
            let endpoint = Endpoint.settled(role)
            if role == .client { endpoint.request() } else { endpoint.receive(Wire.headers(1)) }
            endpoint.machine.reset(endpoint.place(1), .cancel)
            let (count, fault) = repeating(endpoint) { _, _ in Wire.priority(1, on: 1) }
            #expect(fault == .tooManyResets && count < 1100)
        }
    }

    /// Streams that the peer makes us reset (CVE-2025-8671), each way.
    @Test func requestsThatAreBroken() {
        let ways: [(UInt32) -> [UInt8]] = [
            { Wire.headers($0) + Wire.data($0, []) }, { Wire.headers($0) + Wire.headers($0) },
            { Wire.headers($0) + Wire.windowUpdate($0, 0) }, { Wire.headers($0) + Wire.windowUpdate($0, 0x7FFF_FFFF) },
            { Wire.headers($0) + Wire.priority($0, on: $0) },
            { Wire.headers($0, end: false) + Wire.headers($0, end: false) },
            { Wire.headers($0) + Wire.frame(.priority, stream: $0, [1]) },
        ]
        for way in ways {
            let (count, fault) = repeating(.settled()) { way($1) }
            #expect(count == 200 && fault == .tooManyResets)
        }
        // What the driver finds wrong with heads counts as well, with the next frame.
        let driver = repeating(.settled()) { server, number in
            if number > 1 { server.machine.reset(server.place(number - 2), .protocolError) }
            return Wire.headers(number)
        }
        #expect(driver == (201, .tooManyResets))
        // What we give up for our own reasons does not.
        let own = repeating(.settled()) { server, number in
            if number > 1 { server.machine.reset(server.place(number - 2), .internalError) }
            return Wire.headers(number)
        }
        #expect(own == (3000, nil))
    }

    /// A client with many requests gives up many.
    @Test func oneOfFiveIsGivenUp() {
        let result = repeating(.settled()) { server, number in
            let before = number > 1 ? server.place(number - 2) : -1
            if server.machine.isOpen(before) { server.machine.sentHeaders(before, endStream: true) }
            return Wire.headers(number) + (number % 10 == 9 ? Wire.reset(number) : [])
        }
        #expect(result == (3000, nil))
    }

    @Test func withoutBounds() {
        let server = Endpoint.settled { limits in
            limits.resets = .max
            limits.idleFrames = .max
        }
        #expect(repeating(server) { Wire.headers($1) + Wire.reset($1) + Wire.ping() } == (3000, nil))
    }

    @Test func moreStreamsThanThereMayBe() {
        let known = Endpoint.settled { $0.maxStreams = 1 }
        #expect(repeating(known) { Wire.headers($1) } == (201, .tooManyResets))
        // A client that does not know better yet.
        let unknown = Endpoint(.server) { $0.maxStreams = 1 }
        unknown.receive(Wire.preface + Wire.settings())
        #expect(repeating(unknown) { Wire.headers($1) } == (1002, .tooManyResets))
    }

    static let idle: [[UInt8]] = [
        Wire.ping(), Wire.ping(ack: true), Wire.settings(), Wire.settings([(.initialWindowSize, 5)]), Wire.priority(1),
        Wire.priority(77), Wire.priorityUpdate(1, "u=1"), Wire.priorityUpdate(77, ""), Wire.data(1, []),
        Wire.padded(1, [], padding: 255), Wire.padded(1, [1], padding: 1), Wire.padded(1, [1, 2, 3], padding: 200),
        Wire.windowUpdate(1, 1), Wire.windowUpdate(0, 1), Wire.frame(99), Wire.goAway(0), Wire.reset(3),
        Wire.windowUpdate(3, 1), Wire.data(3, [1]), Wire.headers(3),
    ]

    /// Frames that bring nothing forward, of each kind (CVE-2019-9511 to 9518 among them).
    @Test(arguments: idle)
    func framesWithoutProgress(frame: [UInt8]) {
        let server = Endpoint.settled { $0.idleFrames = 50 }
        server.receive(Wire.headers(1, end: false) + Wire.headers(3))
        server.machine.reset(server.place(3), .cancel)
        let place = server.place(1)
        server.machine.setReady(place, .content)
        // Settings took one of the fifty, streams gave some back.
        let (count, fault) = repeating(server) { _, _ in frame }
        #expect((52...54).contains(count) && fault == .tooManyIdleFrames)
        let slow = Endpoint.settled { $0.idleFrames = 50 }
        slow.receive(Wire.headers(1, end: false) + Wire.headers(3))
        slow.machine.reset(slow.place(3), .cancel)
        let fine = repeating(slow, most: 300) { server, _ in
            server.now += 20
            return frame
        }
        #expect(fine == (300, nil))
    }

    /// A download that is answered with two frames for each of ours.
    @Test func windowUpdatesForWhatIsSent() {
        let server = Endpoint.settled { $0.idleFrames = 50 }
        server.receive(Wire.headers(1))
        let place = server.place(1)
        let result = repeating(server) { server, _ in
            server.machine.sentData(place, 100, endStream: false)
            return Wire.windowUpdate(1, 100) + Wire.windowUpdate(0, 100)
        }
        #expect(result == (3000, nil))
        let large = Endpoint.settled(peer: [(.maxFrameSize, 1 << 20)]) { $0.idleFrames = 50 }
        large.receive(Wire.headers(1))
        let eight = repeating(large) { server, _ in
            server.machine.sentData(place, 60_000, endStream: false)
            let pair = Wire.windowUpdate(1, 15_000) + Wire.windowUpdate(0, 15_000)
            return pair + pair + pair + pair
        }
        #expect(eight == (3000, nil))
        // One that is answered when it is over: 4 MiB, four frames for each 8 KiB.
        let late = Endpoint.settled(peer: [(.initialWindowSize, 1 << 22)])
        late.receive(Wire.windowUpdate(0, 1 << 22) + Wire.headers(1))
        for _ in 0..<255 { late.machine.sentData(place, 16_384, endStream: false) }
        #expect(repeating(late, most: 2000) { _, _ in Wire.windowUpdate(0, 1000) } == (2000, nil))
        // Content that is dribbled is none.
        let dribble = Endpoint.settled(peer: [(.initialWindowSize, 1)]) { $0.idleFrames = 50 }
        dribble.receive(Wire.headers(1))
        let slow = repeating(dribble) { server, _ in
            server.machine.sentData(place, 1, endStream: false)
            return Wire.windowUpdate(1, 1)
        }
        #expect(slow.1 == .tooManyIdleFrames)
    }

    /// Small pieces of content are content.
    @Test func manySmallFrames() {
        let server = Endpoint.settled { $0.idleFrames = 50 }
        server.receive(Wire.headers(1, end: false))
        let place = server.place(1)
        let result = repeating(server) { server, _ in
            server.machine.consumed(place, 0, now: server.now)
            return Wire.data(1, [1]) + Wire.padded(1, [1, 2, 3], padding: 2)
        }
        #expect(result == (3000, nil))
    }

    /// A peer that does not read what it asks for.
    @Test func outputThatIsNotRead() {
        let server = Endpoint.settled { limits in
            limits.outputBytes = 1000
            limits.idleFrames = 100_000
        }
        for _ in 0..<59 { #expect(server.receive(Wire.ping()) == []) }
        #expect(server.machine.outputCount == 1003)
        #expect(server.receive(Wire.ping()) == [.failed(.outputTooLarge)])
        #expect(server.sent().last == .goAway(0, .enhanceYourCalm))
        let read = Endpoint.settled { $0.outputBytes = 100 }
        #expect(repeating(read, most: 500) { _, _ in Wire.ping() } == (500, nil))
    }
}
