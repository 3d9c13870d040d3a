// What /metrics says of certificates.

extension PrometheusText {
    static func write(_ counts: CertificateCounts, to writer: inout PrometheusWriter) {
        if !counts.expiries.isEmpty {
            writer.begin(
                .gauge, .init("certificate_expiry_seconds", "When a certificate expires, in seconds since 1970."))
            for expiry in counts.expiries {
                let labels: [MetricLabel] = [
                    .init("listener", expiry.owner), .init("name", expiry.name), .init("key", expiry.keyType),
                ]
                writer.sample(String(expiry.notAfter), labels)
            }
        }
        writer.begin(
            .counter, .init("certificate_reloads", "Times that files of certificates and keys were loaded anew."))
        writer.sample(String(counts.reloads))
        writer.begin(
            .counter,
            .init("certificate_reload_failures", "Changes of files of certificates and keys that were refused."))
        writer.sample(String(counts.reloadFailures))
        writer.begin(.counter, .init("ocsp_responses", "Responses of OCSP that were fetched."))
        writer.sample(String(counts.staples))
        writer.begin(.counter, .init("ocsp_failures", "Times that no response of OCSP was to be had."))
        writer.sample(String(counts.stapleFailures))
        writer.begin(
            .counter, .init("ocsp_responses_lost", "Responses of OCSP that had run out before there was a new one."))
        writer.sample(String(counts.staplesLost))
        if !counts.acme.isEmpty { write(counts.acme, to: &writer) }
    }

    private static func write(_ certificates: [CertificateCounts.Acme], to writer: inout PrometheusWriter) {
        func family(
            _ kind: PrometheusWriter.Kind, _ descriptor: MetricDescriptor, _ value: (CertificateCounts.Acme) -> Int64?
        ) {
            writer.begin(kind, descriptor)
            for certificate in certificates {
                guard let value = value(certificate) else { continue }
                writer.sample(String(value), [.init("certificate", certificate.name)])
            }
        }
        family(.counter, .init("acme_issued", "Certificates that authorities have issued.")) { Int64($0.issued) }
        family(.counter, .init("acme_failures", "Orders of certificates that failed.")) { Int64($0.failed) }
        family(.gauge, .init("acme_next_order_seconds", "When a certificate is ordered next, in seconds since 1970.")) {
            $0.nextOrder
        }
    }
}
