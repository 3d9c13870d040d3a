// Servers and clients that do anything, each time something else.
import MartletBalancing
import MartletTestSupport

@testable import MartletProxy

/// What went on among all of them, and the chance that they share.
final class Chaos: Sendable {
    struct State: Sendable {
        var random: SeededRandom
        /// How often a server has seen the beginning of each POST.
        var posts: [String: Int] = [:]
        /// Requests whose response a server has broken off, so that the client has a right to see that.
        var broken: Set<String> = []
        var answered = 0
        var refused = 0
        var complaints: [String] = []
    }

    let state: Monitor<State>

    init(seed: UInt64) { state = Monitor(State(random: SeededRandom(seed: seed))) }

    func pick<Value>(_ values: [Value]) -> Value { values[number(0...values.count - 1)] }
    func number(_ range: ClosedRange<Int>) -> Int { state.change { Int.random(in: range, using: &$0.random) } }
    func complain(_ text: String) { state.change { $0.complaints.append(text) } }

    // MARK: Servers

    private enum Mood: CaseIterable {
        case answers, answersInChunks, answersAndCloses, answersLate, answersAfterHint, answersEarly
        case resets, closes, breaksHead, breaksResponse, speaksNonsense, refuses
    }

    /// Answers say what was asked: a response that belongs to another request is found out.
    private static func answer(to target: String, _ content: [UInt8]) -> String {
        let sum = content.reduce(UInt64(17)) { ($0 &* 31) &+ UInt64($1) }
        return "\(target) \(content.count) \(sum)"
    }

    func serve(_ socket: TestSocket) throws {
        while true {
            // Whatever goes wrong here is the proxy's right: it may leave at any time.
            guard let head = try? socket.readRequestHead() else { return }
            if head.method == "POST" { state.change { $0.posts[head.target, default: 0] += 1 } }
            let mood = pick(Bool.random() ? Mood.allCases : [.answers, .answersInChunks, .answersLate])
            if mood == .answersEarly {
                try socket.send(Responses.named("early \(head.target)", "Connection: close"))
                _ = try? socket.receiveUntilGone()
                return
            }
            guard let content = try? socket.readContent(of: head) else { return }
            if try !react(socket, mood, head.target, Self.answer(to: head.target, content)) { return }
        }
    }

    /// Whether the connection goes on.
    private func react(_ socket: TestSocket, _ mood: Mood, _ target: String, _ answer: String) throws -> Bool {
        switch mood {
        case .answers, .answersEarly: try socket.send(Responses.named(answer))
        case .answersInChunks:
            let size = String(answer.utf8.count, radix: 16)
            try socket.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(size)\r\n\(answer)\r\n0\r\n\r\n")
        case .answersAndCloses:
            try socket.send(Responses.named(answer, "Connection: close"))
            return false
        case .answersLate:
            // Waits for the proxy to lose its patience, up to a time.
            if !socket.isQuiet(for: .milliseconds(number(1...40))) { return false }
            try socket.send(Responses.named(answer))
        case .answersAfterHint: try socket.send("HTTP/1.1 103 Hint\r\n\r\n" + Responses.named(answer))
        case .resets:
            socket.reset()
            return false
        case .closes: return false
        case .breaksHead:
            try socket.send("HTTP/1.1 200 OK\r\nX-Half: ")
            return false
        case .breaksResponse:
            state.change { _ = $0.broken.insert(target) }
            try socket.send(Responses.head(length: answer.utf8.count) + answer.dropLast(1))
            return false
        case .speaksNonsense: try socket.send("nonsense\r\n\r\n")
        case .refuses: try socket.send(Responses.named("refused", status: 503))
        }
        return true
    }

    // MARK: Clients

    /// Asks for one thing after the other; now and then leaves in the middle.
    func ask(_ count: Int, name: Int, _ proxies: [TestProxy], between: @Sendable () -> Void) {
        var socket: TestSocket?
        for number in 0..<count {
            do {
                let current = try socket ?? pick(proxies).connect()
                socket = try exchange(on: current, "/\(name)-\(number)") ? current : nil
                if socket == nil { current.close() }
            } catch {
                complain("client \(name), request \(number): \(error)")
                socket = nil
            }
            between()
        }
        socket?.close()
    }

    /// Whether the connection goes on.
    private func exchange(on socket: TestSocket, _ target: String) throws -> Bool {
        let method = pick(["GET", "GET", "PUT", "PUT", "POST"])
        let size = method == "GET" ? 0 : pick([0, 10, 5_000, 60_000, 200_000])
        let content = pattern(size, seed: UInt64(size))
        let isChunked = method != "GET" && pick([true, false])
        let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(size)"
        try socket.send("\(method) \(target) HTTP/1.1\r\nHost: test\r\n\(framing)\r\n\r\n")
        if pick([true, false, false, false, false, false, false, false]) { return try leave(socket, method) }
        do {
            try send(content, isChunked: isChunked, on: socket)
        } catch {
            // Answered before all was sent, and closed.
            return false
        }
        return try check(socket, target, content)
    }

    private func send(_ content: [UInt8], isChunked: Bool, on socket: TestSocket) throws {
        if !isChunked { return try socket.send(content) }
        for start in stride(from: 0, to: content.count, by: 30_000) {
            let piece = content[start..<min(start + 30_000, content.count)]
            try socket.send(Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Array("\r\n".utf8))
        }
        try socket.send("0\r\n\r\n")
    }

    private func leave(_ socket: TestSocket, _ method: String) throws -> Bool {
        switch number(0...2) {
        case 0: socket.reset()
        case 1: socket.close()
        default:
            // Only half: an answer is owed all the same.
            socket.shutdownSend()
            _ = try socket.receiveUntilGone()
        }
        return false
    }

    private func check(_ socket: TestSocket, _ target: String, _ content: [UInt8]) throws -> Bool {
        let response: HTTPResponse
        do {
            response = try socket.readFinalResponse()
        } catch {
            // A broken response, or one that came before the whole request.
            if state.value.broken.contains(target) || !content.isEmpty && error.isEnding { return false }
            throw error
        }
        state.change { if response.status == 200 { $0.answered += 1 } else { $0.refused += 1 } }
        let isRight = [Self.answer(to: target, content), "early \(target)"].contains(response.text)
        if response.status == 200 && !isRight { complain("\(target) was answered with “\(response.text)”") }
        if ![200, 502, 503, 504].contains(response.status) { complain("\(target): \(response.status)") }
        return response["Connection"] != "close"
    }
}

extension Error {
    /// The connection ended or was reset, rather than that nothing came.
    fileprivate var isEnding: Bool { !"\(self)".contains("nothing came") }
}
