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
    }
}
