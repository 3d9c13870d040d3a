// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let acmeConfiguration: [String: String] = [
        "ACMEConfiguration": #"""
        Certificates from an authority that speaks ACME. Martlet asks for one certificate for all `domains`, proves that they
        lead here, and renews it when two thirds of its time are over, or when the authority says so. Starting never waits for
        the authority: until the first certificate is there, one that Martlet has made itself is shown.
        """#,
        "ACMEConfiguration.accountBinding": #"""
        The account with the authority that the ACME account belongs to (external account binding), where it wants one.
        """#,
        "ACMEConfiguration.ca": #"""
        The path of a PEM file with the roots by which the authority's own server is verified. Without it the system's are
        used.
        """#,
        "ACMEConfiguration.challenge": #"""
        How it is proven that the names lead here. `http-01`: the authority asks by plain HTTP on port 80 of each name, so
        a listener for plain HTTP has to be reached there (see `httpsOnly`). `tls-alpn-01`: it asks by TLS on port 443, so
        this listener has to be reached there. `dns-01`: `hook` sets a record in DNS.
        """#,
        "ACMEConfiguration.directory": #"""
        Where the authority's directory is. The default is Let's Encrypt; for tests it has
        `https://acme-staging-v02.api.letsencrypt.org/directory`.
        """#,
        "ACMEConfiguration.domains": #"""
        The names that the certificate is for. `"*.example.com"` needs `challenge: dns-01`.
        """#,
        "ACMEConfiguration.email": #"""
        An address that the authority may write to.
        """#,
        "ACMEConfiguration.hook": #"""
        With `challenge: dns-01`: the command that sets records, and its first arguments. It is called with `present` or
        `cleanup`, the name of the record (`_acme-challenge.example.com`) and its text as further arguments, and ends with 0
        when the record is there, or gone.
        """#,
        "ACMEConfiguration.keyType": #"""
        The kind of key that certificates have.
        """#,
        "ACMEConfiguration.reuseKey": #"""
        Whether a renewed certificate has the same key as the one before it. Then pins that clients have of it stay valid.
        """#,
        "ACMEConfiguration.storage": #"""
        The folder for the account's key, the certificates and their keys. It is made if it is not there, for its owner
        alone. Keep it: authorities give only so many certificates a week.
        """#,
        "ACMEConfiguration.wait": #"""
        Whether clients are turned away until the first certificate is there, rather than shown one that Martlet has made
        itself.
        """#,
    ]
}
