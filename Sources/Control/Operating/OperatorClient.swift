// Asking a running Martlet, on behalf of commands.
import AsyncHTTPClient
import MartletProxyConfig
import NIOCore
import NIOHTTP1
import NIOSSL

/// What a command line says of where to ask, and with what right.
package struct OperatorAccess: Sendable {
    /// The address; without one it is `MARTLET_ADMIN`, or is looked for.
    package var admin: String?
    /// The config that says where it is.
    package var config: String?
    package var tokenFile: String?
    /// The authorities of its certificate, and a certificate to show.
    package var caFile: String?
    package var certificateFile: String?
    package var keyFile: String?

    package init() {}

    func place() throws(OperatorFailure) -> AdminPlace {
        if let admin = admin ?? ProcessEnvironment.value("MARTLET_ADMIN"), config == nil || self.admin != nil {
            return try AdminPlace(parsing: admin)
        }
        if let config, let place = try AdminPlace.of(try configuration(config)) { return place }
        return try AdminPlace.search()
    }

    private func configuration(_ path: String) throws(OperatorFailure) -> Configuration {
        let check = ConfigurationCheck(path: path)
        guard let configuration = check.configuration else {
            throw OperatorFailure(code: ExitStatus.configuration, message: check.text(colour: false))
        }
        return configuration
    }

    /// From the file, or else from `MARTLET_ADMIN_TOKEN`.
    func token() throws(OperatorFailure) -> String? {
        guard let tokenFile else { return ProcessEnvironment.value("MARTLET_ADMIN_TOKEN") }
        let text = String(decoding: try Self.read(tokenFile), as: UTF8.self)
        return String(text.prefix { !$0.isNewline })
    }

    static func read(_ path: String) throws(OperatorFailure) -> [UInt8] {
        do {
            return try FileBytes.read(path)
        } catch {
            throw OperatorFailure(code: ExitStatus.unavailable, message: "cannot read \(path): \(error)")
        }
    }
}

/// A question.
package struct OperatorQuestion: Sendable {
    let method: String
    let path: String
    var content: JSONText?
    var match: String?
    /// How long the answer may take, in seconds.
    package var patience = 120

    package init(_ method: String, _ path: String, _ content: JSONText? = nil) {
        self.method = method
        self.path = path
        self.content = content
    }
}

/// Asks.
package struct OperatorClient: Sendable {
    /// The most bytes of an answer.
    private static let limit = 256 << 20

    private let place: AdminPlace
    private let token: String?
    private let tls: TLSConfiguration

    package init(_ access: OperatorAccess) throws(OperatorFailure) {
        place = try access.place()
        token = try access.token()
        tls = try Self.tls(access)
    }

    private static func tls(_ access: OperatorAccess) throws(OperatorFailure) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        do {
            if let file = access.caFile {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(try OperatorAccess.read(file)))
            }
            if let file = access.certificateFile {
                let chain = try NIOSSLCertificate.fromPEMBytes(try OperatorAccess.read(file))
                let key = try OperatorAccess.read(access.keyFile ?? file)
                tls.certificateChain = chain.map { .certificate($0) }
                tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: key, format: .pem))
            }
        } catch let error as OperatorFailure {
            throw error
        } catch {
            throw OperatorFailure(
                code: ExitStatus.unavailable, message: "a certificate or key cannot be used: \(error)")
        }
        return tls
    }

    /// The JSON of the answer; `.null` when there is no content.
    func ask(_ question: OperatorQuestion) throws(OperatorFailure) -> JSONText {
        try value(try text(question))
    }

    /// The same for a caller that does not wait.
    package func read(_ question: OperatorQuestion) async throws(OperatorFailure) -> JSONText {
        try value(try content(await answer(question)))
    }

    private func value(_ bytes: [UInt8]) throws(OperatorFailure) -> JSONText {
        if bytes.isEmpty { return .null }
        do throws(JSONFault) {
            return try JSONText(reading: bytes)
        } catch {
            throw OperatorFailure(
                code: ExitStatus.unavailable, message: "\(place.text) does not answer as Martlet does: \(error.message)"
            )
        }
    }

    /// The content of the answer.
    func text(_ question: OperatorQuestion) throws(OperatorFailure) -> [UInt8] {
        try content(Blocking.run { await answer(question) })
    }

    private func content(_ result: Result<(Int, [UInt8]), OperatorFailure>) throws(OperatorFailure) -> [UInt8] {
        let (status, content): (Int, [UInt8])
        switch result {
        case .success(let answer): (status, content) = answer
        case .failure(let error): throw error
        }
        if (200..<300).contains(status) { return content }
        throw OperatorFailure(status: status, content, place)
    }

    private func answer(_ question: OperatorQuestion) async -> Result<(Int, [UInt8]), OperatorFailure> {
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.httpVersion = .http1Only
        configuration.timeout = .init(connect: .seconds(Int64(min(10, question.patience))))
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let result: Result<(Int, [UInt8]), OperatorFailure>
        do {
            let response = try await client.execute(request(question), timeout: .seconds(Int64(question.patience)))
            let body = try await response.body.collect(upTo: Self.limit)
            result = .success((Int(response.status.code), Array(body.readableBytesView)))
        } catch {
            result = .failure(
                OperatorFailure(
                    code: ExitStatus.unavailable,
                    message: "is martlet running? \(place.text) does not answer: \(Self.reason(error))"))
        }
        try? await client.shutdown()
        return result
    }

    private func request(_ question: OperatorQuestion) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: place.url + question.path)
        request.method = HTTPMethod(rawValue: question.method)
        // Of a Unix socket the URL's host is a path, which is no name.
        if place.path != nil { request.headers.add(name: "Host", value: "localhost") }
        if let token { request.headers.add(name: "Authorization", value: "Bearer " + token) }
        if let match = question.match { request.headers.add(name: "If-Match", value: match) }
        if let content = question.content {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: content.compact))
        }
        return request
    }

    private static func reason(_ error: any Error) -> String {
        if let error = error as? IOError { return "\(error)" }
        return "\(error)"
    }
}

extension OperatorFailure {
    /// What a Martlet has answered instead of doing it.
    fileprivate init(status: Int, _ content: [UInt8], _ place: AdminPlace) {
        let json = try? JSONText(reading: content)
        var message = String(decoding: content.prefix(1_000), as: UTF8.self)
        if case .string(let detail)? = json?["detail"] { message = detail }
        if case .string(let text)? = json?["text"] { message = text + message }
        for line in json?.list("lines") ?? [] { message += "\n  " + line.plain }
        for misfit in json?.list("errors") ?? [] {
            message += "\n  \(misfit.words("pointer").drop { $0 == "/" }): \(misfit.words("message"))"
        }
        let code: Int32 =
            switch status {
            case 401, 403: ExitStatus.noRight
            case 502...504: ExitStatus.unavailable
            case 409 where json?["diagnostics"] != nil: ExitStatus.configuration
            // It was done, and came to nothing.
            case 409 where json?["lines"] != nil: ExitStatus.unavailable
            default: ExitStatus.refused
            }
        if code == ExitStatus.noRight { message += "\n(\(place.text); --token-file FILE, or MARTLET_ADMIN_TOKEN)" }
        self.init(code: code, message: message)
    }
}
