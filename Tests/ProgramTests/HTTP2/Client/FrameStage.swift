// What tests of HTTP/2 share: a server, and a proxy that listens for HTTP/2 in clear and with TLS.
import MartletTestSupport

/// A server of HTTP/1 behind the proxy, and certificates in front of it.
struct FrameStage {
    let origin: Origin
    let certificates: TestCertificates
    private let leaf: TestCertificates.Leaf

    /// - Parameter respond: the whole response to a request, such as `response(200, "hello")`.
    init(_ respond: @escaping @Sendable (HTTPRequest) -> String = { response(200, $0.target) }) throws {
        origin = try Origin(respond)
        certificates = try TestCertificates()
        leaf = try certificates.leaf(["app.test", "127.0.0.1"])
    }

    /// A config with the listeners `clear` and `tls`.
    /// - Parameters:
    ///   - servers: others than the origin.
    ///   - upstream: more lines for the upstream `app`.
    ///   - more: more sections of the file.
    func config(to servers: [String]? = nil, upstream: [String] = [], _ more: String = "") -> String {
        let secure = """
              - address: 127.0.0.1:0
                name: clear
              - address: 127.0.0.1:0
                name: tls
                tls:
                  certificates:
                    - {certificate: \(leaf.chain), key: \(leaf.key)}

            """
        return Configs.proxy(to: servers ?? [origin.address], upstream: upstream, more).replacing(
            "  - address: 127.0.0.1:0\nadmin:", with: secure + "admin:")
    }
}

extension RunningMartlet {
    /// Where HTTP/2 is spoken.
    func frames(_ isSecure: Bool = false) throws -> FrameServer {
        FrameServer(port: try port(of: isSecure ? "tls" : "clear"), isSecure: isSecure)
    }
}
