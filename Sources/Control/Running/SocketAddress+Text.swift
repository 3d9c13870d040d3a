// Addresses for people.
import MartletEventLoop
import MartletHTTPCore

extension SocketAddress {
    /// As it is written in a config: `:8080`, `127.0.0.1:8080`, `[::1]:8080`, `unix:/run/martlet.sock`.
    package var description: String {
        if let path { return "unix:" + path }
        if isAny { return ":\(port)" }
        let address = IPAddress(hi: high, lo: low)
        return address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
    }
}
