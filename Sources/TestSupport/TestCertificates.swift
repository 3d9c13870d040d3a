// Certificates for tests, made with the program `openssl` while the tests run: nothing of them is in the repository, and
// none of them expires.

/// An authority of its own, in a folder of its own, that is removed when nobody holds it any longer. The authority's
/// certificate is in `authority`; `leaf` issues.
///
///     let certificates = try TestCertificates()
///     let server = try certificates.leaf(["example.test", "*.example.test", "127.0.0.1"])
///     // server.chain and server.key are paths, server.chainPEM and server.keyPEM what is in the files
package final class TestCertificates: Sendable {
    /// Kinds of keys.
    package enum Key: String, Sendable, CaseIterable {
        case p256, p384, p521, rsa2048, ed25519

        fileprivate var arguments: String {
            switch self {
            case .p256: "ec -pkeyopt ec_paramgen_curve:P-256"
            case .p384: "ec -pkeyopt ec_paramgen_curve:P-384"
            case .p521: "ec -pkeyopt ec_paramgen_curve:P-521"
            case .rsa2048: "rsa:2048"
            case .ed25519: "ed25519"
            }
        }
    }

    /// From when to when a certificate is valid, as `openssl ca` takes it: `YYYYMMDDHHMMSSZ`.
    package struct Validity: Sendable {
        package var start: String
        package var end: String

        /// Between two points in time.
        package init(from start: String, to end: String) {
            self.start = start
            self.end = end
        }

        /// Long.
        package static let valid = Validity(from: "20200101000000Z", to: "20990101000000Z")
        /// No longer.
        package static let expired = Validity(from: "20200101000000Z", to: "20210101000000Z")
        /// Not yet.
        package static let future = Validity(from: "20900101000000Z", to: "20990101000000Z")
    }

    /// A certificate with its key.
    package struct Leaf: Sendable {
        /// The path of a file with the certificate and, where an intermediate authority has issued it, that one's.
        package var chain: String
        /// The path of a file with the key.
        package var key: String
        /// What is in the file `chain`.
        package let chainPEM: [UInt8]
        /// What is in the file `key`.
        package let keyPEM: [UInt8]
        /// The certificate's serial number, in hexadecimal digits.
        package let serial: String
    }

    /// The path of the folder, in which a test may put files of its own.
    package let folder: String
    /// The path of a file with the authority's certificate.
    package var authority: String { folder + "/ca.pem" }
    /// The authority's certificate.
    package let authorityPEM: [UInt8]
    /// What is sent behind a leaf: the intermediate authority's certificate.
    private let appended: String
    private let turn = Monitor(0)

    /// An authority with this name, that vouches for itself, or that `parent` vouches for.
    package init(_ name: String = "Test Authority", issuedBy parent: TestCertificates? = nil) throws(TestFailure) {
        folder = "/tmp/martlet-ca-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        let request = "openssl req -config ca.cnf -new -newkey \(Key.p256.arguments) -nodes -keyout ca.key"
        let subject = Self.quoted("/CN=" + name)
        var script = """
            mkdir '\(folder)' && cd '\(folder)' && umask 077
            cat > ca.cnf <<'END'
            \(Self.configuration)
            END
            : > index.txt; echo 1000 > serial; echo 01 > crlnumber

            """
        if let parent {
            script += """
                \(request) -subj \(subject) -out ca.csr
                echo 'basicConstraints=critical,CA:TRUE' > ca.ext
                cd '\(parent.folder)' && openssl ca -batch -notext -config ca.cnf -in '\(folder)/ca.csr' \
                -out '\(folder)/ca.pem' -extfile '\(folder)/ca.ext' -startdate 20200101000000Z -enddate 20990101000000Z
                cat '\(folder)/ca.pem'
                """
            authorityPEM = Array(try parent.inTurn { () throws(TestFailure) in try Self.run(script) }.utf8)
            appended = folder + "/ca.pem"
        } else {
            script += """
                \(request) -x509 -days 3650 -subj \(subject) -out ca.pem -addext basicConstraints=critical,CA:TRUE \
                -addext keyUsage=critical,keyCertSign,cRLSign && cat ca.pem
                """
            authorityPEM = Array(try Self.run(script).utf8)
            appended = ""
        }
    }

    deinit { _ = try? Self.run("rm -rf '\(folder)'") }

    /// Issues a certificate.
    /// - Parameters:
    ///   - names: DNS names, IP addresses, URIs and email addresses; what they are is seen.
    ///   - subject: as `openssl` takes it; without, the common name is the first name.
    ///   - extensions: more lines for the certificate, such as `authorityInfoAccess=OCSP;URI:http://…`.
    package func leaf(
        _ names: [String], key: Key = .p256, valid: Validity = .valid, subject: String? = nil, extensions: [String] = []
    ) throws(TestFailure) -> Leaf {
        try inTurn { () throws(TestFailure) in
            let name = "leaf" + String(UInt64.random(in: 0 ... .max), radix: 36)
            var lines = extensions
            if !names.isEmpty { lines.append("subjectAltName=" + names.map(Self.alternative).joined(separator: ",")) }
            let subject = Self.quoted(subject ?? "/CN=" + String((names.first ?? "nobody").prefix(60)))
            let script = """
                cd '\(folder)' && umask 077
                openssl req -config ca.cnf -new -newkey \(key.arguments) -nodes -keyout \(name).key -out \(name).csr \
                -subj \(subject)
                cat > \(name).ext <<'END'
                \((["basicConstraints=CA:FALSE"] + lines).joined(separator: "\n"))
                END
                openssl ca -batch -notext -config ca.cnf -in \(name).csr -out \(name).crt -extfile \(name).ext \
                -startdate \(valid.start) -enddate \(valid.end)
                cat \(name).crt \(appended.isEmpty ? "" : "'\(appended)'") > \(name).pem
                openssl x509 -in \(name).crt -noout -serial; cat \(name).pem; echo =; cat \(name).key
                """
            let parts = try Self.run(script).split(separator: "\n=\n", maxSplits: 1)
            guard parts.count == 2, let end = parts[0].firstIndex(of: "\n") else {
                throw TestFailure("openssl has made no certificate for \(names)")
            }
            let chain = String(parts[0][parts[0].index(after: end)...]) + "\n"
            return Leaf(
                chain: "\(folder)/\(name).pem", key: "\(folder)/\(name).key", chainPEM: Array(chain.utf8),
                keyPEM: Array(parts[1].utf8), serial: String(parts[0][..<end].dropFirst("serial=".count)))
        }
    }

    /// Revokes certificates, and issues the list of all that are revoked; the path of the list's file, and what is in it.
    @discardableResult
    package func revoke(_ leaves: [Leaf]) throws(TestFailure) -> (path: String, pem: [UInt8]) {
        try inTurn { () throws(TestFailure) in
            let revocations = leaves.map { "openssl ca -config ca.cnf -revoke '\($0.chain.dropLast(3))crt'" }
            let script =
                (["cd '\(folder)'"] + revocations + ["openssl ca -config ca.cnf -gencrl -out crl.pem", "cat crl.pem"])
                .joined(separator: "\n")
            return (folder + "/crl.pem", Array(try Self.run(script).utf8))
        }
    }

    /// The authority's word on whether a certificate is revoked (OCSP, RFC 6960), in DER form: good for a week.
    package func ocspResponse(for leaf: Leaf) throws(TestFailure) -> [UInt8] {
        let output = try run(
            """
            openssl ocsp -issuer ca.pem -cert '\(leaf.chain.dropLast(3))crt' -reqout ocsp.req >&2
            openssl ocsp -index index.txt -CA ca.pem -rsigner ca.pem -rkey ca.key -reqin ocsp.req -respout ocsp.der \
            -ndays 7 >&2
            od -An -v -tx1 ocsp.der
            """)
        return output.split(whereSeparator: \.isWhitespace).compactMap { UInt8($0, radix: 16) }
    }

    /// Runs a script with `openssl` in the folder; what it wrote.
    @discardableResult
    package func run(_ script: String) throws(TestFailure) -> String {
        try inTurn { () throws(TestFailure) in try Self.run("cd '\(folder)'\n" + script) }
    }

    // MARK: Inside

    /// The authority's index takes one at a time.
    private func inTurn<Result>(_ body: () throws(TestFailure) -> Result) throws(TestFailure) -> Result {
        let isOurs = turn.wait { holders -> Bool? in
            if holders > 0 { return nil }
            holders = 1
            return true
        }
        if isOurs == nil { throw TestFailure("the authority is busy for too long") }
        defer { turn.change { $0 = 0 } }
        return try body()
    }

    private static func run(_ script: String) throws(TestFailure) -> String {
        let result = try ChildProcess.run("sh", ["-e", "-c", script])
        if result.exit != .code(0) { throw TestFailure("openssl: \(result.errors)") }
        return result.output
    }

    private static func quoted(_ text: String) -> String { "'" + text + "'" }

    private static func alternative(_ name: String) -> String {
        if name.contains("://") { return "URI:" + name }
        if name.contains("@") { return "email:" + name }
        let isAddress = name.contains(":") || name.allSatisfy { $0 == "." || $0.isNumber }
        return (isAddress ? "IP:" : "DNS:") + name
    }

    private static let configuration = """
        [ca]
        default_ca=authority
        [authority]
        database=index.txt
        serial=serial
        crlnumber=crlnumber
        new_certs_dir=.
        certificate=ca.pem
        private_key=ca.key
        default_md=sha256
        default_crl_days=30
        unique_subject=no
        policy=any
        [any]
        countryName=optional
        organizationName=optional
        organizationalUnitName=optional
        commonName=optional
        [req]
        distinguished_name=name
        [name]
        """
}
