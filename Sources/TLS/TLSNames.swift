/// The names that settings may use.
package enum TLSNames {
    /// Cipher suites of TLS 1.2, by OpenSSL's names and by IANA's.
    package static let ciphers: [String] = []
    /// Groups for the exchange of keys.
    package static let groups: [String] = []
}
