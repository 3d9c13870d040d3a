// Files, as clients get them.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct FileTests {
    private func fill(_ folder: TestFolder) throws {
        try folder.write("<h1>home</h1>\n", to: "www/index.html")
        try folder.write("body {}\n", to: "www/style.css")
        try folder.write("x\n", to: "www/a b é.foo")
        try folder.makeFolder("www/docs")
        try folder.write("docs\n", to: "www/docs/index.html")
        try folder.makeFolder("www/empty")
        try folder.write("secret", to: "www/.env")
        try folder.makeFolder("www/.well-known")
        try folder.write("contact", to: "www/.well-known/security.txt")
        try folder.write("", to: "www/nothing.txt")
        for name in ["index.html", "style.css"] { try folder.touch("www/" + name, "2024-01-02 03:04:05.123456789 UTC") }
    }

    @Test func filesAndFolders() throws {
        let stage = try FileStage(fill: fill)
        let martlet = stage.martlet
        let home = try martlet.request("GET /")
        #expect(home.status == 200 && home.text == "<h1>home</h1>\n")
        #expect(home["Content-Type"] == "text/html; charset=utf-8" && home["Content-Length"] == "14")
        #expect(home["Last-Modified"] == "Tue, 02 Jan 2024 03:04:05 GMT" && home["Accept-Ranges"] == "bytes")
        #expect(home["ETag"]?.hasPrefix("\"e-") == true && home["Vary"] == nil && home["Date"] != nil)
        #expect(try martlet.request("GET /style.css")["Content-Type"] == "text/css; charset=utf-8")
        #expect(try martlet.request("GET /style.css?v=1").text == "body {}\n")
        #expect(try martlet.request("GET /a%20b%20%c3%a9.foo")["Content-Type"] == "application/octet-stream")
        #expect(try martlet.request("GET /docs/").text == "docs\n")
        let redirect = try martlet.request("GET /docs?a=b")
        #expect(redirect.status == 308 && redirect["Location"] == "/docs/?a=b" && redirect.content.isEmpty)
        #expect(try martlet.request("GET //docs")["Location"] == "/docs/")
        #expect(try martlet.request("GET //docs//..//docs")["Location"] == "/docs/")
        let nothing = try martlet.request("GET /nothing.txt")
        #expect(nothing.status == 200 && nothing["Content-Length"] == "0")
        for path in ["/empty/", "/none", "/none/", "/style.css/", "/index.html/x", "/.env", "/docs/../.env", "/%2eenv"]
        {
            #expect(try martlet.request("GET \(path)").status == 404, "\(path)")
        }
        #expect(try martlet.request("GET /.well-known/security.txt").text == "contact")
        let head = try martlet.request("HEAD /")
        #expect(head.status == 200 && head["Content-Length"] == "14" && head.content.isEmpty)
        let absent = try martlet.accessLogLine(target: "/none")
        #expect(absent["error"] == "no such file" && absent["status"] == "404")
        let metrics = try martlet.metrics
        #expect(metrics["martlet_file_responses_total"] == 8)
        try stage.stop()
    }

    @Test func onlyReading() throws {
        let stage = try FileStage(fill: fill)
        for method in ["PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"] {
            let answer = try stage.martlet.request("\(method) /style.css")
            #expect(answer.status == 405 && answer["Allow"] == "GET, HEAD", "\(method)")
        }
        let post = try stage.martlet.request("POST /style.css", content: "x")
        #expect(post.status == 405)
        // Content of a GET is nobody's.
        #expect(try stage.martlet.request("GET /style.css", content: "xyz").text == "body {}\n")
        let call = try stage.martlet.request("POST /style.css", ["Content-Type: application/grpc", "TE: trailers"])
        #expect(call.status == 200 && call["grpc-status"] != nil && call["grpc-status"] != "0")
        try stage.stop()
    }

    @Test func conditions() throws {
        let stage = try FileStage(fill: fill)
        let martlet = stage.martlet
        let tag = try #require(try martlet.request("GET /style.css")["ETag"])
        let date = "Tue, 02 Jan 2024 03:04:05 GMT"
        let earlier = "Tue, 02 Jan 2024 03:04:04 GMT"
        for (fields, status) in [
            (["If-None-Match: \(tag)"], 304), (["If-None-Match: W/\(tag)"], 304), (["If-None-Match: *"], 304),
            (["If-None-Match: \"x\"", "If-None-Match: \(tag)"], 304), (["If-None-Match: \"x\""], 200),
            (["If-Modified-Since: \(date)"], 304), (["If-Modified-Since: \(earlier)"], 200),
            (["If-None-Match: \"x\"", "If-Modified-Since: \(date)"], 200),
            (["If-Match: \(tag)"], 200), (["If-Match: \"x\""], 412), (["If-Match: W/\(tag)"], 412),
            (["If-Unmodified-Since: \(earlier)"], 412), (["If-Unmodified-Since: \(date)"], 200),
            (["If-Match: \"x\"", "If-None-Match: \(tag)"], 412),
        ] {
            for method in ["GET", "HEAD"] {
                #expect(try martlet.request("\(method) /style.css", fields).status == status, "\(method) \(fields)")
            }
        }
        let unchanged = try martlet.request("GET /style.css", ["If-None-Match: \(tag)"])
        #expect(unchanged.content.isEmpty && unchanged["ETag"] == tag && unchanged["Content-Length"] == nil)
        #expect(unchanged["Content-Type"] == nil)
        // Another content of the same length has another tag.
        try martlet.folder.write("body{ }\n", to: "www/style.css")
        #expect(try martlet.request("GET /style.css", ["If-None-Match: \(tag)"]).text == "body{ }\n")
        try stage.stop()
    }

    @Test func withOtherKeys() throws {
        let stage = try FileStage(
            """
            {root: FOLDER/www, index: [start.html, index.html], hidden: true, fallback: /index.html,
                  types: {foo: text/x-foo, html: text/html}}
            """,
            route: ["responseFields: {set: {Cache-Control: max-age=60}, remove: [ETag]}"], fill: fill)
        let martlet = stage.martlet
        try martlet.folder.write("start", to: "www/docs/start.html")
        let docs = try martlet.request("GET /docs/")
        #expect(docs.text == "start" && docs["Content-Type"] == "text/html")
        #expect(docs["Cache-Control"] == "max-age=60" && docs["ETag"] == nil && docs["Last-Modified"] != nil)
        #expect(try martlet.request("GET /a%20b%20%C3%A9.foo")["Content-Type"] == "text/x-foo")
        #expect(try martlet.request("GET /.env").text == "secret")
        for path in ["/some/view", "/empty/", "/x.js"] {
            let answer = try martlet.request("GET \(path)")
            #expect(answer.status == 200 && answer.text == "<h1>home</h1>\n", "\(path)")
        }
        try stage.stop()
    }

    @Test func belowAPathAndForOne() throws {
        let stage = try FileStage(
            path: "/static/*",
            "",
            fill: fill)
        #expect(try stage.martlet.request("GET /static/docs/").text == "docs\n")
        #expect(try stage.martlet.request("GET /static")["Location"] == "/static/")
        #expect(try stage.martlet.request("GET /static/").status == 200)
        #expect(try stage.martlet.request("GET /style.css").status == 404)
        try stage.stop()
        let one = try FileStage(path: "/x/style.css", fill: fill)
        #expect(try one.martlet.request("GET /x/style.css").text == "body {}\n")
        #expect(try one.martlet.request("GET /x/index.html").status == 404)
        try one.stop()
    }

    @Test func listings() throws {
        let stage = try FileStage("{root: FOLDER/www, listing: true}", fill: fill)
        let martlet = stage.martlet
        try martlet.folder.write("", to: "www/empty/<img src=x onerror=alert(1)>.html")
        try martlet.folder.write("", to: "www/empty/.hidden")
        try martlet.folder.makeFolder("www/empty/folder")
        let page = try martlet.request("GET /empty/")
        #expect(page.status == 200 && page["Content-Type"] == "text/html; charset=utf-8")
        #expect(page["Cache-Control"] == "no-store")
        #expect(page.text.contains("&lt;img src=x onerror=alert(1)&gt;.html") && !page.text.contains("<img"))
        #expect(page.text.contains("href=\"./folder/\"") && page.text.contains("href=\"../\""))
        #expect(!page.text.contains("hidden"))
        #expect(try martlet.request("HEAD /empty/").content.isEmpty)
        #expect(try martlet.request("GET /docs/").text == "docs\n")
        #expect(try martlet.request("GET /empty")["Location"] == "/empty/")
        try stage.stop()
    }

    @Test func compressedOnesBeside() throws {
        let stage = try FileStage("{root: FOLDER/www, precompressed: [zst, br, gz]}", fill: fill)
        let martlet = stage.martlet
        for name in ["br", "gz"] {
            try martlet.folder.write("as \(name)", to: "www/style.css.\(name)")
            try martlet.folder.touch("www/style.css." + name, "2024-01-02 03:04:05.123456789 UTC")
        }
        try martlet.folder.write("old", to: "www/index.html.br")
        try martlet.folder.touch("www/index.html.br", "2024-01-01 UTC")
        let plain = try martlet.request("GET /style.css")
        #expect(plain.text == "body {}\n" && plain["Vary"] == "Accept-Encoding" && plain["Content-Encoding"] == nil)
        let brotli = try martlet.request("GET /style.css", ["Accept-Encoding: gzip, br, zstd"])
        #expect(brotli.text == "as br" && brotli["Content-Encoding"] == "br" && brotli["Vary"] == "Accept-Encoding")
        #expect(brotli["Content-Type"] == "text/css; charset=utf-8" && brotli["ETag"] != plain["ETag"])
        let gzip = try martlet.request("GET /style.css", ["Accept-Encoding: gzip;q=1, br;q=0.5"])
        #expect(gzip["Content-Encoding"] == "gzip" && gzip["ETag"] != brotli["ETag"])
        let part = try martlet.request("GET /style.css", ["Accept-Encoding: br", "Range: bytes=0-1"])
        #expect(part.status == 206 && part.text == "as" && part["Content-Range"] == "bytes 0-1/5")
        let tag = try #require(brotli["ETag"])
        let unchanged = try martlet.request("GET /style.css", ["Accept-Encoding: br", "If-None-Match: \(tag)"])
        #expect(unchanged.status == 304 && unchanged["Vary"] == "Accept-Encoding")
        #expect(try martlet.request("GET /style.css", ["If-None-Match: \(tag)"]).status == 200)
        // One that is older than the file is not what is in the file.
        #expect(try martlet.request("GET /", ["Accept-Encoding: br"]).text == "<h1>home</h1>\n")
        #expect(try martlet.request("GET /style.css", ["Accept-Encoding: br;q=0"]).text == "body {}\n")
        try stage.stop()
    }

    @Test func whoMayHaveThem() throws {
        let stage = try FileStage(
            route: ["access: [{action: deny, path: /docs/*}]"], "auth: {apiKeys: {file: FOLDER/keys}}"
        ) { folder in
            try fill(folder)
            try folder.write(
                "backup:1c8bfe8f801d79745c4631d09fff36c82aa37fc4cce4fc946683d7b336b63032\n", to: "keys")
        }
        let martlet = stage.martlet
        #expect(try martlet.request("GET /style.css").status == 401)
        #expect(try martlet.request("GET /style.css", ["X-API-Key: wrong"]).status == 401)
        #expect(try martlet.request("GET /style.css", ["X-API-Key: letmein"]).text == "body {}\n")
        #expect(try martlet.accessLogLine(target: "/style.css")["status"] == "401")
        for path in ["/docs/", "/docs/index.html", "/x/../docs/", "/%64ocs/"] {
            #expect(try martlet.request("GET \(path)", ["X-API-Key: letmein"]).status == 403, "\(path)")
        }
        try stage.stop()
    }

    @Test func otherWaysToAsk() throws {
        let stage = try FileStage(fill: fill)
        let martlet = stage.martlet
        let old = try martlet.connect()
        try old.send("GET /style.css HTTP/1.0\r\n\r\n")
        let text = String(decoding: try old.receiveUntilEnd(), as: UTF8.self)
        #expect(text.contains("Content-Length: 8\r\n") && text.hasSuffix("\r\n\r\nbody {}\n"))
        let pipe = try martlet.connect()
        let requests = (0..<200).map { requestText($0 % 2 == 0 ? "GET /style.css" : "GET /docs/") }
        try pipe.send(requests.joined())
        for number in 0..<200 {
            #expect(try pipe.readResponse().text == (number % 2 == 0 ? "body {}\n" : "docs\n"))
        }
        let upgrade = try martlet.request("GET /style.css", ["Connection: Upgrade", "Upgrade: websocket"])
        #expect(upgrade.status == 200 && upgrade["Upgrade"] == nil)
        let http2 = try stage.curl("/style.css", ["--http2-prior-knowledge", "-w", "%{http_version} %{http_code}"])
        #expect(http2 == "body {}\n2 200")
        // Each on a connection of its own: curl 7.88 cannot ask twice on one without TLS, whatever the server.
        #expect(try stage.curl("/docs", ["--http2-prior-knowledge", "-w", "%{http_code}"]) == "308")
        #expect(try stage.curl("/docs/", ["--http2-prior-knowledge"]) == "docs\n")
        try stage.stop()
    }

    @Test func anotherFolderInItsPlace() throws {
        let stage = try FileStage("FOLDER/current") { folder in
            for version in ["1", "2"] {
                try folder.makeFolder("v" + version)
                try folder.write("version \(version)", to: "v\(version)/index.html")
            }
            try folder.link("current", to: "v1")
        }
        #expect(try stage.martlet.request("GET /").text == "version 1")
        try stage.martlet.folder.link("next", to: "v2")
        let folder = stage.martlet.folder
        let moved = try ChildProcess.run("mv", ["-T", folder.path("next"), folder.path("current")])
        #expect(moved.exit == .code(0))
        try eventually("the new version is served") { try stage.martlet.request("GET /").text == "version 2" }
        // Without any, the last one is served on.
        try FileManager.default.removeItem(atPath: folder.path("current"))
        try stage.martlet.process.waitForOutput(containing: "folder not found", on: .errors)
        #expect(try stage.martlet.request("GET /").text == "version 2")
        try stage.stop()
    }
}

@Suite(.timeLimit(.minutes(20))) struct FileConfigTests {
    @Test func theFolderHasToBeThere() throws {
        let folder = try TestFolder()
        try folder.write("text", to: "file")
        for (root, reason) in [("none", "there is no such folder"), ("file", "there is no such folder")] {
            let file = try folder.write(
                """
                listeners: [{address: 127.0.0.1:0}]
                routes:
                  - path: /*
                    files: {root: \(folder.path(root))}
                """, to: "martlet.yaml")
            let check = try ChildProcess.run(MartletBinary.path, ["check", file])
            #expect(check.exit == .code(78), "\(check)")
            let said = check.output + check.errors
            #expect(said.contains("martlet.yaml:4:19: error: cannot open '\(folder.path(root))': \(reason)"), "\(said)")
            #expect(try ChildProcess.run(MartletBinary.path, ["run", file]).exit != .code(0))
        }
    }

    @Test func aPageHasToBeThere() throws {
        let folder = try TestFolder()
        let file = try folder.write(
            """
            listeners: [{address: 127.0.0.1:0}]
            maintenance: {file: \(folder.path("none.html"))}
            """, to: "martlet.yaml")
        let check = try ChildProcess.run(MartletBinary.path, ["check", file])
        #expect((check.output + check.errors).contains("martlet.yaml:2:21: error: cannot read"), "\(check)")
    }
}
