import Testing

@testable import MartletControl

/// The variables of sd_listen_fds(3).
@Suite struct SocketActivationTests {
    private func names(_ count: String?, _ process: String?, _ names: String?) -> Result<[String], InheritanceError> {
        Result { () throws(InheritanceError) in
            try SocketActivation.names(count: count, process: process, names: names, ownID: 42)
        }
    }

    @Test func socketsHaveTheNamesThatAreGiven() throws {
        #expect(try names("2", "42", "web:admin").get() == ["web", "admin"])
        #expect(try names("2", "42", nil).get() == ["", ""])
        #expect(try names("2", "42", ":").get() == ["", ""])
        #expect(try names("0", "42", nil).get() == [])
    }

    @Test func whatIsForAnotherProcessIsNothing() throws {
        #expect(try names("2", "41", "web:admin").get() == [])
        #expect(try names("2", nil, nil).get() == [])
        #expect(try names(nil, "42", nil).get() == [])
    }

    @Test(arguments: [("x", nil), ("-1", nil), ("5000", nil), ("2", "web"), ("1", "a:b")] as [(String, String?)])
    func contradictionsAreErrors(count: String, list: String?) {
        guard case .failure(let error) = names(count, "42", list) else {
            Issue.record("\(count) \(list ?? "")")
            return
        }
        #expect(error.message.contains("LISTEN_FD"))
    }
}
