// Pins, as people and programs read them.
import MartletProxyConfig
import MartletTLS

/// Pins with what they belong to.
package struct PinReport: Equatable, Sendable {
    /// What an app connects to.
    let host: String
    /// The certificates, a server's own first; none when only keys are known.
    let certificates: [TLSCertificate]
    /// The pins, in the order of the certificates.
    let pins: [TLSPin]

    init(host: String, certificates: [TLSCertificate]) {
        (self.host, self.certificates) = (host, certificates)
        pins = certificates.map(\.pin)
    }

    init(host: String, keys: [TLSPin]) {
        (self.host, pins) = (host, keys)
        certificates = []
    }

    /// For people: what there is, and the lines to paste. Ends with a newline.
    package var text: String {
        guard let own = pins.first else { return "" }
        let reserve = pins.dropFirst().first
        return ([facts] + [upstreamLines(own), appLines(own, reserve)]).joined(separator: "\n")
    }

    private var facts: String {
        if certificates.isEmpty { return pins.map { "key\n  pin      \($0.text)\n" }.joined() }
        return certificates.map { certificate in
            let names = certificate.names.isEmpty ? "" : "  names    \(certificate.names.joined(separator: ", "))\n"
            let subject = certificate.subject.isEmpty ? "(no subject)" : certificate.subject
            return """
                \(subject)
                \(names)  valid    \(TimeText.date(certificate.notBefore)) to \(TimeText.date(certificate.notAfter))
                  pin      \(certificate.pin.text)

                """
        }.joined()
    }

    private func upstreamLines(_ own: TLSPin) -> String {
        """
        For servers behind Martlet, in the config:

            upstreams:
              NAME:
                tls:
                  pins:
                    - \(own.text)
                    # A second pin, of a key kept in reserve: without one, nobody gets through when this key is lost.
                    #   openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out reserve.key
                    #   martlet pin --key reserve.key

        """
    }

    /// Apps want two pins: that of an authority above does until there is a key in reserve.
    private func appLines(_ own: TLSPin, _ reserve: TLSPin?) -> String {
        let second = reserve?.text ?? "sha256/PIN-OF-A-KEY-IN-RESERVE="
        func bare(_ pin: String) -> String { String(pin.dropFirst("sha256/".count)) }
        return """
            For an app that connects to \(host) (with `acme`, set `reuseKey: true`, or the pin is void after the next renewal):

                OkHttp
                    CertificatePinner.Builder()
                        .add("\(host)", "\(own.text)")
                        .add("\(host)", "\(second)")
                        .build()

                Android, res/xml/network_security_config.xml
                    <domain-config>
                        <domain includeSubdomains="false">\(host)</domain>
                        <pin-set>
                            <pin digest="SHA-256">\(bare(own.text))</pin>
                            <pin digest="SHA-256">\(bare(second))</pin>
                        </pin-set>
                    </domain-config>

                TrustKit (iOS, macOS)
                    kTSKPinnedDomains: ["\(host)": [
                        kTSKPublicKeyHashes: ["\(bare(own.text))", "\(bare(second))"]]]

            """
    }

    /// For programs: a line for each. Ends with a newline.
    package var json: String {
        let lines =
            certificates.isEmpty
            ? pins.map { JSONText.object([("pin", .string($0.text))]) } : certificates.map { Self.object($0) }
        return lines.isEmpty ? "[]\n" : "[\n" + lines.map { "  " + $0.compact }.joined(separator: ",\n") + "\n]\n"
    }

    private static func object(_ certificate: TLSCertificate) -> JSONText {
        .object([
            ("subject", .string(certificate.subject)),
            ("names", .array(certificate.names.map { .string($0) })),
            ("notBefore", .string(TimeText.date(certificate.notBefore))),
            ("notAfter", .string(TimeText.date(certificate.notAfter))),
            ("pin", .string(certificate.pin.text)),
        ])
    }
}
