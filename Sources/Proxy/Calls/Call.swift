// What an exchange remembers of a call of gRPC.
import MartletGRPC

/// What is known of a call, besides what is known of every exchange.
struct Call: BitwiseCopyable {
    /// By when it must be over, in milliseconds; 0 for no such time.
    var deadline: UInt64 = 0
    /// Where in the head for the server the time stands that is left; 0 for nowhere.
    var timeoutPlace: UInt32 = 0
    /// How it has ended, for its client; `nil` as long as nobody has said so.
    var status: GRPCStatus?
    /// What the client says of the time cannot be understood.
    var isTimeoutMalformed = false
    /// The response that has begun is one of gRPC: a status may follow its messages.
    var isAnswered = false
    /// Where the response's messages end.
    var boundary = MessageBoundary()
    /// How much content had come from the client when it was last looked at, and when that had changed, in milliseconds.
    var clientBytes: UInt64 = 0
    var lastMove: UInt64 = 0
    /// Of one that is gRPC-Web for its client.
    var web = WebCall()
}
