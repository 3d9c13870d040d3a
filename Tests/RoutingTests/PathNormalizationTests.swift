import MartletHTTPCore
import Testing

@testable import MartletRouting

@Suite struct PathNormalizationTests {
    /// The one form of a path; `nil` if it is refused.
    private func normal(_ text: String) -> (path: String, hasEncodedSlash: Bool)? {
        // In the midst of others, which do not change.
        var bytes = Array("GET \(text) %41/../".utf8)
        let rest = bytes[(4 + text.utf8.count)...]
        var span = bytes.mutableSpan
        let result = PathNormalization.normalize(&span, 4..<4 + text.utf8.count)
        #expect(bytes.starts(with: "GET ".utf8) && bytes.suffix(rest.count) == rest)
        guard case .path(let count, let isEncoded, let hasSlash) = result else { return nil }
        let path = String(decoding: bytes[4..<4 + count], as: UTF8.self)
        #expect(isEncoded == path.contains("%"))
        return (path, hasSlash)
    }

    @Test(arguments: [
        ("/", "/"), ("/a/b", "/a/b"), ("//", "/"), ("///a//b///", "/a/b/"), ("/.", "/"), ("/./a/.", "/a/"),
        ("/a/..", "/"), ("/a/b/..", "/a/"), ("/a/b/../c", "/a/c"), ("/a//../b", "/b"), ("/a/../", "/"),
        ("/a/./b/../../c", "/c"), ("/%61%62", "/ab"), ("/%2e", "/"), ("/a/%2E%2e/b", "/b"), ("/a/.%2e", "/"),
        ("/.well-known/x", "/.well-known/x"), ("/...", "/..."), ("/..a", "/..a"), ("/a..", "/a.."),
        ("/%7euser", "/~user"),
        ("/%c3%a9", "/%C3%A9"), ("/a%20b", "/a%20b"), ("/%252e%252e/", "/%252e%252e/"), ("/%25%32%65", "/%252e"),
        ("/a;b=1", "/a;b=1"), ("/%e9", "/%E9"), ("/%c0", "/%C0"), ("/%40", "/%40"),
    ])
    func bringsPathsInOneForm(text: String, expected: String) throws {
        let result = try #require(normal(text))
        #expect(result.path == expected)
        #expect(!result.hasEncodedSlash)
        // And that form is its own.
        #expect(normal(result.path)?.path == expected)
    }

    @Test(arguments: ["/a%2fb", "/a%2Fb", "/a%5cb", "/%2F..%2F"])
    func noticesEncodedSlashes(text: String) throws {
        #expect(try #require(normal(text)).hasEncodedSlash)
    }

    @Test(arguments: [
        "/..", "/../a", "/a/../../b", "/./..", "//..", "/%2e%2e", "/a\\b", "/\\", "/%", "/%4", "/%zz", "/a%", "/%%41",
        "/%00", "/a%00.txt", "/%c0%ae", "/%C0%AF", "/%c1%9c", "/%e0%80%af", "/%f0%80%80%af", "/a/..;/b", "/.;x/a",
        "/..;",
    ])
    func refusesWhatServersTakeInDifferentWays(text: String) {
        #expect(normal(text) == nil)
    }

    /// A path is only taken for plain if it is its own one form, wherever it stands.
    @Test func plainPathsAreInTheOneForm() {
        let pieces = ["/", "a", ".", "..", "%41", "%2f", "\\", "//", "/.", ";", "abcdefghijklmnop", "?"]
        let ends = ["", " HTTP/1.1\r\nHost: a.example.com\r\n\r\n", "/", "/.", "//............................."]
        var plain = 0
        let paths = pieces.flatMap { first in pieces.flatMap { second in pieces.map { "/" + first + second + $0 } } }
        for path in paths {
            for end in ends {
                let bytes = Array(("GET " + path + end).utf8)
                let range = ByteRange(from: 4, to: 4 + path.utf8.count)
                guard PathNormalization.isPlain(bytes.span, range) else { continue }
                plain += 1
                #expect(normal(path)?.path == path, "\(path)")
            }
        }
        #expect(plain > 500)
        let isEmptyPlain = PathNormalization.isPlain([UInt8]().span, ByteRange())
        #expect(isEmptyPlain)
    }
}
