// What lives for each check that is going on.
import MartletBalancing
import MartletEventLoop

/// A connection on which one check is made.
struct CheckConnection {
    /// What is read on it.
    enum Reading {
        /// Nothing: a connection that stands is enough.
        case nothing
        case answer(HTTPCheckReader)
        case call(HealthCallExchange)
        /// What an agent has said so far.
        case agent([UInt8])
    }

    let socket: Token
    let order: CheckOrder
    /// When it has failed, in milliseconds.
    let deadline: UInt64
    var reading: Reading
    var isConnected = false
}
