// The listener for operators.
import MartletHTTPCore

/// The listener for operators, with the health, the metrics and the admin API (`docs/admin.md`). Through a Unix socket
/// whoever may open the socket may do everything. By TCP it takes a token or a client's certificate, but for what is `open`. An
/// address that others can reach must have one of the two, or say what is open.
package struct AdminConfiguration: Sendable, Equatable {
    /// The address, written as that of a listener. Without one `martlet run` takes a Unix socket: `/run/martlet/admin.sock`,
    /// or if that cannot be, `martlet/admin.sock` in `$XDG_RUNTIME_DIR`, or `/tmp/martlet-UID/admin.sock`.
    package var address: ListenAddress?

    /// What whoever asks by TCP has to know, and sends as `Authorization: Bearer TOKEN`.
    package var token: String?

    /// What everybody may ask by TCP: `health` (`/healthz` and `/readyz`), `metrics` (`/metrics`). Without it, both if `address` is one of
    /// this machine alone, and otherwise only the health, as metrics name servers and routes.
    package var open: [AdminOpening]?

    /// The names that requests by TCP may be for, beside addresses and `localhost`; `*.` in front stands for all below. Others are
    /// refused, as a page in a browser can have a name of its own lead here. Of what is
    /// `open` it concerns `/metrics` where `address` is one of this machine alone; with `tls`, nothing as long as there are no names here.
    package var hosts: [String] = []

    /// TLS for the listener, by TCP. A client with a certificate of those in `clientCertificates.ca` may do everything.
    package var tls: ListenerTLSConfiguration?

    /// The path of the file that keeps what `--save` is to keep. Without one it is `state.json` in `$STATE_DIRECTORY`, or in
    /// `/var/lib/martlet`.
    package var stateFile: String?

    /// The admin listener on `address`, or where it is by itself.
    package init(address: ListenAddress? = nil) {
        self.address = address
    }
}

/// What everybody may ask of the admin listener by TCP.
package enum AdminOpening: String, Sendable, CaseIterable {
    /// Whether it serves, and is to get new requests.
    case health
    /// All counters.
    case metrics
}

extension AdminConfiguration {
    /// Whether only this machine can connect, and that by TCP.
    package var isOnLoopback: Bool {
        if case .tcp(let host?, _)? = address { return host.isLoopback }
        return false
    }

    /// Whether there is anything by which those who may do everything can be told from others.
    package var knowsOperators: Bool { token != nil || tls?.clientCertificates != nil }

    /// What is open, whether it is written or not.
    package var openings: [AdminOpening] { open ?? (isOnLoopback ? AdminOpening.allCases : [.health]) }
}

extension AdminConfiguration: Section {
    static let noun = "admin"
    static var blank: AdminConfiguration { AdminConfiguration() }

    static var keys: [Key<AdminConfiguration>] {
        [
            Key("address", \.address, .optional(.listenAddress)),
            Key("token", \.token, .optional(.secret)),
            Key("open", \.open, .optional(.list(of: .choice()))),
            Key("hosts", \.hosts, .list(of: .domain)),
            Key("tls", \.tls, .word("off", or: .section())),
            Key("stateFile", \.stateFile, .optional(.filePath)),
        ]
    }
}
