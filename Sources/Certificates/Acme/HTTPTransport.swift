// Requests to an authority over HTTPS.
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// Speaks to one authority. It has to be closed.
package struct HTTPTransport: AcmeTransport {
    private static let largestAnswer = 1 << 20
    /// How long a request may take, answer included.
    private static let limit = Duration.seconds(60)
    private static let wanted = ["replay-nonce", "location", "retry-after", "content-type"]

    private let client: HTTPClient
    private let userAgent: String

    /// - Parameters:
    ///   - authorities: a PEM file with the roots that are trusted; `nil`: the system's.
    /// - Throws: when the file cannot be read.
    package init(authorities: String?, userAgent: String = "martlet") throws {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let authorities {
            do {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authorities))
            } catch {
                throw AcmeError("cannot read the authority's roots from \(authorities): \(error)")
            }
        }
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.timeout = .init(connect: .seconds(10), read: .seconds(30))
        // A signed message names the URL that it is for, so it is of no use elsewhere (RFC 8555 section 6.4).
        configuration.redirectConfiguration = .disallow
        // The caller decides when to try again, and logs why.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        self.userAgent = userAgent
    }

    package func send(_ request: AcmeHTTPRequest) async throws -> AcmeHTTPResponse {
        guard request.url.lowercased().hasPrefix("https://") else {
            throw AcmeError("\(request.url) is not asked: an authority has to be reached by https")
        }
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        outgoing.headers.add(name: "user-agent", value: userAgent)
        if !request.body.isEmpty {
            outgoing.headers.add(name: "content-type", value: "application/jose+json")
            outgoing.body = .bytes(ByteBuffer(bytes: request.body))
        }
        let (head, body) = try await HTTPExchange.perform(
            outgoing, client, limit: Self.limit, most: Self.largestAnswer)
        return AcmeHTTPResponse(status: Int(head.status.code), fields: Self.fields(head.headers), body: body)
    }

    package func close() async {
        // Nothing runs any longer, so there is nothing to be told of.
        try? await client.shutdown()
    }

    private static func fields(_ headers: HTTPHeaders) -> [String: String] {
        var fields: [String: String] = [:]
        for name in wanted { fields[name] = headers.first(name: name) }
        return fields
    }
}
