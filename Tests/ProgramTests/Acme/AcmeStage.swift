// What tests with a certificate authority share: pebble, ports that it comes to, and a config that asks it.
import Foundation
import MartletTestSupport
import Testing

/// On CI it has to be there; elsewhere the tests are skipped without it.
let hasPebble = ProcessInfo.processInfo.environment["CI"] == "true" || Pebble.isInstalled

/// An authority, and the proxy's ports that it looks at.
final class AcmeStage: Sendable {
    let pebble: Pebble
    let origin: Origin
    /// Where certificates are kept; it outlives the proxy.
    let folder: TestFolder
    private let plain: ReservedPort
    private let secure: ReservedPort

    init(rejectedNonces: Int = 5, validity: Int? = nil) throws {
        plain = try ReservedPort(isShared: true)
        secure = try ReservedPort(isShared: true)
        folder = try TestFolder()
        origin = try Origin()
        pebble = try Pebble(
            http: plain.port, tls: secure.port, rejectedNonces: rejectedNonces, validity: validity)
    }

    var storage: String { folder.path("acme") }

    /// A proxy with a listener `plain`, and a listener `tls` whose certificate is from the authority.
    /// - Parameters:
    ///   - acme: more of the section `acme`, one setting each.
    ///   - directory: of another authority.
    func config(_ names: [String], _ acme: [String] = [], directory: String? = nil) -> String {
        AcmeStage.config(
            names, directory ?? pebble.directory, acme + ["ca: \(pebble.authorities)", "storage: \(storage)"],
            ports: (plain.port, secure.port), origin: origin.address)
    }

    static func config(
        _ names: [String], _ directory: String, _ acme: [String], ports: (plain: UInt16, secure: UInt16) = (0, 0),
        origin: String
    ) -> String {
        let domains = names.map { "\"\($0)\"" }.joined(separator: ", ")
        let more = acme.map { "        \($0)\n" }.joined()
        return """
            workers: 1
            listeners:
              - {address: "127.0.0.1:\(ports.plain)", name: plain}
              - address: 127.0.0.1:\(ports.secure)
                name: tls
                tls:
                  acme:
                    domains: [\(domains)]
                    directory: \(directory)
            \(more)
            admin: {address: "127.0.0.1:0"}
            routes: [{upstream: app}]
            upstreams: {app: {servers: ["\(origin)"]}}
            """
    }

    /// The files under the storage with their modes: `accounts/default.json 600`.
    func files() throws -> [String] {
        let found = try ChildProcess.run("find", [storage, "-printf", "%P %m %y\n"]).output
        return found.split(separator: "\n").map(String.init).sorted()
    }
}

extension RunningMartlet {
    /// Waits until clients who trust nobody but `authority` are served under `name`.
    func waitUntilTrusted(_ name: String, _ authority: String, _ limit: Duration = .seconds(30)) throws {
        try eventually("a certificate for \(name)", limit) {
            try curlResult(name, authority: authority).exit == .code(0)
        }
    }

    /// The pin of the key that is presented.
    func presentedPin(_ name: String) throws -> String {
        let port = try port(of: "tls")
        let script = """
            openssl s_client -connect 127.0.0.1:\(port) -servername \(name) </dev/null 2>/dev/null |
            openssl x509 -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256
            """
        return try ChildProcess.run("sh", ["-c", script]).output
    }
}
