// What tests with TLS share: certificates, config files, and clients that speak TLS.
import Foundation
import MartletTestSupport

/// A proxy's config with a listener for TLS named `tls`, which presents these certificates.
enum SecureConfigs {
    /// - Parameters:
    ///   - tls: more lines of the listener's `tls` section.
    ///   - upstream: more lines of the upstream `app`.
    ///   - more: more sections of the file.
    static func proxy(
        to servers: [String], _ leaves: [TestCertificates.Leaf], tls: [String] = [], upstream: [String] = [],
        _ more: String = ""
    ) -> String {
        let certificates = leaves.map { "          - {certificate: \($0.chain), key: \($0.key)}\n" }.joined()
        return """
            workers: 1
            listeners:
              - address: 127.0.0.1:0
                name: tls
                tls:
                  certificates:
            \(certificates)\(tls.map { "      \($0)\n" }.joined())
            admin:
              address: 127.0.0.1:0
              token: \(Configs.token)
              hosts: [test]
            routes:
              - upstream: app
            upstreams:
              app:
                servers: [\(servers.map { "\"\($0)\"" }.joined(separator: ", "))]
            \(upstream.map { "    \($0)\n" }.joined())
            \(more)
            """
    }
}

extension RunningMartlet {
    /// What curl says of a request by https to a name that leads to the listener `tls`.
    /// - Throws: when curl fails, with its words.
    func curl(
        _ name: String, _ path: String = "/", _ arguments: [String] = [], authority: String? = nil
    ) throws -> String {
        let result = try curlResult(name, path, arguments, authority: authority)
        if result.exit != .code(0) { throw TestFailure("curl: \(result.exit) \(result.errors)") }
        return result.output
    }

    /// The same with the exit code.
    func curlResult(
        _ name: String, _ path: String = "/", _ arguments: [String] = [], authority: String? = nil
    ) throws -> (exit: ChildProcess.Exit, output: String, errors: String) {
        let port = try port(of: "tls")
        var all = ["-sS", "--max-time", "8", "--resolve", "\(name):\(port):127.0.0.1"]
        if let authority { all += ["--cacert", authority] }
        return try ChildProcess.run("curl", all + arguments + ["https://\(name):\(port)\(path)"])
    }

    /// What `openssl s_client` says of a connection, whose input ends at once.
    func opensslClient(_ arguments: [String]) throws -> String {
        let port = try port(of: "tls")
        let command = (["openssl", "s_client", "-connect", "127.0.0.1:\(port)"] + arguments).joined(separator: " ")
        let result = try ChildProcess.run("sh", ["-c", command + " </dev/null 2>&1"])
        return result.output
    }

    /// The server's certificate's serial number, as a client sees it that asks for `name`.
    func presentedSerial(_ name: String, _ arguments: [String] = []) throws -> String {
        let port = try port(of: "tls")
        let client =
            "openssl s_client -connect 127.0.0.1:\(port) -servername \(name) \(arguments.joined(separator: " "))"
        let script = client + " </dev/null 2>/dev/null | openssl x509 -noout -serial"
        return try ChildProcess.run("sh", ["-c", script]).output.replacing("serial=", with: "").replacing(
            "\n", with: "")
    }
}
