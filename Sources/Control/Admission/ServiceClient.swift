// Asking other services over HTTP, with bounds for whatever they may do.
import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization

/// What a service has answered.
struct ServiceAnswer: Sendable {
    let status: Int
    let fields: [(name: String, value: String)]
    /// `nil` when there is more than was wanted, or it did not come in time.
    let content: [UInt8]?
}

/// Why there is no answer, for the log.
struct ServiceFailure: Error, Sendable, Equatable {
    let reason: String
}

/// Asks services. Connections are kept for the next questions.
struct ServiceClient: Sendable {
    private struct Kind: Hashable {
        let roots: [UInt8]
        let connections: Int
    }

    /// For as long as the process runs: there are as many as configs ask for.
    private static let clients = Mutex<[Kind: HTTPClient]>([:])

    private let client: HTTPClient

    /// - Parameters:
    ///   - roots: the authorities of certificates, in PEM; `nil` for those of the system.
    ///   - connections: about how many to one service.
    /// - Throws: when the authorities are none.
    init(roots: [UInt8]?, connections: Int) throws(ServiceFailure) {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let roots {
            guard let authorities = try? NIOSSLCertificate.fromPEMBytes(roots), !authorities.isEmpty else {
                throw ServiceFailure(reason: "no certificates in the form of PEM")
            }
            tls.trustRoots = .certificates(authorities)
        }
        client = Self.clients.withLock { clients in
            let kind = Kind(roots: roots ?? [], connections: connections)
            if let known = clients[kind] { return known }
            let new = Self.make(tls, connections)
            clients[kind] = new
            return new
        }
    }

    private static func make(_ tls: TLSConfiguration, _ connections: Int) -> HTTPClient {
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        // Each question has a time of its own.
        configuration.timeout = .init(connect: .seconds(10))
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.connectionPool = .init(
            idleTimeout: .seconds(30), concurrentHTTP1ConnectionsPerHostSoftLimit: connections)
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Sends a GET and reads the answer.
    /// - Parameters:
    ///   - end: when there is no more time for it.
    ///   - most: how many bytes of content are taken.
    ///   - isWanted: whether the content is waited for, by the status.
    func get(
        _ url: String, _ fields: [(name: String, value: String)], until end: ContinuousClock.Instant, most: Int,
        isWanted: (Int) -> Bool = { _ in true }
    ) async throws(ServiceFailure) -> ServiceAnswer {
        var request = HTTPClientRequest(url: url)
        for field in fields { request.headers.add(name: field.name, value: field.value) }
        let head: HTTPClientResponse
        do {
            head = try await firstOrSecond(request, until: end)
        } catch {
            throw ServiceFailure(reason: error is TookTooLong ? "no answer in time" : "\(error)")
        }
        let answer = head.headers.map { (name: $0.name, value: $0.value) }
        let status = Int(head.status.code)
        guard isWanted(status) else {
            // It is read all the same, so that the connection can be used again.
            Task { _ = await Self.content(of: head, until: end, most: most) }
            return ServiceAnswer(status: status, fields: answer, content: nil)
        }
        // What the status says counts, whatever becomes of the content.
        let content = await Self.content(of: head, until: end, most: most)
        return ServiceAnswer(status: status, fields: answer, content: content)
    }

    private static func content(
        of head: HTTPClientResponse, until end: ContinuousClock.Instant, most: Int
    ) async -> [UInt8]? {
        try? await within(end) {
            let body = try await head.body.collect(upTo: most)
            return Array(body.readableBytesView)
        }
    }

    /// A connection that was kept may be closed just when the question comes, so it is asked once more.
    private func firstOrSecond(
        _ request: HTTPClientRequest, until end: ContinuousClock.Instant
    ) async throws -> HTTPClientResponse {
        do {
            return try await head(request, until: end)
        } catch let error where !(error is TookTooLong) {
            return try await head(request, until: end)
        }
    }

    private func head(
        _ request: HTTPClientRequest, until end: ContinuousClock.Instant
    ) async throws -> HTTPClientResponse {
        try await Self.within(end) { try await client.execute(request, deadline: .distantFuture) }
    }

    private struct TookTooLong: Error {}

    /// Breaks `body` off at `end`.
    private static func within<Value: Sendable>(
        _ end: ContinuousClock.Instant, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(until: end, clock: .continuous)
                throw TookTooLong()
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw TookTooLong() }
            return value
        }
    }
}
