// What is made of the answer to a call, byte by byte.
import MartletBalancing
import MartletHTTPCore
import Testing

@testable import MartletHealth

@Suite struct HealthCallTests {
    /// What comes of an answer that comes in pieces of so many bytes.
    private func outcome(of answer: [UInt8], pieces: Int = .max) -> CheckOutcome? {
        let exchange = HealthCallExchange(now: 0)
        var head = ResponseHead(fieldCapacity: 100)
        #expect(exchange.begin(GRPCCheck(), authority: "a.test", isSecure: false, timeout: 1_000))
        #expect(!exchange.takeSending().isEmpty)
        var rest = answer[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(pieces))
            rest = rest.dropFirst(piece.count)
            if let outcome = exchange.take(piece.span, &head, now: 0) { return outcome }
        }
        return nil
    }

    private typealias Answer = CallAnswer

    private static let passing: [[UInt8]] = [
        Answer.serving(1),
        // As grpc-go sends it, with all that belongs to a connection.
        Answer.call(
            Answer.settingsAnswer, Answer.windowUpdate, Answer.ping("martlet!"), Answer.head(),
            Answer.data(Answer.message([8, 1])), Answer.status("0")),
        // An interim response first, fields that nobody knows, a message in two frames, an empty one at the end.
        Answer.call(
            Answer.fields([(":status", "103")], isLast: false), Answer.head("200", type: "application/grpc+proto"),
            Answer.data([0, 0, 0]), Answer.data([0, 6, 18, 2]), Answer.data([65, 66, 8, 1]), Answer.data([]),
            Answer.fields([("x", "y"), ("grpc-message", "fine"), ("grpc-status", "0")], isLast: true)),
        // Of two the last counts.
        Answer.call(Answer.head(), Answer.data(Answer.message([8, 2, 8, 1])), Answer.status("0")),
        // A server that takes no more calls after this one.
        Answer.call(Answer.goAway(last: 1), Answer.head(), Answer.data(Answer.message([8, 1])), Answer.status("0")),
    ]

    @Test(arguments: passing) func passes(answer: [UInt8]) {
        for pieces in 1...answer.count { #expect(outcome(of: answer, pieces: pieces) == .passed) }
    }

    /// Calls that are answered, but not as they should be.
    private static let answered: [([UInt8], String)] = [
        (Answer.serving(0), "the service is UNKNOWN"), (Answer.serving(2), "the service is NOT_SERVING"),
        (Answer.serving(3), "the service is SERVICE_UNKNOWN"), (Answer.serving(77), "the service is status 77"),
        // A message without the field says 0.
        (Answer.call(Answer.head(), Answer.data(Answer.message([])), Answer.status("0")), "the service is UNKNOWN"),
        (Answer.failure("12"), "the call failed: UNIMPLEMENTED"), (Answer.failure("5"), "the call failed: NOT_FOUND"),
        (Answer.failure("99"), "an unknown grpc-status"), (Answer.failure("SERVING"), "an unknown grpc-status"),
        (
            Answer.call(Answer.head(), Answer.data(Answer.message([8, 1])), Answer.status("14")),
            "the call failed: UNAVAILABLE"
        ),
        (
            Answer.call(Answer.head(), Answer.data(Answer.message([8, 1]), isLast: true)),
            "the answer has no grpc-status"
        ),
        (
            Answer.call(
                Answer.head(), Answer.data(Answer.message([8, 1])), Answer.fields([("x", "y")], isLast: true)),
            "the answer has no grpc-status"
        ),
        (Answer.call(Answer.head(isLast: true)), "the answer has no grpc-status"),
        (Answer.call(Answer.head("503")), "status 503"),
        (Answer.call(Answer.head("200", type: "text/html")), "the answer is not gRPC"),
        (Answer.call(Answer.head("200", type: "application/grpc-web")), "the answer is not gRPC"),
        (Answer.call(Answer.head("200", type: nil)), "the answer is not gRPC"),
        (Answer.call(Answer.reset(8)), "the call was reset: CANCEL"),
        (Answer.call(Answer.reset(7)), "the call was refused"),
        (Answer.call(Answer.goAway(last: 0)), "the call was refused"),
    ]

    /// Content that is not one message: none at all, two, one that is compressed, too long, or no message.
    private static let malformed: [[UInt8]] = [
        Answer.failure("0"), Answer.call(Answer.head(), Answer.status("0")),
        Answer.call(Answer.head(), Answer.data(Answer.message([8, 1])), Answer.data(Answer.message([8, 1]))),
        Answer.call(Answer.head(), Answer.data(Answer.message([8, 1], flags: 1))),
        Answer.call(Answer.head(), Answer.data([0, 0, 0, 4, 1])),
        Answer.call(Answer.head(), Answer.data(Answer.message([8])), Answer.status("0")),
        Answer.call(Answer.head(), Answer.data([0, 0, 0, 0, 9, 8, 1]), Answer.status("0")),
    ]

    /// What is not HTTP/2, or breaks its rules.
    private static let broken: [[UInt8]] = [
        Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), Answer.head(), Answer.call(Answer.data([0])),
        Answer.call(Answer.fields([("x", "y")], isLast: false)),
        Answer.call(Answer.frame(1, 4, 1, [0xFF, 0xFF, 0xFF])), Answer.call([1, 0, 0, 0, 0, 0, 0, 0, 1]),
        [UInt8](repeating: 0, count: 64),
    ]

    private static let failing =
        answered + malformed.map { ($0, "the answer is malformed") } + broken.map { ($0, "the answer is not HTTP/2") }

    @Test(arguments: failing) func fails(answer: [UInt8], reason: String) {
        for pieces in 1...answer.count { #expect(outcome(of: answer, pieces: pieces) == .failed(reason)) }
    }

    /// Nothing is said before it is certain.
    @Test func theOutcomeWaitsForTheEnd() {
        let answer = CallAnswer.serving(1)
        for count in 0..<answer.count { #expect(outcome(of: Array(answer[..<count])) == nil) }
    }

    /// A server that makes us answer without end, or sends fields or frames without end, does not get far.
    @Test(arguments: [
        CallAnswer.ping("12345678"), CallAnswer.settings, CallAnswer.windowUpdate, CallAnswer.frame(99, 0, 0),
    ])
    func floodsEnd(frame: [UInt8]) {
        let flood = CallAnswer.settings + (0..<1_000).flatMap { _ in frame }
        #expect(outcome(of: flood) == .failed("the answer is not HTTP/2"))
        let block = CallAnswer.frame(1, 0, 1, [UInt8](repeating: 0x88, count: 16_000))
        let more = CallAnswer.frame(9, 0, 1, [UInt8](repeating: 0x88, count: 16_000))
        #expect(outcome(of: CallAnswer.settings + block + more + more) == .failed("the answer is not HTTP/2"))
    }

    @Test func anEndBeforeTheAnswerIsAFailure() {
        let exchange = HealthCallExchange(now: 0)
        var head = ResponseHead(fieldCapacity: 100)
        #expect(exchange.begin(GRPCCheck(), authority: "a.test", isSecure: true, timeout: 1_000))
        #expect(exchange.ended() == .failed("the connection was closed without an answer"))
        let begun = CallAnswer.settings + CallAnswer.head()
        #expect(exchange.take(begun.span, &head, now: 0) == nil)
        #expect(exchange.ended() == .failed("the answer was broken off"))
    }

    /// However many fields the config has, the call is written.
    @Test func manyFieldsAreWritten() {
        let exchange = HealthCallExchange(now: 0)
        var check = GRPCCheck()
        check.fields = (0..<500).map { ("X-Field-\($0)", String(repeating: "ö~", count: 60)) }
        check.service = String(repeating: "s", count: 1_024)
        #expect(exchange.begin(check, authority: "a.test", isSecure: true, timeout: 1_000))
        #expect(exchange.takeSending().count > 50_000)
        #expect(exchange.takeSending().isEmpty)
    }
}
