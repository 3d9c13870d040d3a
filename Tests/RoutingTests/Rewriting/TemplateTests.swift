import MartletHTTPCore
import Testing

@testable import MartletRouting

@Suite struct TemplateTests {
    @Test func readsTextsAndVariables() throws {
        let template = try Template(parsing: "a{client.ip}-{field.X-User}{{b}}")
        #expect(
            template.parts == [
                .text("a"), .variable(.clientAddress), .text("-"), .variable(.field("x-user")), .text("{b}"),
            ])
        #expect(template.places == [0..<1, 1..<12, 12..<13, 13..<27, 27..<32])
        #expect(try Template(parsing: "").parts == [])
    }

    @Test(arguments: [
        ("{client.id}", 0..<11), ("x{field.}", 1..<9), ("{field.a b}", 0..<11), ("{query.a&b}", 0..<11), ("{}", 0..<2),
        ("ab{host", 2..<7), ("a}b", 1..<2), ("{Host}", 0..<6), ("{cookie.ä}", 0..<11),
    ])
    func saysWhereTheMistakeIs(text: String, place: Range<Int>) {
        #expect(throws: TemplateError.self) { try Template(parsing: text) }
        do throws(TemplateError) {
            _ = try Template(parsing: text)
        } catch {
            #expect(error.place == place)
        }
    }

    @Test(arguments: [
        "https://{host}{uri}", "http://a.test/x?y={query.z}", "/new{path}", "{path}", "{uri}", "{scheme}://www.a.test/",
        "//a.test{uri}", "https://{host}:8443{path}", "https://a.test?q={field.x}", "https://www.{host}/",
    ])
    func leadsToWhereTheConfigSays(text: String) throws {
        try TemplateUse.location.check(try Template(parsing: text))
    }

    /// Whatever a client writes must not choose the host.
    @Test(arguments: [
        "{query.next}", "https://{query.host}/", "https://{field.x-host}{uri}", "https://a{cookie.c}", "//{query.a}/",
        "{scheme}://{path}", "https://", "https:///x", "a.test/x", "javascript:alert(1)",
        "ftp://a.test/", "/a b", "/\\a",
        "https://user@a.test/", "https://a.test@{host}/", "{host}/x", "https://{query.a}.a.test/", "",
    ])
    func doesNotLeadToAnywhere(text: String) throws {
        let template = try Template(parsing: text)
        #expect(throws: TemplateError.self) { try TemplateUse.location.check(template) }
    }

    @Test(arguments: [
        (TemplateUse.path, "x"), (.path, "/a?b"), (.path, "/a#b"), (.path, "{path}"), (.path, "/{uri}"),
        (.path, "/a\\b"),
        (.requestField, "{server.address}"), (.parameter, "{server.address}"), (.location, "/{server.address}"),
        (.responseField, "a\u{7}b"), (.requestField, "a\r\nb"),
    ])
    func refusesWhatDoesNotFit(use: TemplateUse, text: String) throws {
        let template = try Template(parsing: text)
        #expect(throws: TemplateError.self) { try use.check(template) }
    }

    @Test func aRestNeedsAPrefix() throws {
        let template = try Template(parsing: "/new/{rest}")
        try TemplateUse.path.check(template)
        let scope = TemplateScope(path: try PathPattern(parsing: "/old"), hasRest: false)
        #expect(throws: TemplateError.self) { try TemplateUse.path.check(template, in: scope) }
    }

    // MARK: Captures

    @Test func readsCaptures() throws {
        let template = try Template(parsing: "{path.id}{match.0}{match.12}{match.name_1}")
        let expected: [TemplateVariable] = [.segment("id"), .group("0"), .group("12"), .group("name_1")]
        #expect(template.variables == expected)
        for text in ["{path.}", "{path.1}", "{path.a-b}", "{match.}", "{match.01}", "{match.123}", "{match.1a}"] {
            #expect(throws: TemplateError.self, "\(text)") { try Template(parsing: text) }
        }
    }

    @Test func namesAreThoseOfTheRoute() throws {
        let path = TemplateScope(path: try PathPattern(parsing: "/users/{id}/photos/{n}/*"), hasRest: true)
        let expression = TemplateScope(expression: try Expression(parsing: "^/(a)/(?<b>c)"), hasRest: false)
        let both = path.with(groupsOf: try Expression(parsing: "(x)"))
        let expected: [(String, TemplateScope, String?)] = [
            ("/{path.id}/{path.n}/{rest}", path, nil), ("/{match.0}{match.1}{match.2}{match.b}", expression, nil),
            ("/{path.id}{match.1}", both, nil), ("/{path.any}{match.any}", .unknown, nil),
            ("/{path.no}", path, "there is '{path.id}' and '{path.n}'"),
            ("/{path.no}", expression, "the route has 'regex', whose groups are '{match.1}' and so on"),
            ("/{match.3}", expression, "there is '{match.0}', '{match.1}' and '{match.b}'"),
            ("/{match.c}", expression, "there is '{match.0}', '{match.1}' and '{match.b}'"),
            ("/{match.2}", both, "there is '{match.0}' and '{match.1}'"), ("/{match.1}", path, "none"),
        ]
        for (text, scope, hint) in expected {
            let template = try Template(parsing: text)
            do throws(TemplateError) {
                try TemplateUse.path.check(template, in: scope)
                #expect(hint == nil, "\(text)")
            } catch {
                #expect((error.hint ?? "none") == hint, "\(text): \(error.message)")
                #expect(error.place.lowerBound == 1, "\(text)")
            }
        }
    }

    @Test(arguments: ["{host}", "{path.a}.b.test", "x-{match.1}.b.test:80", "{path.a}{match.b}"])
    func hostsMayHaveCaptures(text: String) throws { try TemplateUse.host.check(try Template(parsing: text)) }

    @Test(arguments: ["{path}", "{field.x}.b.test", "{path.a}/b", "a b{path.a}", "{path.a}:x", "{query.q}", ""])
    func otherHostsAreRefused(text: String) throws {
        let template = try Template(parsing: text)
        #expect(throws: TemplateError.self) { try TemplateUse.host.check(template) }
    }

    @Test func knowsHosts() {
        for host in ["a", "a.b", "a.b.", "A-1_x.test:80", "[::1]", "[::1]:8080", "127.0.0.1", "a:"] {
            let isHost = HostText.isHost(host.utf8.span)
            #expect(isHost, "\(host)")
        }
        for host in [
            "", ".", ".a", "a..b", "a b", "a/b", "a%2eb", "a@b", "a,b", "a;b", ":80", "a:b", "a:80:80", "a:99999",
            "[::1",
            "[x]", "ä", "a\r\nb", "a.b..", "..", "a!b",
        ] {
            let isHost = HostText.isHost(host.utf8.span)
            #expect(!isHost, "\(host)")
        }
    }

    // MARK: Values

    private func written(_ text: String, as coding: TemplateCoding) -> String {
        var writer = HeadWriter(capacity: 1_000)
        writer.write(text.utf8.span, as: coding)
        var bytes: [UInt8] = []
        for index in writer.bytes.indices { bytes.append(writer.bytes[index]) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func nothingEndsALine() {
        for byte in UInt8.min...UInt8.max {
            let text = String(decoding: [0x61, byte, 0x62], as: UTF8.self)
            for coding in [TemplateCoding.field, .url, .component, .codedComponent] {
                let result = written(text, as: coding)
                #expect(!result.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }, "\(byte) \(coding)")
                if coding != .field { #expect(result.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "\(byte)") }
            }
        }
    }

    @Test func valuesAreEncodedForTheirPlace() {
        #expect(written("a\r\nX: y", as: .field) == "a??X: y")
        #expect(written("/a%2Fb\\c", as: .url) == "/a%2Fb%5Cc")
        #expect(written("//evil.test/?a=b&c%20", as: .component) == "%2F%2Fevil.test%2F%3Fa%3Db%26c%2520")
        #expect(written("a%20b%2fc%zz/", as: .codedComponent) == "a%20b%2fc%25zz%2F")
        #expect(PercentEncoding.encoded("a b/ä") == "a%20b%2F%C3%A4")
    }
}
