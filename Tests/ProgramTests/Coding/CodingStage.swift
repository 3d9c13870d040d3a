// Responses that are changed on their way, and clients that undo it: curl, which takes all codings.
import Glibc
import MartletTestSupport

enum CodingStage {
    /// A page of about 18 KiB.
    static let page = (0..<400).map { "<p>Paragraph \($0) of a page that is compressed.</p>\n" }.joined()

    /// A config with these routes' keys for one upstream.
    static func config(_ server: ScriptedServer, _ route: String, upstream: [String] = [], _ more: String = "")
        -> String
    {
        """
        workers: 1
        listeners: [{ address: "127.0.0.1:0" }]
        admin: { address: "127.0.0.1:0" }
        routes:
          - upstream: app
            \(route)
        upstreams:
          app:
            servers: ["\(server.address)"]
        \(upstream.map { "    \($0)\n" }.joined())
        \(more)
        """
    }

    /// Whether curl knows a coding, and the library is there that Martlet needs for it.
    static func canUse(_ coding: String) -> Bool {
        if coding == "gzip" { return true }
        let (feature, library) = coding == "br" ? ("brotli", "libbrotlienc.so.1") : ("zstd", "libzstd.so.1")
        guard let about = try? ChildProcess.run("curl", ["-V"]).output, about.contains(" \(feature)") else {
            return false
        }
        return unsafe dlopen(library, RTLD_NOW) != nil
    }

    /// A server that sends `content` to whoever asks, under these field lines.
    static func origin(_ content: String = page, _ fields: [String] = ["Content-Type: text/html"]) throws -> Origin {
        try Origin { request in
            let whole = response(200, content, fields)
            return request.method == "HEAD" ? String(whole.prefix(upTo: whole.range(of: "\r\n\r\n").upperBound)) : whole
        }
    }
}

extension String {
    /// Where a text is that must be there.
    fileprivate func range(of text: String) -> Range<Index> { firstRange(of: text) ?? endIndex..<endIndex }
}

extension RunningMartlet {
    /// What curl makes of a response: its head, and its content without a coding.
    func curl(_ target: String, _ arguments: [String] = []) throws -> (head: String, content: String) {
        let url = "http://127.0.0.1:\(try port())\(target)"
        let run = try ChildProcess.run("curl", ["-s", "-S", "-D", "/dev/stderr", "--max-time", "20", url] + arguments)
        if run.exit != .code(0) { throw TestFailure("curl ended with \(run.exit): \(run.errors)") }
        return (run.errors.lowercased(), run.output)
    }
}
