// An authority made with openssl, which answers OCSP requests over HTTP.
import Foundation
import MartletTestSupport
import Synchronization

/// Issues a leaf, and answers for it as it is told to.
final class OpenSSLAuthority: Sendable {
    /// What the responder does.
    enum Answer: Sendable {
        case good, revoked, unknown
        /// Signed by somebody whom the authority has not asked to.
        case stranger
        /// About another certificate.
        case other
        case notFound, garbage, nothing
    }

    private let folder: TestFolder
    private let state: Monitor<(answer: Answer, requests: [[UInt8]])>
    private let server: ScriptedServer

    /// - Parameter delegated: whether a certificate of its own signs the responses, instead of the authority's.
    init(
        _ answer: Answer = .good, delegated: Bool = true, key: [String] = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    ) throws {
        let (folder, state) = (try TestFolder(), Monitor<(answer: Answer, requests: [[UInt8]])>((answer, [])))
        (self.folder, self.state) = (folder, state)
        server = try ScriptedServer { socket, _ in
            guard let request = try socket.readRequest() else { return }
            let answer = state.change { state in
                state.requests.append(request.content)
                return state.answer
            }
            try Self.answer(answer, request.content, socket, folder, delegated)
        }
        try Self.issue(folder, server.port, key)
    }

    /// The leaf and its issuer, DER.
    var leaf: [UInt8] { get throws { try der("leaf") } }
    var issuer: [UInt8] { get throws { try der("ca") } }
    /// All requests so far.
    var requests: [[UInt8]] { state.value.requests }
    /// Where the leaf says that the responder is.
    var url: String { "http://127.0.0.1:\(server.port)/ocsp" }

    func set(_ answer: Answer) { state.change { $0.answer = answer } }

    /// What openssl says of a request or response.
    func text(_ option: String, _ bytes: [UInt8]) throws -> String {
        let path = folder.path("shown.der")
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try Self.openssl(["ocsp", option, path, "-text", "-noverify"])
    }

    private func der(_ name: String) throws -> [UInt8] {
        let path = folder.path(name + ".der")
        _ = try Self.openssl(["x509", "-in", folder.path(name + ".pem"), "-outform", "DER", "-out", path])
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    private static func issue(_ folder: TestFolder, _ port: UInt16, _ key: [String]) throws {
        func make(_ name: String, _ extensions: String..., by issuer: String?, serial: String) throws {
            var arguments = ["req", "-x509", "-newkey"] + key + ["-nodes", "-days", "30", "-subj", "/CN=\(name)"]
            arguments += [
                "-keyout", folder.path(name + ".key"), "-out", folder.path(name + ".pem"), "-set_serial", serial,
            ]
            for text in extensions { arguments += ["-addext", text] }
            if let issuer {
                arguments += ["-CA", folder.path(issuer + ".pem"), "-CAkey", folder.path(issuer + ".key")]
            }
            _ = try openssl(arguments)
        }
        try make("ca", by: nil, serial: "1")
        try make("stranger", by: nil, serial: "1")
        let access = "authorityInfoAccess=OCSP;URI:http://127.0.0.1:\(port)/ocsp"
        try make("leaf", access, "basicConstraints=critical,CA:FALSE", by: "ca", serial: "0x80AB12")
        try make("other", access, by: "ca", serial: "0x33")
        try make("signer", "extendedKeyUsage=OCSPSigning", by: "ca", serial: "2")
        try folder.write(
            "V\t400101000000Z\t\t80AB12\tunknown\t/CN=leaf\nV\t400101000000Z\t\t33\tunknown\t/CN=other\n", to: "good")
        try folder.write("R\t400101000000Z\t250101000000Z\t80AB12\tunknown\t/CN=leaf\n", to: "revoked")
        try folder.write("", to: "unknown")
    }

    private static func answer(
        _ answer: Answer, _ request: [UInt8], _ socket: TestSocket, _ folder: TestFolder, _ delegated: Bool
    ) throws {
        let signer = delegated ? "signer" : "ca"
        switch answer {
        case .good: try send(try respond(request, "good", signer, folder), socket)
        case .revoked: try send(try respond(request, "revoked", signer, folder), socket)
        case .unknown: try send(try respond(request, "unknown", signer, folder), socket)
        case .stranger: try send(try respond(request, "good", "stranger", folder), socket)
        case .other: try send(try respond(nil, "good", signer, folder), socket)
        case .notFound: try send([], socket, status: "404 Not Found")
        case .garbage: try send(Array("garbage".utf8), socket)
        case .nothing: return
        }
    }

    private static func respond(
        _ request: [UInt8]?, _ index: String, _ signer: String, _ folder: TestFolder
    ) throws -> [UInt8] {
        let (asked, answered) = (folder.path("request.der"), folder.path("response.der"))
        var arguments = ["ocsp", "-index", folder.path(index), "-CA", folder.path("ca.pem"), "-ndays", "4"]
        arguments += ["-rsigner", folder.path(signer + ".pem"), "-rkey", folder.path(signer + ".key")]
        if let request {
            try Data(request).write(to: URL(fileURLWithPath: asked))
            arguments += ["-reqin", asked]
        } else {
            arguments += ["-issuer", folder.path("ca.pem"), "-serial", "0x33"]
        }
        _ = try openssl(arguments + ["-respout", answered, "-noverify"])
        return Array(try Data(contentsOf: URL(fileURLWithPath: answered)))
    }

    private static func send(_ bytes: [UInt8], _ socket: TestSocket, status: String = "200 OK") throws {
        try socket.send("HTTP/1.1 \(status)\r\nContent-Length: \(bytes.count)\r\nConnection: close\r\n\r\n")
        try socket.send(bytes)
    }

    private static func openssl(_ arguments: [String]) throws -> String {
        let (exit, output, errors) = try ChildProcess.run("openssl", arguments)
        if exit != .code(0) { throw TestFailure("openssl \(arguments.joined(separator: " ")): \(errors)") }
        return output
    }
}
