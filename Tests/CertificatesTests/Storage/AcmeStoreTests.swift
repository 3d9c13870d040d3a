// What is on disk: modes, whole files, and files that are not ours.
import Foundation
import MartletTestSupport
import Testing

@testable import MartletCertificates

struct AcmeStoreTests {
    private let folder: TestFolder
    private let store: AcmeStore
    private var request = AcmeRequest(names: ["A.example.com", "*.b.example.com"], email: "me@example.com")

    init() throws {
        folder = try TestFolder()
        store = AcmeStore(folder: folder.path("acme"))
        request.storage = folder.path("acme")
    }

    /// A self-made certificate, with a key of the request's kind.
    private func identity(_ names: [String]) throws -> PEMIdentity { try SelfMadeCertificate.make(names: names) }

    @Test("a certificate with its key comes back, and only its owner may read it")
    func certificate() throws {
        #expect(try store.identity(of: request.id) == nil)
        let identity = try identity(request.names)
        try store.save(identity, of: request.id)
        #expect(try store.identity(of: request.id) == identity)
        let place = store.certificateFolder(request.id)
        #expect(try TestFolder.mode(place) == 0o700 && TestFolder.mode(folder.path("acme")) == 0o700)
        #expect(try TestFolder.mode(place + "/identity.pem") == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place).sorted() == ["about.json", "identity.pem"])
        #expect(place.contains("acme-v02.api.letsencrypt.org_directory/certificates/a.example.com-"))
    }

    @Test("an account comes back, one for each mail address")
    func account() throws {
        #expect(try store.account(of: request) == nil)
        let key = AccountKey()
        try store.save(AcmeStore.Account(key: key, url: "https://ca.test/1"), of: request)
        let stored = try #require(try store.account(of: request))
        #expect(stored.key.pem == key.pem && stored.url == "https://ca.test/1")
        #expect(try TestFolder.mode(store.accountPath(request)) == 0o600)
        var other = request
        other.email = ""
        #expect(try store.account(of: other) == nil)
    }

    @Test("a file that cannot be written whole leaves the old one as it was")
    func atomicity() throws {
        let path = folder.path("file")
        try AtomicFile.write([1], to: path)
        // A folder in the way of the temporary file.
        let temporary = "\(path).\(ProcessInfo.processInfo.processIdentifier).new"
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: false)
        let error = #expect(throws: AcmeError.self) { try AtomicFile.write([2], to: path) }
        #expect(try #require(error).description.contains("cannot make \(temporary)"))
        #expect(try AtomicFile.read(path) == [1])
        try FileManager.default.removeItem(atPath: temporary)
        try AtomicFile.write([3], to: path)
        #expect(try AtomicFile.read(path) == [3])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["file"])
    }

    @Test("files that are not what they should be are told with their path", arguments: ["", "nonsense", "{}"])
    func foreignFiles(text: String) throws {
        let place = store.certificateFolder(request.id)
        try AtomicFile.makeFolder(place)
        try AtomicFile.write(Array(text.utf8), to: place + "/identity.pem")
        let certificate = #expect(throws: AcmeError.self) { try store.identity(of: request.id) }
        #expect(try #require(certificate).description.contains(place + "/identity.pem cannot be used"))
        let path = store.accountPath(request)
        try AtomicFile.makeFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
        try AtomicFile.write(Array(text.utf8), to: path)
        let account = #expect(throws: AcmeError.self) { try store.account(of: request) }
        #expect(try #require(account).description.contains(path + " is not an account that was stored here"))
    }

    @Test("a certificate of other names, or with another key, is not taken for the request's")
    func mismatches() throws {
        let (right, wrong) = (try identity(request.names), try identity(["other.example.com"]))
        try store.save(wrong, of: request.id)
        #expect(throws: AcmeError.self) { try store.identity(of: request.id) }
        try store.save(PEMIdentity(certificates: right.certificates, key: wrong.key), of: request.id)
        let error = #expect(throws: AcmeError.self) { try store.identity(of: request.id) }
        #expect(try #require(error).description.contains("for another key"))
    }

    @Test(
        "names become parts of paths without harm",
        arguments: [("*.a.test", "_.a.test"), ("../../etc", "_.._.._etc"), ("a/b", "a_b"), ("ä@x", "_@x")])
    func plainNames(text: String, plain: String) {
        let made = AcmeStore.plain(text)
        #expect(!made.contains("/") && !made.hasPrefix(".") && made.hasSuffix(String(plain.suffix(3))))
    }
}
