// retry.bodyMemory and retry.bodyFile: requests with content are kept to be sent again.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct ReplayTests {
    /// Content that shows what is missing, doubled or out of place.
    private static func content(_ count: Int) -> String {
        var text = ""
        text.reserveCapacity(count + 16)
        var number = 0
        while text.utf8.count < count {
            text += "\(number),"
            number += 1
        }
        return String(text.prefix(count))
    }

    /// A server that takes a request as a whole and dies, and one that answers; what the second one got.
    private static func pair() throws -> (dying: ScriptedServer, living: Origin) {
        let dying = try ScriptedServer { socket, _ in
            if try socket.readRequest() != nil { socket.reset() }
        }
        return (dying, try Origin { response(200, "\($0.content.count)") })
    }

    private static func config(_ dying: ScriptedServer, _ living: Origin, _ retry: String, _ more: String = "")
        -> String
    {
        let lines = ["balance: first", "ejection: off", "retry: {budgetFloor: 1000, \(retry)}"]
        return Configs.balanced([dying.address, living.address], lines, more)
    }

    @Test(arguments: [
        ("bodyMemory: 64KiB", 60_000), ("bodyMemory: 1MiB", 300 << 10), ("bodyMemory: 1B, bodyFile: 1MiB", 300 << 10),
        ("bodyMemory: 64KiB, bodyFile: 1MiB", 300 << 10), ("bodyFile: 1MiB", 1), ("bodyFile: 16MiB", 5 << 20),
    ])
    func theSecondServerGetsItByteForByte(retry: String, count: Int) throws {
        let (dying, living) = try Self.pair()
        try withBalanced(Self.config(dying, living, retry)) { martlet in
            let content = Self.content(count)
            for _ in 0..<2 {
                let answer = try martlet.request("PUT /file", content: content)
                #expect(answer.status == 200 && answer.text == "\(count)")
            }
            #expect(dying.connectionCount == 2)
            for request in living.requests { #expect(request.content == Array(content.utf8)) }
            #expect(try martlet.metrics["martlet_replays_too_large_total"] == 0)
        }
    }

    @Test func chunkedContentIsKeptAsWell() throws {
        let (dying, living) = try Self.pair()
        try withBalanced(Self.config(dying, living, "bodyFile: 1MiB")) { martlet in
            let client = try martlet.connect()
            try client.send(requestText("PUT /", ["Transfer-Encoding: chunked"]))
            let pieces = (0..<30).map { Self.content(4_000 + $0) }
            for piece in pieces {
                try client.send(String(piece.utf8.count, radix: 16) + "\r\n" + piece + "\r\n")
            }
            try client.send("0\r\nX-Sum: 1\r\n\r\n")
            #expect(try client.readResponse().status == 200)
            #expect(try living.lastRequest.content == Array(pieces.joined().utf8))
            #expect(try living.lastRequest.trailers == [HTTPField("X-Sum", "1")])
        }
    }

    /// It is passed on, but not again: the client gets an honest 502.
    @Test(arguments: [
        ("bodyMemory: 0B", "", 10), ("bodyMemory: 4KiB", "", 5_000), ("bodyFile: off", "", 300 << 10),
        ("bodyMemory: 4KiB, bodyFile: 64KiB", "", 70 << 10),
        ("bodyMemory: 4KiB, bodyFile: 1MiB", "limits: {replayFiles: 16KiB}", 70 << 10),
    ])
    func whatIsTooLargeIsNotSentAgain(retry: String, limits: String, count: Int) throws {
        let (dying, living) = try Self.pair()
        try withBalanced(Self.config(dying, living, retry, limits)) { martlet in
            let content = Self.content(count)
            let client = try martlet.begin("PUT /", ["Content-Length: \(count)"])
            // Content that comes by itself: the proxy has sent the head by then.
            #expect(dying.waitForConnections(1))
            try client.send(content)
            #expect(try client.readResponse().status == 502)
            #expect(living.requests.isEmpty)
            #expect(try martlet.metrics["martlet_replays_too_large_total"] == 1)
            // It is not too large for a server that works.
            dying.stop()
            let answer = try martlet.request("PUT /", content: content)
            #expect(answer.status == 200 && answer.text == "\(count)")
        }
    }

    /// A buffer that has a head and all of its content is kept as it is, if that is not too much.
    @Test func whatComesWithTheHeadCountsAsWell() throws {
        let (dying, living) = try Self.pair()
        try withBalanced(Self.config(dying, living, "bodyMemory: 0B")) { martlet in
            let status = try martlet.request("PUT /", content: "abc").status
            #expect(status == 502)
        }
    }

    @Test func withoutMemoryTheFileIsUsed() throws {
        let (dying, living) = try Self.pair()
        try withBalanced(Self.config(dying, living, "bodyMemory: 0B, bodyFile: 1MiB")) { martlet in
            let content = Self.content(300 << 10)
            let status = try martlet.request("PUT /", content: content).status
            #expect(status == 200)
            #expect(living.requests.first?.content == Array(content.utf8))
        }
    }

    /// The files have no names, and are gone with their requests.
    @Test func noFilesAreLeft() throws {
        let (dying, living) = try Self.pair()
        let temporary = try TestFolder()
        let config = Self.config(dying, living, "bodyMemory: 1KiB, bodyFile: 1MiB")
        let martlet = try RunningMartlet(config, environment: ["TMPDIR": temporary.path])
        for _ in 0..<5 {
            let client = try martlet.begin("PUT /", content: Self.content(300 << 10))
            #expect(try client.readResponse().status == 200)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path).isEmpty)
        let folder = "/proc/\(martlet.process.id)/fd"
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).map {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: folder + "/" + $0)) ?? ""
        }
        #expect(!files.contains { $0.hasPrefix(temporary.path) }, "\(files)")
        try martlet.stop()
    }
}
