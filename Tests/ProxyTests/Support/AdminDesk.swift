// Who answers on the admin listener of a proxy under test: the test itself, when it wants to.
import MartletProxy
import MartletTestSupport

/// Keeps requests until the test answers them.
final class AdminDesk: AdminResponder {
    private let desk = QuestionDesk<AdminRequest, LocalAnswer>("admin request")
    private let immediate: LocalAnswer?

    /// - Parameter immediate: what every request is answered with at once; `nil` to wait for `answer`.
    init(immediate: LocalAnswer? = nil) { self.immediate = immediate }

    func respond(to request: AdminRequest, reply: @escaping @Sendable (LocalAnswer) -> Void) {
        if let immediate { return reply(immediate) }
        desk.ask(request, reply: reply)
    }

    /// Waits for the request that has come after so many others.
    @discardableResult
    func request(_ number: Int) throws -> AdminRequest { try desk.question(number) }

    /// Answers one of the requests.
    func answer(_ number: Int, _ answer: LocalAnswer) throws { try desk.answer(number, answer) }
}

extension LocalAnswer {
    /// A short answer.
    static func text(_ text: String) -> LocalAnswer {
        LocalAnswer(status: 200, contentType: "text/plain", content: Array(text.utf8))
    }
}

extension TestProxy {
    /// A client on the admin listener.
    func connectToAdmin(receiveBuffer: Int32? = nil) throws -> TestSocket {
        try TestSocket(port: adminPort, receiveBuffer: receiveBuffer)
    }
}
