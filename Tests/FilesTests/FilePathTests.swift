// From paths of requests to those of files, and what is said of files.
import Foundation
import MartletFiles
import Testing

@Suite struct FilePathTests {
    private func path(_ text: String, _ depth: Int = 0) -> FilePath? { FilePath(text.utf8.span, behind: depth) }

    private func text(_ text: String, _ depth: Int = 0) -> String? {
        path(text, depth).map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test func whatStandsBehindTheRoute() {
        #expect(text("/") == "")
        #expect(text("/a/b.txt") == "a/b.txt")
        #expect(text("/a/b.txt", 1) == "b.txt")
        #expect(text("/a", 1) == "")
        #expect(text("/a/", 1) == "")
        #expect(text("/a/b/", 1) == "b")
        #expect(text("/a%20b/%C3%A9") == "a b/é")
    }

    @Test func folders() {
        #expect(path("/")?.isFolder == true)
        #expect(path("/a/")?.isFolder == true)
        #expect(path("/a")?.isFolder == false)
        #expect(path("/a", 1)?.isFolder == false)
    }

    @Test(arguments: ["/a%2Fb", "/%2e%2e", "/a/%2E%2E/b", "/..", "/.", "/a%00", "/a%", "/a%4", "/%zz", "/%2e"])
    func noFileCanBeThere(_ text: String) { #expect(path(text) == nil) }

    @Test func longPaths() {
        #expect(path("/" + String(repeating: "a", count: 4000)) != nil)
        #expect(path("/" + String(repeating: "a", count: 4001)) == nil)
    }

    @Test func hidden() {
        #expect(path("/.git/config")?.isHidden == true)
        #expect(path("/a/.env")?.isHidden == true)
        #expect(path("/%2Eenv")?.isHidden == true)
        #expect(path("/..a")?.isHidden == true)
        #expect(path("/a.b")?.isHidden == false)
        // For everybody to see (RFC 8615), at the top only.
        #expect(path("/.well-known/security.txt")?.isHidden == false)
        #expect(path("/a/.well-known/x")?.isHidden == true)
        #expect(path("/.well-known/.x")?.isHidden == true)
        // What the route stands for is not looked at.
        #expect(path("/.a/b", 1)?.isHidden == false)
    }
}

@Suite struct MediaTypeTests {
    private func type(_ path: String, _ types: MediaTypes = MediaTypes()) -> String { types.type(of: Array(path.utf8)) }

    @Test func byEnding() {
        #expect(type("a/index.html") == "text/html; charset=utf-8")
        #expect(type("A.HTML") == "text/html; charset=utf-8")
        #expect(type("a.tar.gz") == "application/gzip")
        #expect(type("a") == MediaTypes.unknown)
        #expect(type("a.b/c") == MediaTypes.unknown)
        #expect(type(".html") == MediaTypes.unknown)
        #expect(type("a.") == MediaTypes.unknown)
        #expect(type("a." + String(repeating: "x", count: 100)) == MediaTypes.unknown)
    }

    @Test func others() {
        let types = MediaTypes(adding: ["html": "text/x", "foo": "application/foo"])
        #expect(type("a.html", types) == "text/x")
        #expect(type("a.foo", types) == "application/foo")
        #expect(type("a.css", types) == "text/css; charset=utf-8")
    }
}

@Suite struct ContentCodingTests {
    private func accepted(_ field: String) -> [ContentCoding] {
        ContentCoding.accepted(field.utf8.span, of: [.zstd, .brotli, .gzip])
    }

    @Test func choice() {
        #expect(accepted("gzip, deflate, br, zstd") == [.zstd, .brotli, .gzip])
        #expect(accepted("gzip") == [.gzip])
        #expect(accepted("x-gzip") == [.gzip])
        #expect(accepted("GZIP;Q=0.5 , br;q=0.8") == [.brotli, .gzip])
        #expect(accepted("br;q=0, *;q=0.1") == [.zstd, .gzip])
        #expect(accepted("*") == [.zstd, .brotli, .gzip])
        #expect(accepted("gzip;q=0.000") == [])
        #expect(accepted("gzip;q=1.000") == [.gzip])
        #expect(accepted("") == [])
        #expect(accepted("identity") == [])
    }

    @Test(arguments: ["gzip;q", "gzip;q=", "gzip;q=2", "gzip;q=0.x", "gzip;q=0.1234", "gzip;level=1", "gzip;"])
    func whatCannotBeReadIsNotTaken(_ field: String) { #expect(accepted(field).isEmpty) }
}

@Suite struct FolderPageTests {
    private func page(_ names: [String], isRoot: Bool = false, isCut: Bool = false) -> String {
        let entries = names.map {
            FolderEntry(name: Array($0.utf8), isFolder: false, size: 7, modified: 784_111_777)
        }
        let page = FolderPage.write(entries, path: "/a<b/".utf8.span, isRoot: isRoot, isCut: isCut)
        return String(decoding: page, as: UTF8.self)
    }

    @Test func namesStayNames() {
        let text = page(["<script>alert(1)</script>", "\"onmouseover=\"x", "javascript:alert(1)", "a&b'c", "\u{1}\n"])
        #expect(!text.contains("<script"))
        #expect(text.contains("&lt;script&gt;"))
        #expect(text.contains("href=\"./javascript%3Aalert%281%29\""))
        #expect(text.contains("href=\"./%22onmouseover%3D%22x\""))
        #expect(text.contains("a&amp;b&#39;c"))
        #expect(text.contains("<title>/a&lt;b/</title>"))
        #expect(text.contains("href=\"./%01%0A\""))
    }

    @Test func rows() {
        let text = page(["b", "a"])
        #expect(text.contains("<td>7</td><td>1994-11-06 08:49</td>"))
        #expect((text.range(of: "\">a<")?.lowerBound).map { $0 < text.range(of: "\">b<")!.lowerBound } == true)
        #expect(text.contains("../"))
        #expect(!page([], isRoot: true).contains("../"))
        #expect(page([], isCut: true).contains("There are more."))
        #expect(!text.contains("There are more."))
    }
}

@Suite struct FilePartsTests {
    @Test func pieces() {
        let slices = [FileSlice(start: 0, count: 2), FileSlice(start: 8, count: 1)]
        let pieces = FileParts.pieces(slices, type: "text/plain", size: 10, boundary: "B")
        let first = "\r\n--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/10\r\n\r\n"
        let second = "\r\n--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 8-8/10\r\n\r\n"
        #expect(
            pieces == [
                .text(Array(first.utf8)), .file(slices[0]), .text(Array(second.utf8)), .file(slices[1]),
                .text(Array("\r\n--B--\r\n".utf8)),
            ])
    }
}
