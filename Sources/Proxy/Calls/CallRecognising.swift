// Calls of gRPC: exchanges like any other, whose end is said by `grpc-status` instead of a status of HTTP.
//
//   client ──head──▶ a call? ─▶ deadline ─▶ … server ──head──▶ its status? ──messages──▶ client ──trailers──▶ its status
//                                  │             │               └─ may be tried again         │
//                                  └─────────────┴── failed: a status in place of an error page, or behind the messages
import MartletEventLoop
import MartletGRPC
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Notes whether the request in `request`, a POST, is a call, and how long it may take.
    @inline(never)
    mutating func noteCall(_ exchange: UInt32, _ arena: Span<UInt8>) {
        if isForCall(arena) { beginCall(exchange, arena) }
    }

    /// The request in `request` is a call.
    mutating func beginCall(_ exchange: UInt32, _ arena: Span<UInt8>) {
        exchanges[exchange].flags.insert(.isCall)
        exchanges[exchange].call.lastMove = exchanges[exchange].began / 1_000_000
        noteTimeout(exchange, arena)
    }

    /// Whether the request in `request` has content of gRPC.
    func isForCall(_ arena: Span<UInt8>) -> Bool {
        guard let index = request.fields.firstIndex(of: .contentType) else { return false }
        return GRPCContentType.isGRPC(arena.extracting(request.fields[index].value))
    }

    /// Takes `grpc-timeout` out of the request: what is left of it is written anew for each try.
    private mutating func noteTimeout(_ exchange: UInt32, _ arena: Span<UInt8>) {
        for index in 0..<request.fields.count where request.fields[index].known == .other {
            let line = request.fields[index]
            if line.name.count != 12 || !ByteScan.equals(arena.extracting(line.name), lowercase: "grpc-timeout") {
                continue
            }
            request.fields[index].isHopByHop = true
            let isRepeated = exchanges[exchange].call.deadline != 0
            guard !isRepeated, let time = GRPCTimeout.milliseconds(arena.extracting(line.value)) else {
                exchanges[exchange].call.isTimeoutMalformed = true
                return
            }
            exchanges[exchange].call.deadline = exchanges[exchange].began / 1_000_000 + time
        }
    }
}
