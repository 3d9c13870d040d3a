// What the manager needs of the world, as parameters.
import Logging

/// Clock, chance and network.
package struct AcmeEnvironment: Sendable {
    package var time: AcmeTime
    /// What the jitter of the waits after failures is made of.
    package var seed: @Sendable () -> UInt64
    /// How an authority is reached; called for each order.
    package var transport: @Sendable (AcmeRequest) throws -> any AcmeTransport

    package init(
        time: AcmeTime, seed: @escaping @Sendable () -> UInt64,
        transport: @escaping @Sendable (AcmeRequest) throws -> any AcmeTransport
    ) {
        self.time = time
        self.seed = seed
        self.transport = transport
    }

    /// The real one.
    package static let system = AcmeEnvironment(
        time: .system, seed: { .random(in: 0 ... .max) },
        transport: { try HTTPTransport(authorities: $0.authorities) })
}
