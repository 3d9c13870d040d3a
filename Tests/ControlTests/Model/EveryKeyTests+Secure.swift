// The keys of TLS and plain TCP, each with a change that must reach the model, or what stands beside it.

extension EveryKeyTests {
    static let changesOfSecurity: [(key: String, from: String, to: String)] =
        changesOfTunnels + changesOfListenerTLS + changesOfClients + changesOfACME + changesOfUpstreamTLS

    private static let tunnel = """
            mode: tcp
            serverNames:
              - host: "*.example.net"
                upstream: files
            upstream: api

        """

    private static let changesOfTunnels: [(key: String, from: String, to: String)] = [
        ("Listener.mode", tunnel, "    mode: http\n"),
        ("Listener.proxyProtocol", "proxyProtocol: []", "proxyProtocol: [10.0.0.0/8]"),
        ("Listener.upstream", "    upstream: api\n\nroutes", "    upstream: files\n\nroutes"),
        ("Listener.serverNames", "    serverNames:\n", "    serverNames:\n      - {host: a.test, upstream: api}\n"),
        ("ServerName.host", "host: \"*.example.net\"", "host: \"*.example.test\""),
        ("ServerName.upstream", "        upstream: files\n", "        upstream: api\n"),
        ("Upstream.proxyProtocol", "    proxyProtocol: off\n", "    proxyProtocol: v2\n"),
        ("Timeouts.handshake", "handshake: 10s", "handshake: 11s"),
        ("Timeouts.tunnelIdle", "tunnelIdle: 1h", "tunnelIdle: 2h"),
        ("Limits.handshakes", "handshakes: 10000", "handshakes: 10001"),
        ("Limits.handshakesPerClient", "handshakesPerClient: 500", "handshakesPerClient: 501"),
        ("Limits.handshakeRatePerClient", "handshakeRatePerClient: off", "handshakeRatePerClient: 7"),
    ]

    private static let changesOfListenerTLS: [(key: String, from: String, to: String)] = [
        ("Listener.tls", "        - /etc/martlet/example.org.pem\n", ""),
        ("ListenerTLS.certificates", "- /etc/martlet/example.org.pem", "- /etc/martlet/copy.pem"),
        ("Certificate.certificate", "certificate: /etc/martlet/example.com.pem", "certificate: /etc/martlet/copy.pem"),
        ("Certificate.key", "key: /etc/martlet/example.com.key", "key: /etc/martlet/copy.key"),
        ("Certificate.ocsp", "ocsp: off", "ocsp: fetch"),
        ("ListenerTLS.minVersion", "minVersion: \"1.2\"", "minVersion: \"1.3\""),
        ("ListenerTLS.maxVersion", "maxVersion: \"1.3\"", "maxVersion: \"1.2\""),
        ("ListenerTLS.ciphers", "ciphers: []", "ciphers: [ECDHE-RSA-AES128-GCM-SHA256]"),
        ("ListenerTLS.groups", "groups: []", "groups: [P-256]"),
        ("ListenerTLS.tickets", tickets, "      tickets: off\n"),
        ("Tickets.keys", "        rotate: 12h\n        keys: []\n", "        keys: [/etc/martlet/ticket]\n"),
        ("ListenerTLS.hsts", hsts, "      hsts: off\n"),
        ("HSTS.maxAge", "maxAge: 365d", "maxAge: 366d"),
        ("HSTS.includeSubdomains", "includeSubdomains: false", "includeSubdomains: true"),
        ("HSTS.preload", hsts, hsts.replacing("false", with: "true")),
        ("ListenerTLS.httpsOnly", "httpsOnly: \":8081\"", "httpsOnly: \":8085\""),
    ]

    private static let tickets = "      tickets:\n        rotate: 12h\n        keys: []\n"
    private static let hsts =
        "      hsts:\n        maxAge: 365d\n        includeSubdomains: false\n        preload: false\n"
    private static let clients = "      clientCertificates:\n        mode: require\n"

    private static let changesOfClients: [(key: String, from: String, to: String)] = [
        ("ListenerTLS.clientCertificates", clients, clients.replacing("require", with: "request")),
        ("ClientCertificates.mode", "mode: require", "mode: request"),
        ("ClientCertificates.ca", "ca: /etc/martlet/clients.pem", "ca: /etc/martlet/servers.pem"),
        ("ClientCertificates.crl", "        crl: /etc/martlet/revoked.pem\n", ""),
        ("ClientCertificates.names", "names: []", "names: [a.test]"),
        ("ClientCertificates.forwardCertificate", "forwardCertificate: false", "forwardCertificate: true"),
    ]

    private static let changesOfACME: [(key: String, from: String, to: String)] = [
        ("ListenerTLS.acme", "domains: [www.example.com]", "domains: [web.example.com]"),
        ("ACME.domains", "domains: [www.example.com]", "domains: [www.example.com, example.com]"),
        ("ACME.email", "        email: admin@example.com\n", ""),
        ("ACME.directory", "acme-v02", "acme-staging-v02"),
        ("ACME.challenge", "challenge: http-01", "challenge: tls-alpn-01"),
        ("ACME.hook", "challenge: http-01\n        hook: []", "challenge: dns-01\n        hook: [/bin/true]"),
        ("ACME.storage", "storage: /var/lib/martlet/acme", "storage: /var/lib/other"),
        ("ACME.keyType", "keyType: p256", "keyType: p384"),
        ("ACME.reuseKey", "reuseKey: false", "reuseKey: true"),
        ("ACME.ca", "        ca: /etc/martlet/acme-roots.pem\n", ""),
        ("ACME.wait", "wait: false", "wait: true"),
        ("ACME.accountBinding", "          id: kid-1\n", "          id: kid-2\n"),
        ("AccountBinding.id", "id: kid-1", "id: kid-3"),
        ("AccountBinding.key", "key: zWND", "key: yWND"),
    ]

    /// The whole section: parts of it stand in that of the listener too.
    private static let servers = """
            tls:
              ca: /etc/martlet/servers.pem
              serverName: app.example.com
              insecure: false
              certificate: /etc/martlet/martlet.pem
              key: /etc/martlet/martlet.key
              minVersion: "1.2"
              maxVersion: "1.3"
              ciphers: []
              groups: []
              sessionReuse: true
              pins:
                - sha256/9SLklscvzMYj8f+52lp5ze/hY0CFHyLSPQzSpYYIBm8=
                - sha256/YZPgTZ+woNCCCIW3LH2CxQeLzB/1m42QcCTBSdgayjs=    # in reserve
              pinning: besides-chain
              pinReportOnly: false
              alpn: [http/1.1]

        """

    private static let changesOfUpstreamTLS: [(key: String, from: String, to: String)] = [
        ("Upstream.tls", servers, "    tls: off\n"),
        ("UpstreamTLS.ca", servers, servers.replacing("      ca: /etc/martlet/servers.pem\n", with: "")),
        ("UpstreamTLS.serverName", "serverName: app.example.com", "serverName: other.example.com"),
        ("UpstreamTLS.insecure", servers, "    tls: {insecure: true}\n"),
        ("UpstreamTLS.certificate", "certificate: /etc/martlet/martlet.pem", "certificate: /etc/martlet/copy.pem"),
        ("UpstreamTLS.key", "key: /etc/martlet/martlet.key", "key: /etc/martlet/copy.key"),
        ("UpstreamTLS.minVersion", servers, servers.replacing("\"1.2\"", with: "\"1.3\"")),
        ("UpstreamTLS.maxVersion", servers, servers.replacing("\"1.3\"", with: "\"1.2\"")),
        (
            "UpstreamTLS.ciphers", servers,
            servers.replacing("ciphers: []", with: "ciphers: [ECDHE-RSA-AES128-GCM-SHA256]")
        ),
        ("UpstreamTLS.groups", servers, servers.replacing("groups: []", with: "groups: [X25519]")),
        ("UpstreamTLS.sessionReuse", "sessionReuse: true", "sessionReuse: false"),
        ("UpstreamTLS.pins", "        - sha256/YZPgTZ+woNCCCIW3LH2CxQeLzB/1m42QcCTBSdgayjs=    # in reserve\n", ""),
        (
            "UpstreamTLS.pinning", servers,
            servers.replacing("ca: /etc/martlet/servers.pem", with: "pinning: instead-of-chain")
                .replacing("      pinning: besides-chain\n", with: "")
        ),
        ("UpstreamTLS.pinReportOnly", "pinReportOnly: false", "pinReportOnly: true"),
        ("UpstreamTLS.alpn", "alpn: [http/1.1]", "alpn: []"),
    ]
}
