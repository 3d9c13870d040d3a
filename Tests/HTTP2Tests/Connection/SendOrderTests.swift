// Whose turn it is (RFC 9218).

import MartletHTTP2
import MartletHTTPCore
import Testing

struct SendOrderTests {
    /// A server with content for requests of these priorities, in this order; an empty one says nothing.
    private func server(_ priorities: [String]) -> Endpoint {
        let server = Endpoint.settled(peer: [(.initialWindowSize, 1_000_000)])
        server.receive(Wire.windowUpdate(0, 10_000_000))
        for (index, priority) in priorities.enumerated() {
            let number = UInt32(2 * index + 1)
            server.receive(Wire.headers(number))
            if priority != "" { prioritize(server, number, priority) }
            server.machine.setReady(server.place(number), .content)
        }
        return server
    }

    private func prioritize(_ server: Endpoint, _ number: UInt32, _ field: String) {
        server.machine.setPriority(server.place(number), StreamPriority(field: Array(field.utf8).span))
    }

    /// Sends so many frames of 1000 bytes.
    private func turns(_ server: Endpoint, _ count: Int) -> [UInt32] {
        (0..<count).map { _ in
            guard let place = server.machine.nextToSend() else { return 0 }
            server.machine.sentData(place, 1000, endStream: false)
            return server.machine.number(of: place)
        }
    }

    @Test func theMostUrgentComesFirst() {
        let server = server(["u=7", "u=0", "u=3", "u=1, i", "u=0"])
        #expect(turns(server, 3) == [3, 3, 3])
        server.machine.sentData(server.place(3), 0, endStream: true)
        #expect(turns(server, 2) == [9, 9])
        server.machine.setReady(server.place(9), .nothing)
        #expect(turns(server, 2) == [7, 7])
        server.machine.setReady(server.place(9), .content)
        server.machine.reset(server.place(7), .cancel)
        #expect(turns(server, 1) == [9])
        server.machine.sentData(server.place(9), 1, endStream: true)
        #expect(turns(server, 2) == [5, 5])
        server.machine.sentData(server.place(5), 1, endStream: true)
        #expect(turns(server, 2) == [1, 1])
        server.machine.sentData(server.place(1), 1, endStream: true)
        #expect(server.machine.nextToSend() == nil)
    }

    /// Content that is of use only when it is whole goes in the order of the requests.
    @Test func wholeContentGoesInOrder() {
        let server = server(["u=3", "u=3", "u=3", "u=3"])
        for number: UInt32 in [1, 3, 5, 7] { server.machine.setReady(server.place(number), .nothing) }
        for number: UInt32 in [5, 1, 7, 3] { server.machine.setReady(server.place(number), .content) }
        #expect(turns(server, 2) == [1, 1])
        server.machine.setReady(server.place(1), .nothing)
        #expect(turns(server, 1) == [3])
        server.machine.setReady(server.place(1), .content)
        #expect(turns(server, 1) == [1])
        for (number, next): (UInt32, UInt32) in [(1, 3), (3, 5), (5, 7), (7, 0)] {
            server.machine.sentData(server.place(number), 1, endStream: true)
            #expect(turns(server, 1) == [next])
        }
    }

    @Test func contentInPiecesTakesTurns() {
        let server = server(["u=3, i", "u=3, i", "u=3, i"])
        #expect(turns(server, 7) == [1, 3, 5, 1, 3, 5, 1])
        server.machine.setReady(server.place(5), .nothing)
        #expect(turns(server, 3) == [3, 1, 3])
        server.machine.setReady(server.place(5), .content)
        #expect(turns(server, 4) == [1, 3, 5, 1])
        server.machine.reset(server.place(3), .cancel)
        #expect(turns(server, 3) == [5, 1, 5])
    }

    /// Where there is both, one and the other.
    @Test func wholeContentAndPieces() {
        let server = server(["u=2, i", "u=2", "u=2", "u=2, i"])
        #expect(turns(server, 8) == [3, 1, 3, 7, 3, 1, 3, 7])
    }

    /// A peer that never says a word about priorities gets a share for each stream.
    @Test func withoutPriorities() {
        let server = server(["", "", ""])
        #expect(turns(server, 6) == [1, 3, 5, 1, 3, 5])
        // From the first word on, what is not said has its usual meaning.
        prioritize(server, 5, "u=1")
        #expect(turns(server, 2) == [5, 5])
        server.machine.sentData(server.place(5), 0, endStream: true)
        server.receive(Wire.headers(7) + Wire.headers(9))
        server.machine.setReady(server.place(9), .content)
        server.machine.setReady(server.place(7), .content)
        #expect(turns(server, 6) == [7, 1, 7, 3, 7, 1])
    }

    @Test func whatNeedsNoWindowComesFirst() {
        let server = server(["u=3", "u=3", "u=3", "u=1"])
        server.machine.setReady(server.place(5), .frames)
        server.machine.setReady(server.place(3), .frames)
        #expect(turns(server, 1) == [7])
        server.machine.sentData(server.place(7), 0, endStream: true)
        #expect(server.machine.nextToSend() == server.place(5))
        server.machine.sentHeaders(server.place(5), endStream: false)
        server.machine.setReady(server.place(5), .content)
        #expect(server.machine.nextToSend() == server.place(3))
        server.machine.sentHeaders(server.place(3), endStream: true)
        #expect(turns(server, 2) == [1, 1])
    }

    @Test func prioritiesThatChange() {
        let server = server(["u=3", "u=3", "u=3"])
        #expect(server.receive(Wire.priorityUpdate(5, "u=0")) == [] && turns(server, 2) == [5, 5])
        // A field that comes behind counts less.
        prioritize(server, 5, "u=7")
        #expect(turns(server, 1) == [5])
        server.receive(Wire.priorityUpdate(5, "i, u=4"))
        #expect(turns(server, 1) == [1])
        server.receive(Wire.priorityUpdate(1, "u=5") + Wire.priorityUpdate(3, "u=6"))
        #expect(turns(server, 2) == [5, 5])
        server.receive(Wire.priorityUpdate(5, ""))
        server.receive(Wire.priorityUpdate(1, "u=3"))
        #expect(turns(server, 2) == [1, 1])
        // For streams that are gone, and that are not ready.
        server.machine.reset(server.place(1), .cancel)
        server.machine.setReady(server.place(5), .nothing)
        #expect(server.receive(Wire.priorityUpdate(1, "u=0") + Wire.priorityUpdate(5, "u=0")) == [])
        #expect(turns(server, 1) == [3])
        server.machine.setReady(server.place(5), .content)
        #expect(turns(server, 1) == [5])
    }

    @Test func prioritiesBeforeTheirStreams() {
        let server = server(["u=3"])
        for (number, priority): (UInt32, String) in [(3, "u=0"), (5, "u=6"), (7, "u=2"), (5, "u=1"), (9, "u=0")] {
            #expect(server.receive(Wire.priorityUpdate(number, priority)) == [])
        }
        // The fifth took the place of the first.
        server.receive(Wire.priorityUpdate(11, "u=2, i"))
        for number: UInt32 in [3, 5, 7] {
            server.receive(Wire.headers(number))
            prioritize(server, number, "u=4")
            server.machine.setReady(server.place(number), .content)
        }
        #expect(turns(server, 2) == [5, 5])
        server.machine.sentData(server.place(5), 0, endStream: true)
        #expect(turns(server, 2) == [7, 7])
        server.machine.sentData(server.place(7), 0, endStream: true)
        #expect(turns(server, 2) == [1, 1])
        server.machine.sentData(server.place(1), 0, endStream: true)
        #expect(turns(server, 2) == [3, 3])
    }

    static let fields: [(String, UInt8, Bool)] = [
        ("", 3, false), ("u=0", 0, false), ("u=7", 7, false), ("u=8", 3, false), ("u=-1", 3, false), ("u", 3, false),
        ("u=10", 3, false), ("u=1.0", 3, false), ("u=\"1\"", 3, false), ("i", 3, true), ("i=?1", 3, true),
        ("i=?0", 3, false), ("i=1", 3, false), ("i=?2", 3, false), ("u=1,i", 1, true), ("u=1, i", 1, true),
        (" u=5 ,\ti ", 5, true), ("i,u=2", 2, true), ("u=1,u=6", 6, false), ("i,i=?0", 3, false),
        ("u=2;foo=bar,i;x", 2, true), ("a,b=?0,u=4,c=\"x\",i", 4, true), ("a=\"u=1,i\",u=5", 5, false),
        ("a=\"\\\",u=1\",i", 3, true), ("a=\"\\", 3, false), (",,,u=2", 2, false), ("a=(u=1 i),u=2", 2, false),
        ("u = 1", 3, false), ("ui", 3, false), ("\u{FF}\0", 3, false), ("i;", 3, true), (";", 3, false),
    ]

    @Test(arguments: fields)
    func whatAFieldSays(field: String, urgency: UInt8, incremental: Bool) {
        let priority = StreamPriority(field: Array(field.utf8).span)
        #expect(priority == StreamPriority(urgency: urgency, incremental: incremental))
    }

    @Test func aClientsStreamsTakeTurns() {
        let client = Endpoint.settled(.client)
        for _ in 0..<3 { client.request(end: false) }
        for number: UInt32 in [5, 1, 3] { client.machine.setReady(client.place(number), .content) }
        #expect(turns(client, 5) == [5, 1, 3, 5, 1])
    }

    /// Numbers are given when heads are sent, so that they rise in the order of the heads.
    @Test func aClientsNumbers() {
        let client = Endpoint.settled(.client)
        let places = (0..<3).compactMap { _ in client.machine.open() }
        #expect(places.count == 3 && client.machine.streamCount == 3)
        for place in [places[2], places[0]] { client.machine.setReady(place, .frames) }
        #expect(client.machine.nextToSend() == places[2])
        _ = client.machine.headerFrames(places[2], blockBytes: 1, endStream: false)
        #expect(client.machine.number(of: places[2]) == 1 && client.machine.number(of: places[0]) == 0)
        client.machine.reset(places[1], .cancel)
        #expect(client.sent() == [] && client.machine.streamCount == 2)
        _ = client.machine.headerFrames(places[0], blockBytes: 1, endStream: false)
        #expect(client.machine.number(of: places[0]) == 3)
        // The head of trailers has the same number.
        _ = client.machine.headerFrames(places[0], blockBytes: 1, endStream: true)
        #expect(client.machine.number(of: places[0]) == 3)
        client.machine.reset(places[0], .cancel)
        #expect(client.sent() == [.reset(3, .cancel)])
    }

    @Test func aBlockInFrames() {
        let server = server(["", ""])
        let sizes = [0: [0], 1: [1], 16_384: [16_384], 16_385: [16_384, 1], 40_000: [16_384, 16_384, 7232]]
        for (size, parts) in sizes {
            for end in [true, false] {
                var frames = server.machine.headerFrames(server.place(3), blockBytes: size, endStream: end)
                var start = 0
                for (index, part) in parts.enumerated() {
                    let frame = frames.next()
                    var flags: FrameFlags = index == parts.count - 1 ? .endHeaders : []
                    if index == 0, end { flags.insert(.endStream) }
                    let type: FrameType = index == 0 ? .headers : .continuation
                    #expect(frame?.header == FrameHeader(type, flags, stream: 3, length: part))
                    #expect(frame?.range == ByteRange(from: start, to: start + part))
                    start += part
                }
                #expect(frames.next() == nil && frames.next() == nil)
            }
        }
    }
}
