import Testing

@testable import MartletGuarding

@Suite struct PathFormTests {
    @Test(arguments: [
        ("/admin", "/admin"), ("/", "/"), ("", "/"), ("/a/", "/a/"), ("/%61dmin", "/admin"), ("/a%2Fb", "/a/b"),
        ("/x/%2e%2e/admin", "/admin"), ("/x/..%2fadmin", "/admin"), ("//admin", "/admin"), ("/a//b", "/a/b"),
        ("/x\\..\\admin", "/admin"), ("/x/%5C../admin", "/admin"), ("/./admin/.", "/admin/"),
        ("/../../admin", "/admin"),
        ("/a/..", "/"), ("/caf%C3%A9", "/café"), ("/%zz", "/%zz"), ("/%2", "/%2"), ("/%", "/%"), ("/%252e", "/%2e"),
        ("/...", "/..."), ("/.well-known/x", "/.well-known/x"), ("/ADMIN", "/ADMIN"),
    ])
    func spellingsBecomeOne(path: String, plain: String) {
        let form = String(decoding: PathForm.plain(path.utf8.span), as: UTF8.self)
        #expect(form == plain)
        // Whatever looks unambiguous stays as it is.
        if !PathForm.isAmbiguous(path.utf8.span) && !path.isEmpty { #expect(form == path) }
    }

    @Test func whatIsPlainIsNotAmbiguous() {
        for path in ["/", "/a", "/a/b.txt", "/a/", "/ADMIN", "/a;b=c", "/a..b"] {
            let isAmbiguous = PathForm.isAmbiguous(path.utf8.span)
            #expect(!isAmbiguous, "\(path)")
        }
        for path in ["/%61", "/a//b", "/a\\b", "/.", "/a/../b", "//a", "/.git"] {
            let isAmbiguous = PathForm.isAmbiguous(path.utf8.span)
            #expect(isAmbiguous, "\(path)")
        }
    }
}
