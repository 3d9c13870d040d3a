// A resolver that says what a test wants.
import Glibc

/// Answers on a port of 127.0.0.1, datagrams and streams.
package final class TestResolver: Sendable {
    /// What is asked.
    package struct Question: Sendable, Equatable {
        package let name: String
        package let type: UInt16
        package let isStream: Bool
        /// The number of the message, and the port that it came from.
        package let id: UInt16
        package let from: UInt16
    }

    private struct State: Sendable {
        var questions: [Question] = []
        var isStopping = false
    }

    private let state = Monitor(State())
    private let streams: ScriptedServer
    private let datagrams: Descriptor
    private let thread: TestThread
    package let port: UInt16

    /// - Parameters:
    ///   - forgeries: datagrams that are sent before the answer, made of it.
    ///   - datagramPort: where datagrams are answered if that must be a certain one; streams are elsewhere then.
    ///   - answer: to a question.
    package init(
        datagramPort: UInt16? = nil,
        forgeries: @escaping @Sendable (_ message: [UInt8]) -> [[UInt8]] = { _ in [] },
        answer: @escaping @Sendable (Question) -> TestAnswer
    ) throws(TestFailure) {
        let state = self.state
        let (streams, datagrams) = try Self.open(datagramPort) { socket, _ in
            while let length = try? socket.receive(exactly: 2) {
                let message = try socket.receive(exactly: Int(length[0]) << 8 | Int(length[1]))
                guard let (question, bytes) = Self.parse(message, from: 0, isStream: true) else { return }
                state.change { $0.questions.append(question) }
                let reply = answer(question)
                if reply.isSilent {
                    _ = try? socket.receive(exactly: 1)
                } else {
                    let whole = reply.message(id: question.id, question: bytes)
                    try socket.send(TestRecord.number(UInt16(whole.count)) + whole)
                }
            }
        }
        (self.streams, self.datagrams, port) = (streams, datagrams, datagramPort ?? streams.port)
        thread = TestThread {
            while !state.value.isStopping {
                _ = datagrams.wait(for: POLLIN, .milliseconds(100))
                guard let (message, port) = SystemCalls.receive(datagrams),
                    let (question, bytes) = Self.parse(message, from: port, isStream: false)
                else { continue }
                state.change { $0.questions.append(question) }
                let reply = answer(question)
                if reply.isSilent { continue }
                let whole = reply.message(id: question.id, question: bytes)
                for forgery in forgeries(whole) { SystemCalls.send(forgery, to: port, from: datagrams) }
                SystemCalls.send(whole, to: port, from: datagrams)
            }
        }
    }

    deinit { stop() }

    /// Where it is, as it is written in a config.
    package var address: String { "127.0.0.1:\(port)" }

    /// All that was asked so far.
    package var questions: [Question] { state.value.questions }

    /// Waits until something has been asked that `body` wants to see.
    package func waitForQuestions(_ limit: Duration = defaultLimit, _ body: ([Question]) -> Bool) -> Bool {
        state.wait(limit) { body($0.questions) ? true : nil } ?? false
    }

    /// Answers nobody any more.
    package func stop() {
        state.change { $0.isStopping = true }
        _ = thread.join()
        datagrams.close()
        streams.stop()
    }

    /// The same port for both, unless it is said which.
    private static func open(
        _ port: UInt16?, _ script: @escaping ScriptedServer.Script
    ) throws(TestFailure) -> (ScriptedServer, Descriptor) {
        if let port { return (try ScriptedServer(script: script), try SystemCalls.openDatagrams(port)) }
        for _ in 0..<20 {
            let server = try ScriptedServer(script: script)
            if let datagrams = try? SystemCalls.openDatagrams(server.port) { return (server, datagrams) }
        }
        throw TestFailure("no port is free for both")
    }

    /// The question, and its bytes.
    private static func parse(
        _ message: [UInt8], from port: UInt16, isStream: Bool
    ) -> (question: Question, bytes: [UInt8])? {
        var labels: [String] = []
        var place = 12
        while place < message.count, message[place] != 0 {
            let end = place + 1 + Int(message[place])
            if end >= message.count { return nil }
            labels.append(String(decoding: message[place + 1..<end], as: UTF8.self))
            place = end
        }
        guard place + 5 <= message.count else { return nil }
        let type = UInt16(message[place + 1]) << 8 | UInt16(message[place + 2])
        let question = Question(
            name: labels.joined(separator: "."), type: type, isStream: isStream,
            id: UInt16(message[0]) << 8 | UInt16(message[1]), from: port)
        return (question, Array(message[12..<place + 5]))
    }
}
