// What a demo server answers. Pure.

/// The pages of one server.
struct Pages: Sendable {
    /// Small enough to be sent in one buffer together with its head.
    static let bigBytes = 64 << 10

    private let name: String
    private let home: Answer
    private let big: Answer

    init(_ kind: ServerKind) {
        name = kind.name
        home = Answer(200, type: "text/html; charset=utf-8", content: Array(Self.html(kind).utf8))
        let line = Array("\(kind.name) has much to say.\n".utf8)
        big = Answer(200, type: "text/plain; charset=utf-8", content: (0..<Self.bigBytes).map { line[$0 % line.count] })
    }

    /// The answer for a path.
    func answer(to path: String) -> Answer {
        switch path {
        case "/": home
        case "/big": big
        default: status(path) ?? Answer(404, text: "\(name): there is nothing here; try /, /big or /status/503")
        }
    }

    /// `/status/503` answers with 503. Only final statuses that have content, so that the page says who sent it.
    private func status(_ path: String) -> Answer? {
        let prefix = "/status/"
        guard path.hasPrefix(prefix), let status = Int(path.dropFirst(prefix.count)) else { return nil }
        if !(200...599).contains(status) || [204, 205, 304].contains(status) { return nil }
        return Answer(status, text: "\(name): \(status), as you asked")
    }

    private static func html(_ kind: ServerKind) -> String {
        let colour =
            switch kind {
            case .swift: "#f05138"
            case .quick: "#2f7fd1"
            case .slow: "#7a6a58"
            }
        let delay = kind.thinkingTime == 0 ? "" : " after \(kind.thinkingTime) ms"
        return """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><title>\(kind.name)</title>
            <style>body{font:18px/1.6 system-ui,sans-serif;margin:15vh auto;max-width:28em;padding:0 1em}\
            h1{font-size:3em;margin:0;color:\(colour)}</style>
            <h1>\(kind.name)</h1>
            <p>You are seen by Martlet, and answered by the demo server \(kind.name)\(delay).</p>
            <p><a href="/">/</a> is answered by whoever is the least busy: reload. <a href="/big">/big</a> is 64 KiB,
            <a href="/status/503">/status/503</a> is an error of a server.</p>
            </html>

            """
    }
}
