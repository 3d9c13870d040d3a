import MartletHTTPCore
import Testing

@testable import MartletControl

@Suite struct AdminPlaceTests {
    @Test(arguments: [
        ("unix:/run/a.sock", "http+unix://%2Frun%2Fa.sock"), ("/run/a.sock", "http+unix://%2Frun%2Fa.sock"),
        ("127.0.0.1:9", "http://127.0.0.1:9"), (":9", "http://127.0.0.1:9"), ("[::1]:9", "http://[::1]:9"),
        ("https://proxy.example:9/", "https://proxy.example:9"), ("http://a", "http://a"),
    ])
    func isReadAsAPersonWritesIt(text: String, url: String) throws {
        #expect(try AdminPlace(parsing: text).url == url)
    }

    @Test(arguments: ["", "proxy", "127.0.0.1", "unix:", "ftp://a", "127.0.0.1:99999"])
    func whatIsNoneIsTold(text: String) {
        #expect { try AdminPlace(parsing: text) } throws: { ($0 as? OperatorFailure)?.code == 64 }
    }

    @Test func theSearchSaysWhereItLooked() throws {
        let folder = try TemporaryFolder()
        let paths = [folder.path("a"), folder.path("b")]
        #expect { try AdminPlace.search(paths) } throws: { error in
            guard let failure = error as? OperatorFailure else { return false }
            return failure.code == 69
                && failure.message.contains("is martlet running? looked at \(paths[0]), \(paths[1])")
        }
    }

    // MARK: The server's side

    @Test func foldersAreThoseOfWhoeverStartedIt() {
        let none = AdminSocket.folders(environment: { _ in nil }, user: 7).map(\.path)
        #expect(none == ["/run/martlet", "/tmp/martlet-7"])
        let all = AdminSocket.folders(environment: { ["XDG_RUNTIME_DIR": "/run/user/7"][$0] }, user: 7)
        #expect(all.map(\.path) == ["/run/martlet", "/run/user/7/martlet", "/tmp/martlet-7"])
        #expect(all.map(\.isShared) == [false, false, true])
        let given = AdminSocket.folders(
            environment: { ["RUNTIME_DIRECTORY": "/run/m:/run/x", "XDG_RUNTIME_DIR": "/run/user/7"][$0] }, user: 7)
        #expect(given == [.init(path: "/run/m", isShared: false)])
    }

    @Test func aSharedFolderMustBeOnesOwnAlone() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("own")
        #expect(AdminSocket.isUsable(.init(path: path, isShared: true)))
        #expect(AdminSocket.isUsable(.init(path: path, isShared: true)), "it is there already")
        try folder.setMode("own", 0o755)
        #expect(!AdminSocket.isUsable(.init(path: path, isShared: true)), "others may look into it")
        #expect(AdminSocket.isUsable(.init(path: path, isShared: false)))
        #expect(AdminSocket.paths(in: [.init(path: path, isShared: true)]).isEmpty, "no client asks there either")
        try folder.link("link", to: path)
        #expect(!AdminSocket.isUsable(.init(path: folder.path("link"), isShared: true)))
        #expect(!AdminSocket.isUsable(.init(path: folder.path("no/where"), isShared: false)))
    }

    /// Whoever may write there could put a socket of his own in the place of Martlet's.
    @Test func aFolderThatEverybodyMayWriteIsNone() throws {
        let folder = try TemporaryFolder()
        let place = AdminSocket.Folder(path: folder.path("open"), isShared: false)
        #expect(AdminSocket.isUsable(place))
        #expect(AdminSocket.paths(in: [place]) == [folder.path("open/admin.sock")])
        try folder.setMode("open", 0o777)
        #expect(!AdminSocket.isUsable(place) && AdminSocket.addresses([place]).isEmpty)
        #expect(AdminSocket.paths(in: [place]).isEmpty, "no client asks there either")
        try folder.setMode("open", 0o1777)
        #expect(AdminSocket.isUsable(place), "nobody can take away what is another one's")
    }

    @Test func thereIsAPlaceOfOnesOwnAsWell() throws {
        let folder = try TemporaryFolder()
        let addresses = AdminSocket.addresses([.init(path: folder.path("run"), isShared: false)], process: 42)
        let names = ["admin.sock", "admin-42.sock"].map { "unix:\(folder.path("run"))/\($0)" }
        #expect(addresses.map(\.description) == names)
        #expect(AdminSocket.addresses([.init(path: "/proc/none", isShared: false)]).isEmpty)
    }

    @Test func tablesAreAligned() {
        var table = TextTable(["NAME", "N", "END"], numbers: [1])
        table.append(["a", "10", "x"])
        table.append(["longer", "7", ""])
        #expect(table.text == "NAME     N  END\na       10  x\nlonger   7\n")
    }
}
