// Clients with tokens that somebody has signed.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct TokenTests {
    private static func config(_ app: Origin, _ jwt: String, _ more: String = "") -> String {
        AdmissionConfigs.asking("{jwt: {\(jwt)}}", before: app, more)
    }

    private static func run(_ jwt: String, app: Origin? = nil, _ test: (RunningMartlet) throws -> Void) throws {
        let folder = try TestFolder()
        try folder.write(TokenGolden.secret + "\n", to: "secret")
        try folder.write(TokenGolden.set, to: "set")
        for (name, key) in TokenGolden.keys { try folder.write(key, to: name + ".pem") }
        let app = try app ?? Origin()
        let martlet = try RunningMartlet(config(app, jwt), folder: folder)
        try withExtendedLifetime(app) {
            do {
                try test(martlet)
            } catch {
                throw TestFailure("\(error)\nmartlet's standard error:\n\(martlet.errors)")
            }
            try martlet.stop()
        }
    }

    /// A token with these claims, signed by HS256 with the secret, or what else `change` makes of its head.
    private static func token(_ claims: String, head: String = #"{"alg":"HS256"}"#) throws -> String {
        let message = [head, claims].map { Data($0.utf8).base64EncodedString().urlSafe }.joined(separator: ".")
        let key = TokenGolden.secret.utf8.map { String(format: "%02x", $0) }.joined()
        let script =
            "printf %s '\(message)' | openssl dgst -sha256 -mac HMAC -macopt hexkey:\(key) -binary | base64 -w0"
        return message + "." + (try ChildProcess.run("sh", ["-c", script]).output).urlSafe
    }

    private static func bearer(_ token: String) -> String { "Authorization: Bearer \(token)" }

    private static let all =
        "algorithms: [HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, "
        + "ES512, EdDSA]"
    private static let pems =
        "keyFiles: [FOLDER/rsa.pem, FOLDER/p256.pem, FOLDER/p384.pem, FOLDER/p521.pem, FOLDER/ed.pem]"

    // MARK: Algorithms

    @Test(arguments: ["jwksFile: FOLDER/set", pems]) func tokensOfAnotherLibraryAreGood(keys: String) throws {
        let app = try Origin { response(200, "\($0["X-User"] ?? "-") \($0["X-Roles"] ?? "-")") }
        let settings = "issuer: https://issuer.test, audience: [api, other], claims: {role: ops}"
        let fields = "fields: {X-User: sub, X-Roles: role, X-None: none}"
        try Self.run("\(Self.all), secretFile: FOLDER/secret, \(keys), \(settings), \(fields)", app: app) {
            martlet throws in
            for (algorithm, token) in TokenGolden.tokens {
                let answer = try martlet.request(
                    "GET /\(algorithm)", [Self.bearer(token), "X-User: root", "X_Roles: root"])
                #expect(answer.status == 200 && answer.text == "ann dev, ops", "\(algorithm)")
                #expect(try martlet.accessLogLine(target: "/\(algorithm)")["user"] == "ann")
                // One character of the signature differs.
                var wrong = Array(token.utf8)
                wrong[wrong.count - 20] = wrong[wrong.count - 20] == 0x41 ? 0x42 : 0x41
                let refused = try martlet.request("GET /", [Self.bearer(String(decoding: wrong, as: UTF8.self))])
                #expect(refused.status == 401, "\(algorithm)")
                #expect(refused["WWW-Authenticate"] == #"Bearer realm="Martlet", error="invalid_token""#)
            }
            #expect(app.requests.allSatisfy { $0["X_Roles"] == nil && $0["X-None"] == nil })
            _ = try martlet.request("GET /open", ["X-Roles: root"])
            #expect(try app.lastRequest["X-Roles"] == nil)
        }
    }

    /// What everybody may know is no secret, and who signs does not say how that is checked.
    @Test func algorithmsAreNotConfused() throws {
        let settings = ["jwksFile: FOLDER/set", Self.pems].map { "\(Self.all), secretFile: FOLDER/secret, \($0)" }
        for setting in settings {
            try Self.run(setting) { martlet throws in
                for token in TokenGolden.confused + [TokenGolden.unsigned] {
                    #expect(try martlet.request("GET /", [Self.bearer(token)]).status == 401)
                }
            }
        }
        try Self.run("algorithms: [RS256], jwksFile: FOLDER/set") { martlet throws in
            for (algorithm, token) in TokenGolden.tokens {
                let status = try martlet.request("GET /", [Self.bearer(token)]).status
                #expect(status == (algorithm == "RS256" ? 200 : 401), "\(algorithm)")
            }
        }
        // Its own algorithm, another one's signature.
        let parts = try #require(TokenGolden.tokens["RS256"]).split(separator: ".")
        let head = Data(#"{"alg":"PS256","typ":"JWT","kid":"rsa"}"#.utf8).base64EncodedString().urlSafe
        try Self.run("\(Self.all), secretFile: FOLDER/secret, jwksFile: FOLDER/set") { martlet throws in
            let token = "\(head).\(parts[1]).\(parts[2])"
            #expect(try martlet.request("GET /", [Self.bearer(token)]).status == 401)
        }
    }

    // MARK: Claims

    @Test func claimsAreLookedAt() throws {
        let now = Int(Date().timeIntervalSince1970)
        let settings =
            "algorithms: [HS256], secretFile: FOLDER/secret, issuer: [a, b], audience: shop, leeway: 10s, "
            + "claims: {scope: [write, admin], realm.roles: ops, level: 3, https://x.test/ok: true}, realm: 'A \"b\"'"
        let good =
            #""iss":"b","aud":"shop","scope":"read write","realm":{"roles":["dev","ops"]},"level":3,"https://x.test/ok":true"#
        try Self.run(settings) { martlet throws in
            func status(_ claims: String, head: String = #"{"alg":"HS256"}"#) throws -> Int {
                try martlet.request("GET /", [Self.bearer(try Self.token("{\(claims)}", head: head))]).status
            }
            #expect(try status("\(good),\"exp\":\(now + 60)") == 200)
            // Within the leeway.
            #expect(try status("\(good),\"exp\":\(now - 5)") == 200)
            #expect(try status("\(good),\"exp\":\(now + 60),\"nbf\":\(now + 5)") == 200)
            #expect(try status("\(good),\"exp\":\(now + 60).5") == 200)
            #expect(try status("\(good),\"exp\":\(now - 20)") == 401)
            #expect(try status("\(good),\"exp\":\(now + 60),\"nbf\":\(now + 30)") == 401)
            #expect(try status(good) == 401)
            #expect(try status("\(good),\"exp\":\"\(now + 60)\"") == 401)
            #expect(try status("\(good),\"exp\":\(now + 60),\"nbf\":\"now\"") == 401)
            let valid = "\(good),\"exp\":\(now + 60)"
            for (from, to) in [
                (#""iss":"b""#, #""iss":"c""#), (#""iss":"b","#, ""), (#""iss":"b""#, #""iss":["b"]"#),
                (#""aud":"shop""#, #""aud":["a","b"]"#), (#""aud":"shop","#, ""),
            ] {
                #expect(try status(valid.replacing(from, with: to)) == 401, "\(to)")
            }
            #expect(try status(valid.replacing(#""aud":"shop""#, with: #""aud":["x","shop"]"#)) == 200)
            for (from, to) in [
                ("read write", "read writes"), (#""scope":"read write","#, ""), (#"["dev","ops"]"#, #"["dev"]"#),
                (#""roles":["dev","ops"]"#, #""roles":{"ops":1}"#), (#""level":3"#, #""level":4"#),
                (#"ok":true"#, #"ok":false"#),
            ] {
                let answer = try martlet.request(
                    "GET /", [Self.bearer(try Self.token("{\(valid.replacing(from, with: to))}"))])
                #expect(answer.status == 403, "\(to)")
                #expect(answer["WWW-Authenticate"] == #"Bearer realm="A \"b\"", error="insufficient_scope""#)
            }
            let expired = try martlet.request("GET /late", [Self.bearer(try Self.token("{\(good),\"exp\":1}"))])
            #expect(expired["WWW-Authenticate"]?.hasSuffix(#"error_description="The token has expired""#) == true)
            #expect(try martlet.accessLogLine(target: "/late")["error"] == "not authenticated: it has expired")
            // Heads that ask for more than is known, or are none.
            for head in [
                #"{"alg":"HS256","crit":["exp"]}"#, #"{"alg":"hs256"}"#, #"{"alg":["HS256"]}"#, "{}", "[]", "x", "",
            ] {
                #expect(try status(valid, head: head) == 401, "\(head)")
            }
            #expect(try status(valid, head: #"{"alg":"HS256","kid":"whatever","typ":"at+jwt"}"#) == 200)
            let metrics = try martlet.metrics
            #expect(metrics["martlet_jwt_checks_total{outcome=\"good\"}"] == 6)
            #expect(metrics["martlet_exchanges_suspended"] == 0)
        }
    }

    @Test func whatIsNoTokenIsRefused() throws {
        try Self.run("algorithms: [HS256], secretFile: FOLDER/secret, tokenSize: 1KiB") { martlet throws in
            let missing = try martlet.request("GET /")
            #expect(missing.status == 401 && missing["WWW-Authenticate"] == #"Bearer realm="Martlet""#)
            let good = try Self.token(#"{"exp":4102444800}"#)
            #expect(try martlet.request("GET /", ["authorization: bearer   \(good)"]).status == 200)
            let parts = good.split(separator: ".")
            for text in [
                "a", "..", "a.b.c", "\(good).", ".\(good)", "\(good).\(parts[0])", "\(parts[0]).\(parts[1])",
                "\(parts[0]).\(parts[1]).", "\(good)=", "\(good)A", " ", String(repeating: "a", count: 2_000),
                "\(good) x",
            ] {
                #expect(try martlet.request("GET /", ["Authorization: Bearer \(text)"]).status == 401, "\(text)")
            }
            for field in ["Authorization: Basic \(good)", "Authorization: Bearer", "Authorization: \(good)"] {
                #expect(try martlet.request("GET /", [field]).status == 401, "\(field)")
            }
            #expect(try martlet.request("GET /", [Self.bearer(good), Self.bearer(good)]).status == 401)
            let call = ["Content-Type: application/grpc", "TE: trailers"]
            #expect(try martlet.request("POST /a.B/C", call, content: "\0\0\0\0\0")["grpc-status"] == "16")
        }
    }

    @Test func tokensMayBeElsewhere() throws {
        let keys = "algorithms: [HS256], secretFile: FOLDER/secret, requireExpiry: false"
        let good = try Self.token(#"{"sub":"ann"}"#)
        try Self.run("\(keys), cookie: token, query: access_token, cache: off") { martlet throws in
            #expect(try martlet.request("GET /", [Self.bearer(good)]).status == 200)
            #expect(try martlet.request("GET /", ["Cookie: a=b; token=\(good); c"]).status == 200)
            #expect(try martlet.request("GET /?a=b&access_token=\(good)").status == 200)
            #expect(try martlet.request("GET /", ["Cookie: token=\(good); token=x"]).status == 401)
            #expect(try martlet.request("GET /", ["Cookie: token=x", Self.bearer(good)]).status == 200)
            #expect(try martlet.request("GET /", ["Cookie: xtoken=\(good)"]).status == 401)
        }
        try Self.run("\(keys), header: X-Token") { martlet throws in
            #expect(try martlet.request("GET /", ["X-Token: \(good)"]).status == 200)
            #expect(try martlet.request("GET /", [Self.bearer(good)]).status == 401)
        }
        try Self.run("\(keys), header: off, query: t") { martlet throws in
            #expect(try martlet.request("GET /?t=\(good)").status == 200)
            #expect(try martlet.request("GET /", [Self.bearer(good)]).status == 401)
        }
    }

    // MARK: Keys that change

    @Test func keysAreReadAgain() throws {
        try Self.run("algorithms: [HS256], secretFile: FOLDER/secret") { martlet throws in
            let token = Self.bearer(try Self.token(#"{"exp":4102444800}"#))
            for _ in 0..<2 { #expect(try martlet.request("GET /", [token]).status == 200) }
            #expect(try martlet.metrics["martlet_jwt_checks_total{outcome=\"remembered\"}"] == 1)
            try martlet.folder.write(String(repeating: "x", count: 40), to: "secret")
            try eventually("the new secret") { try martlet.request("GET /", [token]).status == 401 }
        }
    }

    @Test func keysAreFetched() throws {
        let isGood = Monitor(false)
        let set = Monitor(TokenGolden.set.replacing("\"rsa\"", with: "\"older\""))
        let service = try Origin { _ in isGood.value ? response(200, set.value) : response(500) }
        let keys = "algorithms: [RS256, ES256], jwksURL: 'http://\(service.address)/keys', jwksInterval: 1h"
        try Self.run(keys.replacing("1h", with: "10s")) { martlet throws in
            let tokens = try ["RS256", "ES256"].map { Self.bearer(try #require(TokenGolden.tokens[$0])) }
            #expect(try martlet.request("GET /", [tokens[1]]).status == 503)
            isGood.change { $0 = true }
            try eventually("the keys", .seconds(30)) { try martlet.request("GET /", [tokens[1]]).status == 200 }
            // The id of a key that is not known, and a service that has it by now.
            #expect(try martlet.request("GET /", [tokens[0]]).status == 401)
            set.change { $0 = TokenGolden.set }
            try eventually("the new key", .seconds(30)) { try martlet.request("GET /", [tokens[0]]).status == 200 }
            // What is there stays in force.
            set.change { $0 = "{\"keys\":[]}" }
            try eventually("a failure", .seconds(30)) {
                try martlet.metrics["martlet_jwks_fetches_total{outcome=\"failed\"}"] ?? 0 >= 2
            }
            for token in tokens { #expect(try martlet.request("GET /", [token]).status == 200) }
            // Whatever clients say, it is asked now and then only.
            let before = service.requests.count
            let other = try #require(TokenGolden.tokens["ES256"]).split(separator: ".")
            for index in 0..<20 {
                let head = Data(#"{"alg":"ES256","kid":"k\#(index)"}"#.utf8).base64EncodedString().urlSafe
                let token = "\(head).\(other[1]).\(other[2])"
                #expect(try martlet.request("GET /", [Self.bearer(token)]).status == 401)
            }
            #expect(service.requests.count <= before + 1)
            #expect(martlet.errors.contains("the keys of tokens could not be fetched"))
        }
    }

    // MARK: Files that are of no use

    @Test func unsafeKeysAreErrors() throws {
        let folder = try TestFolder()
        let app = try Origin()
        func errors(_ jwt: String, _ content: String) throws -> String {
            let key = try folder.write(content, to: "key")
            let file = try folder.write(Self.config(app, jwt.replacing("KEY", with: key)), to: "martlet.yaml")
            let result = try program("check", file)
            #expect(result.has(code: 78))
            return result.errors
        }
        #expect(
            try errors("algorithms: [HS512], secretFile: KEY", TokenGolden.secret.dropLast(1) + "\n").contains(
                "63 bytes are too short a secret for HS512"))
        #expect(try errors("algorithms: [RS256], keyFiles: [KEY]", "x").contains("no public key in the form of PEM"))
        let secret = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
        #expect(try errors("algorithms: [RS256], keyFiles: [KEY]", secret).contains("a private key is in it"))
        #expect(try errors("algorithms: [RS256], jwksFile: KEY", "{}").contains("no set of keys in JSON"))
        #expect(
            try errors("algorithms: [RS256], jwksFile: KEY", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AA\"}]}").contains(
                "no key of a kind"))
    }

    /// More than may wait are told so.
    @Test func checksAreBounded() throws {
        try Self.run("algorithms: [RS256], jwksFile: FOLDER/set, queue: 1, cache: off") { martlet throws in
            let token = try #require(TokenGolden.tokens["RS256"])
            let clients = try (0..<200).map { index in
                let client = try martlet.connect()
                // Each is another one, so that each is checked.
                try client.send(requestText("GET /", [Self.bearer(token.dropLast(4) + String(format: "%04d", index))]))
                return client
            }
            for client in clients { #expect([401, 503].contains(try client.readResponse().status)) }
            #expect(try martlet.request("GET /", [Self.bearer(token)]).status == 200)
        }
    }
}

extension String {
    /// Base64 as it is written in tokens.
    fileprivate var urlSafe: String {
        replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
