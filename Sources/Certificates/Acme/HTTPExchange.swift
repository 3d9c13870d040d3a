// One request over HTTP, with bounds for whatever a server may do.
import AsyncHTTPClient
import NIOCore
import NIOHTTP1

enum HTTPExchange {
    /// Sends `request` and reads the whole answer.
    /// - Parameters:
    ///   - whom: what the server is called in errors, followed by a blank.
    ///   - limit: how long all of it may take, the content included.
    ///   - most: how many bytes of content are taken.
    /// - Throws: `AcmeError`, or `CancellationError` when the task is cancelled.
    static func perform(
        _ request: HTTPClientRequest, _ client: HTTPClient, of whom: String = "", limit: Duration, most: Int
    ) async throws -> (head: HTTPClientResponse, body: [UInt8]) {
        do {
            return try await within(limit) {
                let response = try await client.execute(request, deadline: .distantFuture)
                let body = try await response.body.collect(upTo: most)
                return (response, Array(body.readableBytesView))
            }
        } catch {
            try Task.checkCancellation()
            throw AcmeError("no answer from \(whom)\(request.url): \(reason(error, limit, most))", isPassing: true)
        }
    }

    private struct TookTooLong: Error {}

    /// Breaks `body` off after `limit`.
    private static func within<Value: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: limit)
                throw TookTooLong()
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw TookTooLong() }
            return value
        }
    }

    private static func reason(_ error: any Error, _ limit: Duration, _ most: Int) -> String {
        switch error {
        case is TookTooLong: "it took longer than \(limit.components.seconds) s"
        case is NIOTooManyBytesError: "it is larger than \(most >> 10) KiB"
        default: "\(error)"
        }
    }
}
