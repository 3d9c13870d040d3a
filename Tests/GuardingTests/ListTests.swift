import MartletHTTPCore
import Testing

@testable import MartletGuarding

@Suite struct ListTests {
    private static func failure(_ body: () throws(GuardFileError) -> Void) -> String {
        do throws(GuardFileError) {
            try body()
            return "nothing is wrong"
        } catch { return error.description }
    }

    @Test func networksStandOneALine() throws {
        let text = "# blocked\n10.0.0.0/8\r\n\n  192.0.2.7 ; a host\n2001:db8::/32 # documentation\n198.51.100.0/24"
        let networks = try NetworkList.parse(Array(text.utf8))
        #expect(networks.map(\.description) == ["10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32", "198.51.100.0/24"])
        #expect(try NetworkList.parse([]).isEmpty)
    }

    @Test(arguments: [
        ("10.0.0.0/8\n10.0.0/8\n", "line 2: '10.0.0' is not an IP address"),
        ("10.1.0.0/8", "line 1: '10.1.0.0/8' has bits set behind its prefix; expected 10.0.0.0/8"),
        ("10.0.0.0/8 11.0.0.0/8", "line 1: more than one network"), ("\n\n10.0.0.0/33", "line 3: '33' is not a prefix"),
    ])
    func brokenNetworksAreNamed(text: String, message: String) {
        let failure = Self.failure { () throws(GuardFileError) in _ = try NetworkList.parse(Array(text.utf8)) }
        #expect(failure.hasPrefix(message), "\(failure)")
    }

    private static let hash = "$2y$05$abcdefghijklmnopqrstuuJ3fzD9Uu0nSkyEmP4S0bHNSqJrYyTb2"

    @Test func usersHaveTheirHashes() throws {
        let users = try UserList(parsing: Array("# users\nann:\(Self.hash)\nbob:\(Self.hash):Bob B.\n".utf8))
        #expect(users.hashes == ["ann": Self.hash, "bob": Self.hash])
    }

    @Test(arguments: [
        ("ann:$apr1$x$y", "line 1: the password of this user is hashed with APR1-MD5; make it anew"),
        ("\nann:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", "line 2: the password of this user is hashed with SHA-1"),
        ("ann:secret", "line 1: the password of this user is not hashed in a way that is safe"),
        ("ann:$argon2id$v=19$m", "line 1: the password of this user is hashed with Argon2"),
        ("ann:$2y$05$short", "line 1: the password of this user is cut short"), ("ann", "line 1: not a user"),
        (":x", "line 1: not a user"), ("ann:\(hash)\nann:\(hash)", "line 2: this user is there twice"),
    ])
    func usersThatAreNotSafeAreRefused(text: String, message: String) {
        let failure = Self.failure { () throws(GuardFileError) in _ = try UserList(parsing: Array(text.utf8)) }
        #expect(failure.hasPrefix(message), "\(failure)")
        #expect(!failure.contains("secret"))
    }

    @Test func keysHaveNames() throws {
        let digest = String(repeating: "0aF1", count: 16)
        let keys = try KeyList(parsing: Array("# keys\nbackup:\(digest)\n".utf8))
        #expect(keys.names == [[UInt8](repeating: 0, count: 16).flatMap { _ in [0x0A, 0xF1] }: "backup"])
    }

    @Test(arguments: [
        ("backup:hunter2", "line 1: not a digest"), ("backup", "line 1: not a key"), (":00", "line 1: not a key"),
        ("a:\(String(repeating: "00", count: 31))", "line 1: not a digest"),
        (
            "a:\(String(repeating: "00", count: 32))\nb:\(String(repeating: "00", count: 32))",
            "line 2: this key is there twice"
        ),
    ])
    func keysThatAreNoDigestsAreRefused(text: String, message: String) {
        let failure = Self.failure { () throws(GuardFileError) in _ = try KeyList(parsing: Array(text.utf8)) }
        #expect(failure.hasPrefix(message), "\(failure)")
        #expect(!failure.contains("hunter2"))
    }
}

@Suite struct CredentialTests {
    private static func read(_ text: String) -> BasicCredentials? { BasicCredentials(field: Array(text.utf8)) }

    @Test func basicIsRead() throws {
        let own = try #require(Self.read("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="))
        #expect(own.user == "Aladdin" && own.password == Array("open sesame".utf8))
        let test = try #require(Self.read("basic  dGVzdDoxMjPCow=="))
        #expect(test.user == "test" && test.password == Array("123£".utf8))
        #expect(try #require(Self.read("BASIC YTo=")).password.isEmpty)
        #expect(try #require(Self.read("Basic YTpiOmM=")).password == Array("b:c".utf8))
    }

    @Test(arguments: [
        "", "Basic", "Basic ", "Bearer YTpi", "Basic YTpi=", "Basic YTp", "Basic YT=i", "Basic Y===", "Basic ====",
        "Basic YWJj",
        "Basic OmE=", "Basic YToA", "Basic YQpiOmM=", "Basic /zph", "BasicYTpi", "Basic YTpi YTpi", "Basic YTpi\t",
    ])
    func whatIsNotBasicIsNot(text: String) { #expect(Self.read(text) == nil) }

    @Test func comparingTellsTheDifference() {
        #expect(ConstantTime.equals([1, 2, 3], [1, 2, 3]) && ConstantTime.equals([], []))
        #expect(!ConstantTime.equals([1, 2, 3], [1, 2, 4]) && !ConstantTime.equals([1, 2, 3], [1, 2]))
        #expect(!ConstantTime.equals([0, 2, 3], [1, 2, 3]) && !ConstantTime.equals([], [0]))
    }
}
