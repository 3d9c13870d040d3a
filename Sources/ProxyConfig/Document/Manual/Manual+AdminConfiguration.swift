// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let adminConfiguration: [String: String] = [
        "AdminConfiguration": #"""
        The listener for operators, with the health, the metrics and the admin API (`docs/admin.md`). Through a Unix socket
        whoever may open the socket may do everything. By TCP it takes a token or a client's certificate, but for what is `open`. An
        address that others can reach must have one of the two, or say what is open.
        """#,
        "AdminConfiguration.address": #"""
        The address, written as that of a listener. Without one `martlet run` takes a Unix socket: `/run/martlet/admin.sock`,
        or if that cannot be, `martlet/admin.sock` in `$XDG_RUNTIME_DIR`, or `/tmp/martlet-UID/admin.sock`.
        """#,
        "AdminConfiguration.hosts": #"""
        The names that requests by TCP may be for, beside addresses and `localhost`; `*.` in front stands for all below. Others are
        refused, as a page in a browser can have a name of its own lead here. Of what is
        `open` it concerns `/metrics` where `address` is one of this machine alone; with `tls`, nothing as long as there are no names here.
        """#,
        "AdminConfiguration.open": #"""
        What everybody may ask by TCP: `health` (`/healthz` and `/readyz`), `metrics` (`/metrics`). Without it, both if `address` is one of
        this machine alone, and otherwise only the health, as metrics name servers and routes.
        """#,
        "AdminConfiguration.stateFile": #"""
        The path of the file that keeps what `--save` is to keep. Without one it is `state.json` in `$STATE_DIRECTORY`, or in
        `/var/lib/martlet`.
        """#,
        "AdminConfiguration.tls": #"""
        TLS for the listener, by TCP. A client with a certificate of those in `clientCertificates.ca` may do everything.
        """#,
        "AdminConfiguration.token": #"""
        What whoever asks by TCP has to know, and sends as `Authorization: Bearer TOKEN`.
        """#,
    ]
}
