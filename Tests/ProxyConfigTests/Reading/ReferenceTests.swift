import Foundation
import MartletHTTPCore
import MartletProxyConfig
import MartletTestSupport
import Testing

/// Variables of the environment, and secrets from files.
struct ReferenceTests {
    private static let environment = [
        "PORT": "8080", "EMPTY": "", "HOST": "app.example.com", "WAIT": "3s", "EVIL": "a\n  b: c, [d]", "OFF": "off",
        "SECRET_NAME": "key", "STAR": "*.example.com", "REF": "${PORT}",
    ]

    private static func check(
        _ text: String, folder: TestFolder? = nil, environment: [String: String] = environment
    ) throws(ConfigurationErrors) -> CheckedConfiguration {
        let file = folder?.path("martlet.yaml") ?? "martlet.yaml"
        return try ConfigurationLoader.check(text, file: file, surroundings: Surroundings { environment[$0] })
    }

    private static func headlines(_ text: String, folder: TestFolder? = nil) -> [String] {
        do throws(ConfigurationErrors) {
            return try check(text, folder: folder).warnings.map { "\($0.line):\($0.column): \($0.headline)" }
        } catch {
            return error.diagnostics.map { "\($0.line):\($0.column): \($0.headline)" }
        }
    }

    /// Typed as if it were written there.
    @Test(
        arguments: [
            ("workers: ${PORT}", "workers: 8080"), ("timeouts: {idle: '${WAIT}'}", "timeouts: {idle: '3s'}"),
            ("timeouts: {idle: \"${NONE:-4s}\"}", "timeouts: {idle: 4s}"), ("timeouts: {idle: ${EMPTY:-4s}}", ""),
            ("timeouts:\n  idle: ${EMPTY:-4s}", "timeouts: {idle: 4s}"),
            ("timeouts:\n  idle: ${NONE:-${WAIT}}", "timeouts: {idle: 3s}"),
            ("admin: ${OFF}", "admin: off"), ("workers: ${NONE:-auto}", "workers: auto"),
        ])
    func valuesAreWhatTheyWouldBe(written: String, meant: String) throws {
        if meant.isEmpty { return }
        var environment = Self.environment
        environment["PORT"] = "80"
        let start = "listeners: [{address: ':1'}]\n"
        let meant = meant.replacing("8080", with: "80")
        #expect(
            try Self.check(start + written, environment: environment).configuration
                == Self.check(start + meant).configuration)
    }

    @Test func partsOfValuesAreReplaced() throws {
        let text = """
            listeners: [{address: "127.0.0.1:${PORT}"}]
            routes:
              - host: ${STAR}
                path: /a
                regex: ^/v[0-9]+$
                requestFields: {set: {X-Client: "{client.ip} ${HOST} $5${NONE:-}"}}
                upstream: a
            upstreams: {a: {servers: ["${HOST}:${PORT}"]}}
            """
        let route = try Self.check(text.replacing("    path: /a\n", with: "")).configuration.routes[0]
        #expect(route.host == ["*.example.com"] && route.regex == "^/v[0-9]+$")
        #expect(route.requestFields.set[0].value == "{client.ip} app.example.com $5")
        let checked = try Self.check(text.replacing("    regex: ^/v[0-9]+$\n", with: ""))
        #expect(checked.configuration.upstreams[0].servers[0].address.description == "app.example.com:8080")
    }

    /// What a variable holds is one value, and not looked into again.
    @Test func nothingIsReadAsYAML() throws {
        let start =
            "listeners: [{address: ':1'}]\nroutes:\n  - upstream: a\n    requestFields:\n      set:\n        X-A: "
        let end = "\nupstreams: {a: {servers: ['a:1']}}\n"
        let answer = "listeners: [{address: ':1'}]\nroutes:\n  - respond: {body: \"${REF} $${PORT} ${EVIL}\"}\n"
        #expect(
            try Self.check(answer).configuration.routes[0].respond?.body == "${PORT} ${PORT} a\n  b: c, [d]")
        let lines = Self.headlines(start + "${EVIL}" + end)
        #expect(lines.count == 1 && lines[0].hasPrefix("6:14: "), "\(lines)")
        #expect(Self.headlines("listeners: [{address: ':1'}]\n${HOST}: 1\n")[0].contains("unknown key '${HOST}'"))
    }

    @Test(
        arguments: [
            (
                "workers: ${NONE}",
                "2:10: the environment has no variable 'NONE'; set it, or write ${NONE:-VALUE} to have a default"
            ),
            (
                "workers: x${NONE",
                "2:10: the reference '${NONE' is not closed; close it with '}', or write '$${' if no reference is meant"
            ),
            (
                "workers: ${1}",
                "2:10: '${1}' is not a reference; references are ${NAME}, ${NAME:-default}, ${file:PATH} and ${credential:NAME}; write '$${' if none is meant"
            ),
            (
                "workers: ${A-b}",
                "2:10: '${A-b}' is not a reference; references are ${NAME}, ${NAME:-default}, ${file:PATH} and ${credential:NAME}; write '$${' if none is meant"
            ),
            (
                "workers: ${WAIT}",
                "2:10: '3s' is not a whole number; expected 'auto' or a whole number between 1 and 256"
            ),
            (
                "workers: '${PORT}'",
                "2:10: '8080' is a text; expected 'auto' or a whole number between 1 and 256; leave the quotes away"
            ),
            ("workers: ${EMPTY}", "2:10: 'workers' has no value; expected 'auto' or a whole number between 1 and 256"),
            (
                "workers: ${credential:x}",
                "2:10: there are no credentials: CREDENTIALS_DIRECTORY is not set; systemd sets it for units with LoadCredential="
            ),
            ("workers: ${credential:../x}", "2:10: '../x' is not the name of a credential"),
        ])
    func whatLeadsNowhereIsSaidWithItsPlace(line: String, expected: String) {
        #expect(Self.headlines("listeners: [{address: ':1'}]\n\(line)\n") == [expected])
    }

    @Test func theWholeValueIsMarked() {
        let text = "listeners: [{address: ':1'}]\nworkers: \"${NONE:-x}y\"\n"
        let errors = #expect(throws: ConfigurationErrors.self) { try Self.check(text) }
        #expect(
            errors?.text(colour: false).hasSuffix("    workers: \"${NONE:-x}y\"\n             ^~~~~~~~~~~~~\n") == true)
    }

    // MARK: Secrets

    private static let secret = String(repeating: "s3cr3t-", count: 6)

    private static func sticky(_ value: String) -> String {
        """
        listeners: [{address: ":1"}]
        routes: [{upstream: a}]
        upstreams: {a: {servers: ["a:1"], sticky: {secret: "\(value)"}}}

        """
    }

    @Test func secretsComeFromFiles() throws {
        let folder = try TestFolder()
        let path = try folder.write(Self.secret + "\r\n\n", to: "secret")
        for written in ["${file:secret}", "${file:./secret}", "${file:\(path)}"] {
            let checked = try Self.check(Self.sticky(written), folder: folder)
            #expect(checked.configuration.upstreams[0].sticky?.secret == Self.secret)
            #expect(checked.sources.watched.contains { $0.hasSuffix("/secret") })
        }
        let named = try Self.check(
            Self.sticky("${credential:secret}"), environment: ["CREDENTIALS_DIRECTORY": folder.path])
        #expect(named.configuration.upstreams[0].sticky?.secret == Self.secret)
    }

    /// Also one that could not be read.
    @Test func secretsThatHaveChangedSinceTheyWereReadAreNoticed() throws {
        let folder = try TestFolder()
        let main = try folder.write(Self.sticky("${file:secret}"), to: "martlet.yaml")
        let broken = #expect(throws: ConfigurationErrors.self) { try ConfigurationLoader.check(path: main) }
        #expect(broken?.sources.isUpToDate == true)
        _ = try folder.write(Self.secret, to: "secret")
        #expect(broken?.sources.isUpToDate == false)
        let sources = try ConfigurationLoader.check(path: main).sources
        #expect(sources.isUpToDate && !"\(sources)".replacing(sources.main, with: "").contains(Self.secret))
        _ = try folder.write(Self.secret + "2", to: "secret")
        #expect(!sources.isUpToDate)
    }

    @Test(
        arguments: [
            ("${file:none}", "cannot read the file 'FOLDER/none': there is no such file"),
            ("${file:}", "'${file:}' names no file; write ${file:/run/secrets/NAME}"),
            ("${file:.}", "cannot read 'FOLDER/.': it is not a file"),
            ("${file:large}", "the file 'FOLDER/large' is larger than 64 KiB, which no secret is"),
            ("${file:binary}", "the file 'FOLDER/binary' is not text in UTF-8"),
        ])
    func filesThatHoldNoSecretAreRefused(written: String, expected: String) throws {
        let folder = try TestFolder()
        _ = try folder.write(String(repeating: "x", count: (64 << 10) + 1), to: "large")
        try Data([0x61, 0xFF]).write(to: URL(fileURLWithPath: folder.path("binary")))
        let lines = Self.headlines(Self.sticky(written), folder: folder)
        // Long paths are cut in messages.
        let short = expected.prefix { $0 != "'" }
        #expect(lines.count == 1 && lines[0].hasPrefix("3:52: " + short), "\(lines)")
        if !expected.contains("FOLDER") { #expect(lines == ["3:52: " + expected]) }
    }

    /// In no message, whatever is wrong with it, and not in what is shown of the config.
    @Test(
        arguments: [
            "workers: ${file:secret}", "log: {level: '${file:secret}'}", "timeouts: {idle: x${file:secret}}",
            "trustedProxies: ['${file:secret}']", "access: [{action: '${file:secret}'}]",
            "limits: '${file:secret}'", "cors: {origins: ['*'], maxAge: '${file:secret}'}",
            "admin: {address: '${file:secret}'}",
            "routes: [{upstream: '${file:secret}'}]", "routes: [{path: '/${file:secret}?'}]",
            "routes: [{respond: {status: 200}, requestFields: {set: {X-A: \"\\n${file:secret}\"}}}]",
        ])
    func secretsAreInNoMessage(line: String) throws {
        let folder = try TestFolder()
        _ = try folder.write("hunter2-hunter2", to: "secret")
        let errors = #expect(throws: ConfigurationErrors.self) {
            try Self.check("listeners: [{address: ':1'}]\n\(line)\n", folder: folder)
        }
        let text = try #require(errors?.text(colour: false))
        #expect(!text.lowercased().contains("hunter2") && text.contains("martlet.yaml:2:"), "\(text)")
    }

    @Test func secretsAreNotInTheDocument() throws {
        let folder = try TestFolder()
        _ = try folder.write(Self.secret, to: "secret")
        let text =
            Self.sticky("${file:secret}") + "workers: ${WORKERS:-2}\nrates: {grace: 1m}\nlog: {level: \"info\"}\n"
        let document = try Self.check(text, folder: folder).tree?.json.compact
        #expect(
            document == """
                {"listeners":[{"address":":1"}],"routes":[{"upstream":"a"}],\
                "upstreams":{"a":{"servers":["a:1"],"sticky":{"secret":"(secret)"}}},\
                "workers":2,"rates":{"grace":"1m"},"log":{"level":"info"}}
                """)
        // The same of one that stands in the file.
        #expect(try Self.check(Self.sticky(Self.secret)).tree?.json.compact.contains("s3cr3t") == false)
    }
}
