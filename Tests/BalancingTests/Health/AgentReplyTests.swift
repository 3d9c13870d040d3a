import MartletBalancing
import Testing

@Suite struct AgentReplyTests {
    private func parse(_ text: String) -> AgentReply? {
        let bytes = Array(text.utf8)
        return AgentReply.parse(bytes.span)
    }

    private func reply(
        percent: UInt32? = nil, _ wish: AgentReply.Wish? = nil, _ condition: AgentReply.Condition? = nil,
        limit: UInt32? = nil
    ) -> AgentReply {
        var reply = AgentReply()
        reply.percent = percent
        reply.wish = wish
        reply.condition = condition
        reply.limit = limit
        return reply
    }

    @Test func readsEachWord() {
        #expect(parse("75%\n") == reply(percent: 75))
        #expect(parse("0%") == reply(percent: 0))
        #expect(parse("up\n") == reply(nil, .up))
        #expect(parse("UP") == reply(nil, .up))
        #expect(parse("ready\r\n") == reply(.ready))
        #expect(parse("drain") == reply(.drain))
        #expect(parse("maint") == reply(.maintenance))
        #expect(parse("down") == reply(nil, .down("down")))
        #expect(parse("stopped\n") == reply(nil, .down("stopped")))
        #expect(parse("failed") == reply(nil, .down("failed")))
        #expect(parse("fail") == reply(nil, .down("failed")))
        #expect(parse("maxconn:30") == reply(limit: 30))
    }

    @Test func readsSeveralWords() {
        #expect(parse("up,ready\t50%  maxconn:7\n") == reply(percent: 50, .ready, .up, limit: 7))
        #expect(parse("down #out of disk \nup") == reply(nil, .down("down (out of disk)")))
        #expect(parse("down#why") == reply(nil, .down("down (why)")))
        #expect(parse("down #\n") == reply(nil, .down("down")))
        #expect(parse("up # all is well") == reply(nil, .up))
        #expect(parse("hello 10% world") == reply(percent: 10))
    }

    @Test(arguments: [
        "", "\n", " ,\t", "hello", "%", "-5%", "5", "5 %", "1.5%", "maxconn:", "maxconn:x", "maxconn: 5", "#up", "upp",
        "\n50%", "99999999999999999999999%",
    ])
    func knowsNothingElse(text: String) {
        #expect(parse(text) == nil)
    }

    @Test func numbersAndTextsAreBounded() {
        #expect(parse("4000000000%") == reply(percent: AgentReply.highestPercent))
        #expect(parse("maxconn:9000000000") == reply(limit: .max))
        let long = "down #" + String(repeating: "x", count: 5_000)
        guard case .down(let text) = parse(long)?.condition else { return #expect(Bool(false)) }
        #expect(text.utf8.count < 200)
        #expect(parse(String(repeating: " ", count: AgentReply.limitBytes) + "up") == nil)
        #expect(parse("down #a\u{1b}[2J\u{e9}") == reply(nil, .down("down (a?[2J??)")))
    }

    @Test func knowsWhenTheLineIsThere() {
        func isComplete(_ text: String) -> Bool {
            let bytes = Array(text.utf8)
            return AgentReply.isComplete(bytes.span)
        }
        #expect(!isComplete(""))
        #expect(!isComplete("up"))
        #expect(isComplete("up\n"))
        #expect(isComplete("up\r"))
        #expect(isComplete(String(repeating: "x", count: AgentReply.limitBytes)))
    }

    @Test func whatIsNotRepeatedStays() {
        var standing = AgentStanding()
        #expect(!standing.isDraining)
        standing.note(reply(percent: 40, .drain, .down("down"), limit: 9))
        #expect(standing.isDraining)
        standing.note(reply(nil, .up))
        #expect(standing.percent == 40)
        #expect(standing.wish == .drain)
        #expect(standing.condition == .up)
        #expect(standing.limit == 9)
        standing.note(reply(percent: 0, .ready, limit: 0))
        #expect(standing.isDraining)
        #expect(standing.limit == nil)
        standing.note(reply(percent: 100))
        #expect(!standing.isDraining)
    }
}
