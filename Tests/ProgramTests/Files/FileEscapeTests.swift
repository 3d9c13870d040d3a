// Nothing outside of the folder is served, however it is asked for and whatever lies in it.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct FileEscapeTests {
    private func fill(_ folder: TestFolder) throws {
        try folder.write("SECRET", to: "secret.txt")
        try folder.write("public", to: "www/public.txt")
        try folder.makeFolder("www/sub")
        try folder.write("deep", to: "www/sub/deep.txt")
        try folder.makeFolder("www-other")
        try folder.write("SECRET", to: "www-other/secret.txt")
    }

    @Test func pathsThatLeadOut() throws {
        let stage = try FileStage(fill: fill)
        let secret = stage.martlet.folder.path("secret.txt")
        let ups = [
            "..", "%2e%2e", "%2E.", ".%2e", "..%2f", "%2e%2e%2f", "..%5c", "..\\", "%252e%252e", "..;", "..;x",
            "%c0%ae%c0%ae",
            "%e0%80%ae%e0%80%ae", "..%00", "%00..", ".. ", "..%20", "....", "..%c0%af", "%uff0e%uff0e", "..%09",
            "..%0a",
            "sub/../..", "sub/%2e%2e/%2e%2e", "./..", "%2e/..", "//..",
        ]
        for up in ups {
            for path in [
                "/\(up)/secret.txt", "/sub/\(up)/\(up)/secret.txt", "/\(up)secret.txt", "/\(up)/www-other/secret.txt",
            ] {
                let result = try stage.curlResult(path.replacing(" ", with: "%20"))
                #expect(!result.output.contains("SECRET"), "\(path)")
                // And as it is written, byte by byte.
                let socket = try stage.martlet.connect()
                try socket.send("GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                let answer = String(decoding: try socket.receiveUntilEnd(), as: UTF8.self)
                #expect(
                    !answer.contains("SECRET") && !answer.contains(" 200 ") && !answer.contains("Location:"), "\(path)")
            }
        }
        for path in [
            secret, "/" + secret, "/file://" + secret, "/%2f" + secret.dropFirst(), "/etc/passwd", "//etc/passwd",
        ] {
            let answer = try stage.martlet.request("GET \(path)")
            #expect(answer.status == 404 || answer.status == 400, "\(path)")
        }
        let absolute = try stage.martlet.request("GET http://test/../secret.txt")
        #expect(absolute.status == 400 && !absolute.text.contains("SECRET"))
        #expect(try stage.martlet.request("GET /sub/../public.txt").text == "public")
        #expect(try stage.martlet.request("GET /public.txt%00.html").status == 400)
        #expect(try stage.martlet.request("GET /sub%2Fdeep.txt").status == 400)
        #expect(try stage.martlet.request("GET /\(String(repeating: "a", count: 300))").status == 404)
        #expect(try stage.martlet.request("GET /\(String(repeating: "a/", count: 3000))").status == 404)
        try stage.stop()
    }

    private func addLinks(_ folder: TestFolder) throws {
        try fill(folder)
        try folder.link("www/inside.txt", to: "sub/deep.txt")
        try folder.link("www/sub/up.txt", to: "../public.txt")
        try folder.link("www/folder", to: "sub")
        try folder.link("www/out.txt", to: "../secret.txt")
        try folder.link("www/out-folder", to: "../www-other")
        try folder.link("www/absolute.txt", to: folder.path("secret.txt"))
        try folder.link("www/absolute-inside.txt", to: folder.path("www/public.txt"))
        try folder.link("www/circle", to: "circle")
        try folder.link("www/proc", to: "/proc/self/cwd")
        try folder.link("www/sub/index.html", to: "../../secret.txt")
        try folder.link("www/public.txt.gz", to: "../secret.txt")
    }

    @Test func linksWithinAreFollowed() throws {
        let stage = try FileStage("{root: FOLDER/www, precompressed: [gz]}", fill: addLinks)
        #expect(try stage.martlet.request("GET /inside.txt").text == "deep")
        #expect(try stage.martlet.request("GET /sub/up.txt").text == "public")
        #expect(try stage.martlet.request("GET /folder/deep.txt").text == "deep")
        for path in [
            "/out.txt", "/out-folder/", "/out-folder/secret.txt", "/absolute.txt", "/absolute-inside.txt", "/circle",
            "/proc/", "/proc/secret.txt", "/sub/", "/folder/",
        ] {
            let answer = try stage.martlet.request("GET \(path)")
            #expect(answer.status == 404 && !answer.text.contains("SECRET"), "\(path)")
        }
        #expect(try stage.martlet.request("GET /public.txt", ["Accept-Encoding: gzip"]).text == "public")
        try stage.stop()
    }

    @Test func linksAreNotFollowed() throws {
        let stage = try FileStage("{root: FOLDER/www, symlinks: false, listing: true}", fill: addLinks)
        for path in ["/inside.txt", "/sub/up.txt", "/folder/deep.txt", "/folder", "/out.txt", "/absolute.txt"] {
            #expect(try stage.martlet.request("GET \(path)").status == 404, "\(path)")
        }
        #expect(try stage.martlet.request("GET /sub/deep.txt").text == "deep")
        let page = try stage.martlet.request("GET /")
        #expect(page.text.contains("public.txt") && !page.text.contains("inside.txt") && !page.text.contains("out"))
        try stage.stop()
    }

    @Test func onlyFiles() throws {
        let stage = try FileStage("{root: FOLDER/www, listing: true}", fill: fill)
        let folder = stage.martlet.folder
        #expect(try ChildProcess.run("mkfifo", [folder.path("www/fifo")]).exit == .code(0))
        #expect(try stage.martlet.request("GET /fifo").status == 404)
        let page = try stage.martlet.request("GET /").text
        #expect(page.contains("public.txt") && !page.contains("fifo"))
        try stage.stop()
    }

    @Test func whatMayNotBeRead() throws {
        // Whoever is root may read everything.
        if getuid() == 0 { return }
        let stage = try FileStage(fill: fill)
        let file = stage.martlet.folder.path("www/public.txt")
        #expect(try ChildProcess.run("chmod", ["0", file]).exit == .code(0))
        #expect(try stage.martlet.request("GET /public.txt").status == 403)
        try stage.stop()
    }

    @Test func changesWhileItRuns() throws {
        // A folder becomes a link to elsewhere, back and forth, while it is asked for.
        let stage = try FileStage(fill: fill)
        let folder = stage.martlet.folder
        let swapper = try ChildProcess(
            "sh",
            [
                "-c",
                """
                cd \(folder.path("www")); while :; do ln -sfn ../www-other s1; mv -T s1 swap 2>/dev/null; rm -rf swap; \
                cp -r sub swap 2>/dev/null; rm -rf swap; done
                """,
            ])
        defer { swapper.signal(SIGKILL) }
        let client = try stage.martlet.connect()
        for _ in 0..<2_000 {
            let answer = try client.exchange("GET /swap/secret.txt")
            #expect(answer.status == 404)
        }
        try stage.stop()
    }
}
