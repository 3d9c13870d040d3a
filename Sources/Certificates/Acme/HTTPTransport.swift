// Requests to an authority over HTTPS.
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// Speaks to one authority. It has to be closed.
package struct HTTPTransport: AcmeTransport {
    private static let largestAnswer = 1 << 20
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
        configuration.redirectConfiguration = .follow(max: 5, allowCycles: false)
        // The caller decides when to try again, and logs why.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        self.userAgent = userAgent
    }

    package func send(_ request: AcmeHTTPRequest) async throws -> AcmeHTTPResponse {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        outgoing.headers.add(name: "user-agent", value: userAgent)
        if !request.body.isEmpty {
            outgoing.headers.add(name: "content-type", value: "application/jose+json")
            outgoing.body = .bytes(ByteBuffer(bytes: request.body))
        }
        do {
            let response = try await client.execute(outgoing, timeout: .seconds(30))
            let body = try await response.body.collect(upTo: Self.largestAnswer)
            return AcmeHTTPResponse(
                status: Int(response.status.code), fields: Self.fields(response.headers),
                body: Array(body.readableBytesView))
        } catch let error as CancellationError {
            throw error
        } catch {
            throw AcmeError("no answer from \(request.url): \(error)")
        }
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
