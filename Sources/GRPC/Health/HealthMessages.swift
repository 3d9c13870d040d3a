// What is said in a health check (https://github.com/grpc/grpc/blob/master/doc/health-checking.md). Two messages with a field
// each, so they are written and read by hand.

import MartletHTTPCore

/// The call by which a server is asked how it is.
package enum HealthCall {
    /// What is called.
    package static let path: StaticString = "/grpc.health.v1.Health/Check"

    /// The most bytes of an answer that are read. One has two, and whatever later versions add.
    package static let answerLimit = 1024

    /// The content of a request: the prefix, and a HealthCheckRequest.
    /// - Parameter service: whose health is asked for, by its full name; empty for the whole server's.
    package static func request(service: String) -> [UInt8] {
        var message: [UInt8] = []
        if !service.isEmpty {
            message.append(0x0A)
            var length = service.utf8.count
            while length >= 0x80 {
                message.append(UInt8(length & 0x7F) | 0x80)
                length >>= 7
            }
            message.append(UInt8(length))
            message += service.utf8
        }
        let prefix = MessagePrefix(length: message.count).bytes
        return prefix.indices.map { prefix[$0] } + message
    }
}

/// What a server says of a service.
package enum ServingStatus: Equatable, Sendable {
    case unknown
    case serving
    case notServing
    case serviceUnknown
    /// A number that has no name yet.
    case other(UInt32)

    /// What a HealthCheckResponse says; nil when it is none.
    package init?(message: Span<UInt8>) {
        // A field that is not there is 0, and of several the last counts.
        var status: UInt32 = 0
        var reader = ProtobufReader(message)
        do throws(ProtobufReader.Malformed) {
            while let (field, value) = try reader.next() {
                if field == 1, case .number(let number) = value { status = UInt32(truncatingIfNeeded: number) }
            }
        } catch {
            return nil
        }
        self.init(number: status)
    }

    private init(number: UInt32) {
        self =
            switch number {
            case 0: .unknown
            case 1: .serving
            case 2: .notServing
            case 3: .serviceUnknown
            default: .other(number)
            }
    }

    /// As the protocol writes it: "NOT_SERVING".
    package var name: String {
        switch self {
        case .unknown: "UNKNOWN"
        case .serving: "SERVING"
        case .notServing: "NOT_SERVING"
        case .serviceUnknown: "SERVICE_UNKNOWN"
        case .other(let number): "status \(number)"
        }
    }
}
