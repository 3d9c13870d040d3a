// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let listenerTLSConfiguration: [String: String] = [
        "ListenerTLSConfiguration": #"""
        TLS for the clients of a listener. It needs certificates from files (`certificates`), from a certificate authority
        (`acme`), or both; everything else has good defaults. Each client gets the certificate for the name that it asks for,
        and the first one if it asks for another name or for none. Files that change are loaded anew while Martlet runs, and
        no connection is touched; if a new file is bad, the old one stays in force and the log says why.
        """#,
        "ListenerTLSConfiguration.acme": #"""
        Certificates from an authority that speaks ACME, such as Let's Encrypt. They are got and renewed by themselves.
        """#,
        "ListenerTLSConfiguration.certificates": #"""
        The certificates with their keys, in PEM files. The short form of one is the path of a file that has the chain
        and the key. Several for the same name are fine, such as one with an RSA and one with an ECDSA key.
        """#,
        "ListenerTLSConfiguration.ciphers": #"""
        The cipher suites for TLS 1.2, the best first, by their names in OpenSSL or at IANA: this order counts, not the
        client's. Without them: those with ECDHE and an AEAD cipher; AES-128 and ChaCha20, whichever the client prefers, go
        before AES-256. Those of TLS 1.3 are all good, and are not set.
        """#,
        "ListenerTLSConfiguration.clientCertificates": #"""
        Certificates that clients show. `off`: they are not asked for any.
        """#,
        "ListenerTLSConfiguration.groups": #"""
        The groups for key exchange, the best first. Without them: `X25519MLKEM768` (which withstands quantum computers),
        `X25519`, `P-256`, `P-384`.
        """#,
        "ListenerTLSConfiguration.hsts": #"""
        Whether browsers are told to come by `https` from now on (`Strict-Transport-Security`, HSTS): a section, `{}` for
        one with the defaults, or `off`. Without the key it is on if `httpsOnly` is set, else off. A browser does not
        forget: turn it off only after `maxAge: 0s` has been served for as long as the old `maxAge` was.
        """#,
        "ListenerTLSConfiguration.httpsOnly": #"""
        An address, such as `":80"`, that is opened for plain HTTP too. All that is done there is to send every request to
        the same place by `https` (308), and to answer the authority's questions (`acme`).
        """#,
        "ListenerTLSConfiguration.maxVersion": #"""
        The newest version of TLS that is spoken.
        """#,
        "ListenerTLSConfiguration.minVersion": #"""
        The oldest version of TLS that is spoken.
        """#,
        "ListenerTLSConfiguration.tickets": #"""
        Tickets with which a client comes back without a full handshake. `off` for none.
        """#,
    ]
}
