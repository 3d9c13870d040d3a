// Golden files: what clients send, what servers get of it, and what clients get back, head by head.
import Foundation
import MartletTestSupport

/// A file `Tests/Rewriting/NAME.txt`. It begins with a config, in which SERVER stands for the server's address and LISTEN for
/// where clients come in; then follow cases, each with `=== client sends`, `=== server gets` and `=== client gets`. The two
/// latter are what the test compares; with `MARTLET_UPDATE=1` in the environment they are written anew.
///
/// What is sent has `\xNN` for other bytes, and may have a line `X-Respond:` whose value is the response: its status, and fields
/// between "|".
struct RewritingGolden {
    struct Case {
        let sent: String
        let rest: String
    }

    static let folder = URL(filePath: #filePath).appending(path: "../../../Rewriting").standardizedFileURL
    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }.sorted()
    }()

    let file: URL
    let text: String
    let config: String
    let cases: [Case]

    init(_ name: String) throws {
        file = Self.folder.appending(path: name + ".txt")
        text = try String(contentsOf: file, encoding: .utf8)
        var parts = text.components(separatedBy: Self.sends)
        config = parts.removeFirst()
        cases = parts.map { part in
            let halves = part.components(separatedBy: Self.gets)
            let sent = halves[0].trimmingCharacters(in: .newlines)
            return Case(sent: sent, rest: halves.dropFirst().joined(separator: Self.gets))
        }
    }

    static let sends = "=== client sends\n"
    static let gets = "=== server gets\n"

    /// The file with other results.
    func text(with results: [String]) -> String {
        var text = config
        for (one, result) in zip(cases, results) { text += Self.sends + one.sent + "\n\n" + Self.gets + result }
        return text
    }

    /// The bytes that a case stands for.
    static func bytes(of sent: String, server: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for line in sent.replacing("SERVER", with: server).split(separator: "\n", omittingEmptySubsequences: false) {
            var rest = Array(line.utf8)[...]
            while let byte = rest.first {
                let digits = String(decoding: rest.dropFirst(2).prefix(2), as: UTF8.self)
                if rest.starts(with: "\\x".utf8), let code = UInt8(digits, radix: 16) {
                    bytes.append(code)
                    rest = rest.dropFirst(4)
                } else {
                    bytes.append(byte)
                    rest = rest.dropFirst()
                }
            }
            bytes += [0x0D, 0x0A]
        }
        return bytes + [0x0D, 0x0A]
    }

    /// A head as it stands in the file: what differs from run to run has a name in its place.
    static func shown(_ lines: [String], server: String, port: UInt16) -> String {
        lines.map { line in
            var line = line.replacing(server, with: "SERVER").replacing("127.0.0.1:\(port)", with: "LISTEN")
            line = line.replacing(/^Date: .*/, with: "Date: DATE")
            line = line.replacing(/[0-9a-f]{32}/, with: "ID")
            line = line.replacing(/^(X-Client-Port): [0-9]+$/) { "\($0.output.1): PORT" }
            return String(line.unicodeScalars.map { $0.isASCII ? Character($0) : "?" }) + "\n"
        }.joined()
    }
}

/// A server that says what requests want it to say.
enum ObedientServer {
    static func respond(to request: HTTPRequest, address: String) -> String {
        guard let wanted = request["X-Respond"] else { return response(200, "") }
        var parts = wanted.replacing("SERVER", with: address).split(separator: "|").map(String.init)
        let status = Int(parts.removeFirst()) ?? 500
        return response(status, status == 204 || status == 304 ? "" : "inside", parts)
    }
}
