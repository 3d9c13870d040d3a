// The pins of a server, a certificate or a key.
import MartletEventLoop
import MartletHTTPCore
import MartletTLS

/// What `martlet pin` does.
package enum PinCommand {
    /// How long connecting and the handshake may take, in milliseconds.
    private static let limit: UInt64 = 10_000

    /// Where pins come from.
    package enum Source: Equatable, Sendable {
        /// A server: `host:port`, or `host`, whose port is 443.
        case server(String, serverName: String?)
        /// A PEM file with certificates.
        case certificate(path: String)
        /// A PEM file with a private or public key.
        case key(path: String)
    }

    /// Why there are none.
    package struct Failure: Error, Equatable, Sendable {
        /// The program's exit code.
        package let code: Int32
        /// Why, in a line.
        package let message: String
    }

    /// What was asked for.
    package static func report(_ source: Source) throws(Failure) -> PinReport {
        switch source {
        case .server(let text, let serverName): try report(server: text, serverName)
        case .certificate(let path): try reportCertificate(path)
        case .key(let path): try reportKey(path)
        }
    }

    private static func report(server text: String, _ serverName: String?) throws(Failure) -> PinReport {
        let address: ServerAddress
        do throws(AddressError) {
            address = try ServerAddress(parsing: withPort(text))
        } catch {
            throw Failure(code: ExitStatus.usage, message: "\(error.message); expected \(error.expected)")
        }
        let (host, addresses) = try resolve(address)
        var reason = "it has no address"
        // One of several may be out of reach, as IPv6 often is.
        for address in addresses {
            switch ChainProbe.run(address, serverName: serverName ?? host, limit: limit) {
            case .chain(let chain):
                let certificates = chain.compactMap { TLSCertificate(der: $0) }
                return PinReport(host: serverName ?? host, certificates: certificates)
            case .failed(let why): reason = why
            case .waiting: reason = "nothing has come"
            }
        }
        throw Failure(code: ExitStatus.unavailable, message: "\(text): \(reason)")
    }

    /// With the port of https where there is none.
    private static func withPort(_ text: String) -> String {
        let bare = text.hasPrefix("https://") ? String(text.dropFirst(8).prefix { $0 != "/" }) : text
        if bare.hasPrefix("unix:") || bare.contains("]:") { return bare }
        if bare.hasPrefix("[") { return bare + ":443" }
        return bare.contains(":") ? bare : bare + ":443"
    }

    private static func resolve(_ address: ServerAddress) throws(Failure) -> (host: String, [SocketAddress]) {
        switch address {
        case .ip(let ip, let port): return ("\(ip)", [SocketAddress(high: ip.hi, low: ip.lo, port: port)])
        case .unix(let path): return ("localhost", [SocketAddress(path: path)])
        case .name(let name, let port):
            do throws(LookupError) {
                return (name, try NameLookup.addresses(of: name, port: port))
            } catch {
                throw Failure(code: ExitStatus.unavailable, message: "\(name) does not resolve: \(error)")
            }
        }
    }

    private static func reportCertificate(_ path: String) throws(Failure) -> PinReport {
        let certificates = try attempt(path) { bytes throws(TLSError) in try TLSCertificate.all(inPEM: bytes) }
        let name = certificates.first?.names.first { $0.hasPrefix("DNS:") }
        return PinReport(host: name.map { String($0.dropFirst(4)) } ?? "example.com", certificates: certificates)
    }

    private static func reportKey(_ path: String) throws(Failure) -> PinReport {
        let pins = try attempt(path) { bytes throws(TLSError) in try TLSPin.pins(inPEM: bytes) }
        return PinReport(host: "example.com", keys: pins)
    }

    private static func attempt<Result>(
        _ path: String, _ body: ([UInt8]) throws(TLSError) -> Result
    ) throws(Failure) -> Result {
        do throws(FileProblem) {
            let bytes = try FileBytes.read(path, for: "")
            return try FileProblem.attempt(path, for: "") { () throws(TLSError) in try body(bytes) }
        } catch {
            throw Failure(code: ExitStatus.unavailable, message: error.message)
        }
    }
}
