// Parts of files.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct FileRangeTests {
    /// 1000 bytes: the numbers from 000 on, each with a comma.
    private static let content = String((0..<250).map { String(1000 + $0).dropFirst() + "," }.joined())

    private func fill(_ folder: TestFolder) throws {
        try folder.write(Self.content, to: "www/a.txt")
        try folder.write("", to: "www/empty.txt")
        try folder.touch("www/a.txt", "2024-01-02 03:04:05 UTC")
    }

    private func bytes(_ range: ClosedRange<Int>) -> String {
        String(decoding: Array(Self.content.utf8)[range], as: UTF8.self)
    }

    @Test func onePart() throws {
        let stage = try FileStage(fill: fill)
        for (range, expected) in [
            ("0-0", 0...0), ("10-19", 10...19), ("990-", 990...999), ("-7", 993...999), ("0-5000", 0...999),
        ] {
            let part = try stage.martlet.request("GET /a.txt", ["Range: bytes=\(range)"])
            #expect(part.status == 206 && part.text == bytes(expected), "\(range)")
            #expect(part["Content-Range"] == "bytes \(expected.lowerBound)-\(expected.upperBound)/1000")
            #expect(
                part["Content-Length"] == "\(expected.count)" && part["Content-Type"] == "text/plain; charset=utf-8")
        }
        // Joined, they are one.
        let joined = try stage.martlet.request("GET /a.txt", ["Range: bytes=0-9,5-14,15-20"])
        #expect(joined["Content-Range"] == "bytes 0-20/1000" && joined.text == bytes(0...20))
        for range in ["1000-", "5000-6000", "-0"] {
            let none = try stage.martlet.request("GET /a.txt", ["Range: bytes=\(range)"])
            #expect(none.status == 416 && none["Content-Range"] == "bytes */1000", "\(range)")
        }
        #expect(try stage.martlet.request("GET /empty.txt", ["Range: bytes=0-"]).status == 416)
        for range in ["bytes=5-4", "bytes=x", "lines=0-1", "bytes=0-1;x", "bytes"] {
            let whole = try stage.martlet.request("GET /a.txt", ["Range: \(range)"])
            #expect(whole.status == 200 && whole.text == Self.content, "\(range)")
        }
        #expect(try stage.martlet.request("GET /a.txt", ["Range: bytes=0-1", "Range: bytes=2-3"]).status == 200)
        let head = try stage.martlet.request("HEAD /a.txt", ["Range: bytes=0-1"])
        #expect(head.status == 200 && head["Content-Length"] == "1000")
        #expect(try stage.martlet.metrics["martlet_file_partial_responses_total"] == 6)
        try stage.stop()
    }

    @Test func severalParts() throws {
        let stage = try FileStage(fill: fill)
        let answer = try stage.martlet.request("GET /a.txt", ["Range: bytes=900-909,0-4,500-500"])
        #expect(answer.status == 206 && answer["Content-Range"] == nil)
        let type = try #require(answer["Content-Type"])
        let boundary = try #require(type.split(separator: "boundary=").last)
        #expect(type.hasPrefix("multipart/byteranges; boundary="))
        var expected = ""
        for range in [0...4, 500...500, 900...909] {
            expected += "\r\n--\(boundary)\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes "
            expected += "\(range.lowerBound)-\(range.upperBound)/1000\r\n\r\n" + bytes(range)
        }
        expected += "\r\n--\(boundary)--\r\n"
        #expect(answer.text == expected)
        let other = try stage.martlet.request("GET /a.txt", ["Range: bytes=900-909,0-4,500-500"])
        #expect(other["Content-Type"] != type)
        // So many that they would cost more than they are worth.
        let flood = "Range: bytes=0-" + (0..<1300).map { ",\($0)-\($0 + 1)" }.joined()
        #expect(try stage.martlet.request("GET /a.txt", [flood]).status == 200)
        let many = "Range: bytes=" + (0..<17).map { "\($0 * 50)-\($0 * 50)" }.joined(separator: ",")
        #expect(try stage.martlet.request("GET /a.txt", [many]).status == 200)
        let http2 = try stage.curl("/a.txt", ["--http2-prior-knowledge", "-H", "Range: bytes=0-1,900-901"])
        #expect(http2.contains("bytes 0-1/1000\r\n\r\n00\r\n") && http2.contains("bytes 900-901/1000\r\n\r\n22\r\n"))
        try stage.stop()
    }

    @Test func onlyIfItIsTheSame() throws {
        let stage = try FileStage(fill: fill)
        let tag = try #require(try stage.martlet.request("GET /a.txt")["ETag"])
        for (condition, status) in [
            (tag, 206), ("\"x\"", 200), ("W/" + tag, 200), ("Tue, 02 Jan 2024 03:04:05 GMT", 206),
            ("Tue, 02 Jan 2024 03:04:06 GMT", 200), ("Mon, 01 Jan 2024 03:04:05 GMT", 200), ("*", 200),
        ] {
            let answer = try stage.martlet.request("GET /a.txt", ["Range: bytes=0-9", "If-Range: \(condition)"])
            #expect(answer.status == status, "\(condition)")
        }
        let twice = ["Range: bytes=0-9", "If-Range: \(tag)", "If-Range: \(tag)"]
        #expect(try stage.martlet.request("GET /a.txt", twice).status == 200)
        // What the client has is looked at first.
        let both = ["Range: bytes=0-9", "If-None-Match: \(tag)"]
        #expect(try stage.martlet.request("GET /a.txt", both).status == 304)
        try stage.stop()
    }
}
