// What the demo's servers answer.
import Testing

@testable import MartletDemo

@Suite struct PagesTests {
    @Test(arguments: [
        ("/", "200 OK", "<h1>quick</h1>"), ("/slow", "404 Not Found", "quick"),
        ("/big", "200 OK", "Content-Length: 65536"), ("/status/503", "503 Service Unavailable", "quick: 503"),
        ("/status/204", "404 Not Found", "quick"), ("/status/99", "404 Not Found", "quick"),
        ("/status/", "404 Not Found", "quick"), ("/favicon.ico", "404 Not Found", "quick"),
    ])
    func `each path has its answer`(_ path: String, _ status: String, _ part: String) {
        let answer = Pages(.quick).answer(to: path)
        let text = String(decoding: answer.bytes, as: UTF8.self)
        #expect(text.hasPrefix("HTTP/1.1 \(status)\r\n"))
        #expect(text.contains(part))
        #expect(text.contains("Content-Length: \(answer.bytes.count - answer.headCount)\r\n"))
    }
}
