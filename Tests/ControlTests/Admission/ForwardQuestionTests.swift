import MartletProxy
import MartletProxyConfig
import Testing

@testable import MartletControl

/// Which questions are the same: what is not must never get the other's answer.
@Suite struct ForwardQuestionTests {
    private static func head(
        _ fields: [(name: String, value: String)], _ change: (inout AdmissionHead) -> Void = { _ in }
    )
        -> AdmissionHead
    {
        var head = AdmissionHead(
            method: "GET", target: "/a", host: "a.test", client: "192.0.2.1", fields: fields)
        change(&head)
        return head
    }

    private static func questions(_ change: (inout ForwardCacheConfiguration) -> Void = { _ in }) -> ForwardQuestions {
        var configuration = ForwardAuthConfiguration()
        var cache = ForwardCacheConfiguration()
        cache.fields = ["Authorization", "Cookie"]
        change(&cache)
        configuration.cache = cache
        return ForwardQuestions(configuration)
    }

    private static func identity(_ questions: ForwardQuestions, _ head: AdmissionHead) -> ForwardQuestions.Identity {
        questions.identity(head, questions.fields(head))
    }

    @Test func whatDiffersIsAnotherQuestion() {
        let questions = Self.questions()
        let plain = Self.head([("Authorization", "x"), ("Cookie", "y"), ("User-Agent", "z")])
        let same = Self.head([("authorization", "x"), ("Cookie", "y"), ("User-Agent", "other")])
        #expect(Self.identity(questions, plain) == Self.identity(questions, same))
        #expect(Self.identity(questions, plain).isKnown)
        let others = [
            Self.head([("Authorization", "x")]), Self.head([("Authorization", "xCookie"), ("Cookie", "")]),
            Self.head([("Cookie", "x"), ("Authorization", "y")]), Self.head([("Authorization", "xy"), ("Cookie", "")]),
            Self.head(plain.fields) { $0.method = "PUT" }, Self.head(plain.fields) { $0.host = "b.test" },
            Self.head(plain.fields) { $0.target = "/b" }, Self.head(plain.fields) { $0.isSecure = true },
            Self.head(plain.fields) { $0.source = "192.0.2.2" },
            Self.head(plain.fields) { $0.identity = [("X-Client-Subject", "CN=a")] },
        ]
        let all = [plain] + others
        #expect(Set(all.map { Self.identity(questions, $0).digest }).count == all.count)
    }

    @Test func targetsMayCountForNothing() {
        let questions = Self.questions { $0.perTarget = false }
        let one = Self.head([("Authorization", "x")])
        let other = Self.head([("Authorization", "x")]) { ($0.method, $0.target) = ("PUT", "/b") }
        #expect(Self.identity(questions, one) == Self.identity(questions, other))
        let third = Self.head([("Authorization", "x")]) { $0.source = "192.0.2.2" }
        #expect(Self.identity(questions, one) != Self.identity(questions, third))
    }

    @Test func nobodyIsNotKnown() {
        let questions = Self.questions { $0.perTarget = false }
        let one = Self.head([("User-Agent", "x")])
        let other = Self.head([("User-Agent", "x")]) { $0.target = "/b" }
        #expect(!Self.identity(questions, one).isKnown)
        #expect(Self.identity(questions, one) != Self.identity(questions, other))
    }

    /// What is kept says nothing to another process.
    @Test func hashesAreKeyed() {
        let head = Self.head([("Authorization", "x")])
        #expect(Self.identity(Self.questions(), head) != Self.identity(Self.questions(), head))
    }
}
