// A certificate authority for tests: pebble, of the makers of Let's Encrypt, and the DNS server that it asks.

/// Runs pebble and its DNS server on ports of 127.0.0.1 until nobody holds it any longer. Every name has the address
/// 127.0.0.1 there, and the TXT records that were set.
package final class Pebble: Sendable {
    /// The URL of its directory.
    package let directory: String
    /// A PEM file with the certificate that its HTTPS is checked against.
    package let authorities: String
    /// Where the DNS server is told of records: `POST /set-txt`, `POST /clear-txt`.
    package let records: String
    /// Where its root certificate is to be had.
    private let management: UInt16
    private let server: ChildProcess
    private let names: ChildProcess
    private let folder: TestFolder

    /// - Parameters:
    ///   - http: where it looks for http-01 answers.
    ///   - tls: where it looks for tls-alpn-01 certificates.
    ///   - rejectedNonces: how many in a hundred good nonces it refuses.
    ///   - binding: the id and the base64url key of an account binding, without which it takes no accounts then.
    ///   - validity: how many seconds its certificates are valid; years if it is not given.
    package init(
        http: UInt16, tls: UInt16 = 9, rejectedNonces: Int = 5, binding: (id: String, key: String)? = nil,
        validity: Int? = nil
    ) throws(TestFailure) {
        folder = try TestFolder()
        try Self.makeCertificate(folder)
        authorities = folder.path("pebble.pem")
        let asked = try Self.retrying { () throws(TestFailure) in try Self.startNames() }
        (names, records) = (asked.process, asked.records)
        let (folder, settings) = (folder, Settings(http: http, tls: tls, binding: binding, validity: validity))
        let environment = [
            "PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "\(rejectedNonces)", "PEBBLE_AUTHZREUSE": "0",
        ]
        (server, directory, management) = try Self.retrying { () throws(TestFailure) in
            let (port, management) = (try Self.freePort(), try Self.freePort())
            try folder.write(settings.text(folder, port, management), to: "pebble.json")
            let arguments = ["-config", folder.path("pebble.json"), "-dnsserver", asked.server, "-strict"]
            let server = try ChildProcess("pebble", arguments, environment: environment)
            try server.waitForOutput(containing: "Listening on: 127.0.0.1:\(port)")
            try Self.waitUntilConnectable(port, server)
            try Self.waitUntilConnectable(management, server)
            return (server, "https://127.0.0.1:\(port)/dir", management)
        }
    }

    /// Whether it is installed.
    package static var isInstalled: Bool { (try? ChildProcess.run("pebble", ["-h"])) != nil }

    /// The path of a PEM file with the root that vouches for the certificates it issues. It is another one each time that
    /// pebble starts.
    package func root() throws(TestFailure) -> String {
        let path = folder.path("root.pem")
        let url = "https://127.0.0.1:\(management)/roots/0"
        let (exit, _, errors) = try ChildProcess.run(
            "curl", ["-sSf", "--cacert", authorities, "--max-time", "8", "-o", path, url])
        if exit != .code(0) { throw TestFailure("no root from pebble: \(errors)") }
        return path
    }

    /// What it has written, for tests that fail.
    package var log: String { server.output + server.errors }

    private struct Settings {
        let http: UInt16
        let tls: UInt16
        let binding: (id: String, key: String)?
        let validity: Int?

        func text(_ folder: TestFolder, _ port: UInt16, _ management: UInt16) -> String {
            let keys = binding.map { #", "externalAccountMACKeys": {"\#($0.id)": "\#($0.key)"}"# } ?? ""
            let period = validity.map { #", "certificateValidityPeriod": \#($0)"# } ?? ""
            return #"""
                {"pebble": {"listenAddress": "127.0.0.1:\#(port)", "managementListenAddress": "127.0.0.1:\#(management)",
                "certificate": "\#(folder.path("pebble.pem"))", "privateKey": "\#(folder.path("pebble.key"))",
                "httpPort": \#(http), "tlsPort": \#(tls), "ocspResponderURL": "",
                "externalAccountBindingRequired": \#(binding != nil)\#(keys)\#(period)}}
                """#
        }
    }

    private static func makeCertificate(_ folder: TestFolder) throws(TestFailure) {
        let arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=pebble", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
            "-keyout", folder.path("pebble.key"), "-out", folder.path("pebble.pem"),
        ]
        let (exit, _, errors) = try ChildProcess.run("openssl", arguments)
        if exit != .code(0) { throw TestFailure("openssl req: \(errors)") }
    }

    private static func startNames() throws(TestFailure) -> (process: ChildProcess, server: String, records: String) {
        let (port, management) = (try freePort(), try freePort())
        let arguments = [
            "-dns01", "127.0.0.1:\(port)", "-management", "127.0.0.1:\(management)", "-defaultIPv4", "127.0.0.1",
            "-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", "",
        ]
        let names = try ChildProcess("pebble-challtestsrv", arguments)
        try waitUntilConnectable(management, names)
        return (names, "127.0.0.1:\(port)", "http://127.0.0.1:\(management)")
    }

    /// A port that is free now; somebody else may have it in a moment, so callers try again.
    private static func freePort() throws(TestFailure) -> UInt16 { try ReservedPort().port }

    private static func retrying<Value>(_ body: () throws(TestFailure) -> Value) throws(TestFailure) -> Value {
        for _ in 1...4 { if let value = try? body() { return value } }
        return try body()
    }

    private static func waitUntilConnectable(_ port: UInt16, _ process: ChildProcess) throws(TestFailure) {
        // It does not say when it listens, so it is tried; who is refused looks again a moment later.
        let never = Monitor(false)
        for _ in 1...1_000 where process.isRunning {
            if let socket = try? TestSocket(port: port) { return socket.close() }
            _ = never.wait(.milliseconds(10)) { $0 ? true : nil }
        }
        throw TestFailure("nobody listens on \(port): \(process.output) \(process.errors)")
    }
}
