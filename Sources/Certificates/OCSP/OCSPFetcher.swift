// What an authority says of a certificate right now, for stapling.
import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import SwiftASN1
import X509

/// What has become of a response.
package enum OCSPNews: Equatable, Sendable {
    /// A new one has come.
    case fetched(OCSPStaple)
    /// None was to be had. The one before stays good until it runs out.
    case failed
    /// There is none any longer that may be stapled.
    case lost
}

/// Keeps responses for certificates fresh.
package struct OCSPFetcher: Sendable {
    /// Sends a request to a responder's URL; what it answers.
    package typealias Transport = @Sendable (_ url: String, _ request: [UInt8]) async throws -> [UInt8]

    private let logger: Logger
    private let time: AcmeTime
    private let transport: Transport

    package init(
        logger: Logger, time: AcmeTime = .system,
        transport: @escaping Transport = { try await post($0, $1) }
    ) {
        self.logger = logger
        self.time = time
        self.transport = transport
    }

    /// Fetches now and again, until the task is cancelled, and tells what becomes of it.
    /// - Parameters:
    ///   - leaf: the certificate, DER.
    ///   - issuer: that of the authority that issued it, DER.
    package func keep(leaf: [UInt8], issuer: [UInt8], tell: @Sendable (OCSPNews) async -> Void) async {
        var schedule = OCSPSchedule()
        while !Task.isCancelled {
            switch schedule.step(now: time.now()) {
            case .wait(let end):
                do { try await time.sleep(until: end) } catch { return }
            case .drop:
                logger.error("the OCSP response has run out, and there is no new one: nothing is stapled any longer")
                schedule.dropped()
                await tell(.lost)
            case .fetch:
                for news in await fetch(leaf, issuer, &schedule) { await tell(news) }
            }
        }
    }

    private func fetch(_ leaf: [UInt8], _ issuer: [UInt8], _ schedule: inout OCSPSchedule) async -> [OCSPNews] {
        do {
            let staple = try await fetch(leaf: leaf, issuer: issuer)
            schedule.fetched(thisUpdate: staple.thisUpdate, nextUpdate: staple.nextUpdate, now: time.now())
            return [.fetched(staple)]
        } catch is OCSPStaple.Revoked {
            logger.critical("the certificate has been REVOKED by its authority: clients will refuse it; replace it")
            schedule.failed(now: time.now())
            defer { schedule.dropped() }
            return schedule.end == nil ? [.failed] : [.failed, .lost]
        } catch {
            if Task.isCancelled { return [] }
            schedule.failed(now: time.now())
            let rest = schedule.end.map { "; the one before is good until \(Timestamps.text($0))" } ?? ""
            logger.warning("no OCSP response: \(error)\(rest)")
            return [.failed]
        }
    }

    /// Fetches one response, and checks it.
    /// - Throws: when there is none that may be stapled.
    package func fetch(leaf leafBytes: [UInt8], issuer issuerBytes: [UInt8]) async throws -> OCSPStaple {
        let leaf = try Certificate(derEncoded: leafBytes)
        let issuer = try Certificate(derEncoded: issuerBytes)
        guard let url = Self.url(of: leaf) else { throw AcmeError("the certificate does not name a responder") }
        let bytes = try await transport(url, try OCSPCertificateID(leaf: leaf, issuer: issuer).request())
        do {
            return try OCSPStaple(bytes, leaf: leaf, issuer: issuer, now: time.now())
        } catch let error as OCSPStaple.Revoked {
            throw error
        } catch {
            throw AcmeError("the response of \(url) cannot be used: \(error)")
        }
    }

    /// Where the certificate says that its authority is asked (RFC 5280 section 4.2.2.1).
    static func url(of certificate: Certificate) -> String? {
        let access = try? certificate.extensions.authorityInformationAccess
        return access?.lazy.compactMap { description -> String? in
            guard description.method == .ocspServer, case .uniformResourceIdentifier(let url) = description.location
            else { return nil }
            return url
        }.first
    }

    /// One for all responders, for as long as the process runs.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.timeout = .init(connect: .seconds(10), read: .seconds(10))
        configuration.redirectConfiguration = .follow(max: 3, allowCycles: false)
        // The schedule decides when to try again.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Sends a request by HTTP (RFC 6960 appendix A); an answer of more than 64 KiB is refused.
    /// - Parameter limit: how long it may take, answer included.
    package static func post(
        _ url: String, _ body: [UInt8], limit: Duration = .seconds(15)
    ) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/ocsp-request")
        request.headers.add(name: "accept", value: "application/ocsp-response")
        request.body = .bytes(ByteBuffer(bytes: body))
        let (head, answer) = try await HTTPExchange.perform(
            request, client, of: "the responder ", limit: limit, most: 64 << 10)
        if head.status != .ok { throw AcmeError("the responder \(url) answered \(head.status.code)") }
        return answer
    }
}
