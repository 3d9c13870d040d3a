// The listener for operators.
import MartletHTTPCore

/// The listener for operators, with the health, the metrics and the admin API (`docs/admin.md`). Through a Unix socket
/// whoever may open the socket may do everything. By TCP it takes a token or a client's certificate; without either, only
/// `/healthz`, `/readyz` and `/metrics` are answered there.
package struct AdminConfiguration: Sendable, Equatable {
    /// The address, written as that of a listener. Without one `martlet run` takes a Unix socket: `/run/martlet/admin.sock`,
    /// or if that cannot be, `martlet/admin.sock` in `$XDG_RUNTIME_DIR`, or `/tmp/martlet-UID/admin.sock`.
    package var address: ListenAddress?

    /// What whoever asks by TCP has to know, and sends as `Authorization: Bearer TOKEN`.
    package var token: String?

    /// The names that requests by TCP may be for, beside addresses and `localhost`; `*.` in front stands for all below. Others are
    /// refused, as a page in a browser can have a name of its own lead here. It concerns `/metrics` where `address` is one of this
    /// machine alone, and never `/healthz` and `/readyz`; with `tls`, nothing as long as there are no names here.
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

extension AdminConfiguration: Section {
    static let noun = "admin"
    static var blank: AdminConfiguration { AdminConfiguration() }

    static var keys: [Key<AdminConfiguration>] {
        [
            Key("address", \.address, .optional(.listenAddress)),
            Key("token", \.token, .optional(.secret)),
            Key("hosts", \.hosts, .list(of: .domain)),
            Key("tls", \.tls, .word("off", or: .section())),
            Key("stateFile", \.stateFile, .optional(.filePath)),
        ]
    }
}
