// Somebody between two ends of TLS.
import MartletTestSupport

/// Passes on the records of TLS, and does to each of them what a test wants.
final class RecordRelay: Sendable {
    /// Who says something.
    enum Speaker: Sendable { case client, server }

    /// What becomes of a record.
    enum Verdict: Sendable {
        /// These bytes are passed on, in these pieces.
        case pass([[UInt8]])
        /// The connection ends on both sides, and nothing says so within TLS.
        case end
    }

    /// - Parameters:
    ///   - number: of the record, from 0, on its side of its connection.
    ///   - record: with its head.
    typealias Judge = @Sendable (_ speaker: Speaker, _ number: Int, _ record: [UInt8]) -> Verdict

    private let listener: ScriptedServer
    /// Where clients connect.
    var port: UInt16 { listener.port }

    /// - Parameter server: a port of 127.0.0.1.
    init(to server: UInt16, _ judge: @escaping Judge) throws {
        listener = try ScriptedServer { client, _ in
            let server = try TestSocket(port: server)
            let back = TestThread { Self.pass(.server, from: server, to: client, judge) }
            Self.pass(.client, from: client, to: server, judge)
            _ = back.join()
            server.close()
        }
    }

    private static func pass(_ speaker: Speaker, from one: TestSocket, to other: TestSocket, _ judge: Judge) {
        var number = 0
        while let record = record(from: one) {
            switch judge(speaker, number, record) {
            case .pass(let pieces):
                for piece in pieces { if (try? other.send(piece)) == nil { return one.shutdownBoth() } }
            case .end:
                one.shutdownBoth()
                return other.shutdownBoth()
            }
            number += 1
        }
        other.shutdownSend()
    }

    /// The next record; `nil` when there is none any more.
    private static func record(from socket: TestSocket) -> [UInt8]? {
        guard let head = try? socket.receive(exactly: 5) else { return nil }
        guard let rest = try? socket.receive(exactly: Int(head[3]) << 8 + Int(head[4])) else { return nil }
        return head + rest
    }

    /// The first record of curl, with a ClientHello, as it is sent with these arguments.
    static func hello(_ arguments: [String] = []) throws -> [UInt8] {
        let said = Monitor<[UInt8]>([])
        let nobody = try ScriptedServer { socket, _ in
            guard let record = record(from: socket) else { return }
            said.change { $0 = record }
        }
        let url = "https://app.test:\(nobody.port)/"
        let name = ["--resolve", "app.test:\(nobody.port):127.0.0.1"]
        _ = try ChildProcess.run("curl", ["-s", "--max-time", "8", url] + name + arguments)
        guard said.value.count > 100 else { throw TestFailure("curl has said nothing") }
        return said.value
    }

    /// Whether a record of an established connection is an alert, such as close_notify: two bytes, encrypted.
    static func isAlert(_ record: [UInt8]) -> Bool {
        // In TLS 1.3 (RFC 8446, section 5.2) its kind is hidden, but not its length.
        record[0] == 21 || record[0] == 23 && record.count == 5 + 2 + 1 + 16
    }
}
