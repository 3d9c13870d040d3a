import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct ErrorFormatTests {
    @Test(arguments: [
        // Chrome, Firefox, Safari and an old Edge ask for pages so …
        (
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
                + "application/signed-exchange;v=b3;q=0.7", ErrorFormat.html
        ),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", .html),
        ("text/html, application/xhtml+xml, image/jxr, */*", .html),
        // … for pictures and styles so …
        ("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", .text),
        ("text/css,*/*;q=0.1", .text),
        // … and curl, fetch and common libraries so.
        ("*/*", .text),
        ("application/json, text/plain, */*", .json),
        ("application/json", .json),
        ("application/problem+json", .json),
        // The first that can be written.
        ("text/plain, text/html", .text),
        ("application/json, text/html", .json),
        ("text/html, application/json", .html),
        ("image/png, application/xhtml+xml", .html),
        // Case, spaces and parameters.
        ("Text/HTML", .html),
        ("APPLICATION/JSON;charset=UTF-8", .json),
        (" \t text/html \t ; q=0.5 ,x/y", .html),
        ("text/plain;format=flowed;q=1", .text),
        ("a/b;x=y,\ttext/html", .html),
    ])
    func isTheFirstThatMartletCanWrite(accept: String, format: ErrorFormat) {
        #expect(ErrorFormat(accept: Array(accept.utf8).span) == format)
    }

    @Test(arguments: [
        "", ",", ",,,,", ";", " ", "a/b", "text", "text/", "/html", "text/htm", "text/htmlx", "xtext/html",
        "text/html/x",
        "text /html", "text/html\u{0}", "q=1;text/html", "\"text/html\"", "*/html", "application/jsonl", "ｔext/html",
    ])
    func isTextForWhatIsNone(accept: String) {
        #expect(ErrorFormat(accept: Array(accept.utf8).span) == .text)
    }

    @Test func readsAnyBytes() {
        var random = SeededRandom(seed: 11)
        let signs = Array("text/html,;application/json \t*q=".utf8) + [0, 0x80, 0xff]
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                signs.randomElement(using: &random) ?? 0
            }
            let isNamed = String(decoding: bytes, as: UTF8.self).contains("/")
            #expect(isNamed || ErrorFormat(accept: bytes.span) == .text)
        }
    }
}
