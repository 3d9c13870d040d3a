// The names that settings may use, and what the library calls them.

/// The names that settings may use.
package enum TLSNames {
    /// Cipher suites of TLS 1.2, by OpenSSL's names and by IANA's; the default ones first.
    package static let ciphers: [String] = suites.map(\.name) + suites.map(\.standard)
    /// Groups for the exchange of keys, by IANA's names and by NIST's.
    package static let groups: [String] = groupNumbers.map(\.name)

    struct Suite {
        let name: String
        let standard: String
        /// Whether it is offered when nobody says otherwise: with ECDHE and AEAD.
        let isDefault: Bool

        init(_ name: String, _ standard: String, isDefault: Bool = false) {
            self.name = name
            self.standard = standard
            self.isDefault = isDefault
        }
    }

    static let suites = [
        Suite("ECDHE-ECDSA-AES128-GCM-SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", isDefault: true),
        Suite("ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", isDefault: true),
        Suite("ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", isDefault: true),
        Suite("ECDHE-RSA-AES256-GCM-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", isDefault: true),
        Suite("ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", isDefault: true),
        Suite("ECDHE-RSA-CHACHA20-POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", isDefault: true),
        Suite("ECDHE-ECDSA-AES128-SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"),
        Suite("ECDHE-RSA-AES128-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"),
        Suite("ECDHE-ECDSA-AES128-SHA", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
        Suite("ECDHE-RSA-AES128-SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"),
        Suite("ECDHE-ECDSA-AES256-SHA", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"),
        Suite("ECDHE-RSA-AES256-SHA", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"),
        Suite("AES128-GCM-SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256"),
        Suite("AES256-GCM-SHA384", "TLS_RSA_WITH_AES_256_GCM_SHA384"),
        Suite("AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"),
        Suite("AES256-SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"),
    ]

    /// IANA's numbers of groups.
    static let groupNumbers: [(name: String, number: UInt16)] = [
        ("X25519MLKEM768", 0x11ec), ("X25519", 0x001d), ("P-256", 0x0017), ("P-384", 0x0018), ("P-521", 0x0019),
        ("secp256r1", 0x0017), ("secp384r1", 0x0018), ("secp521r1", 0x0019),
    ]

    /// The default suites as a server takes them, in groups: the first that the client has any of counts, and within a
    /// group the client's order does. So a phone without instructions for AES keeps ChaCha20, but nobody gets more bits at a
    /// higher price than asked for.
    static let defaultServerCiphers: String = {
        let (long, short) = suites.filter(\.isDefault).reduce(into: ([Suite](), [Suite]())) { groups, suite in
            if suite.name.contains("AES256") { groups.0.append(suite) } else { groups.1.append(suite) }
        }
        return [short, long].map { "[" + $0.map(\.name).joined(separator: "|") + "]" }.joined(separator: ":")
    }()

    /// Suites as the library takes them.
    static func cipherList(_ names: [String]) throws(TLSError) -> String {
        var chosen: [String] = names.isEmpty ? suites.filter(\.isDefault).map(\.name) : []
        for name in names {
            if let suite = suites.first(where: { $0.name == name || $0.standard == name }) {
                chosen.append(suite.name)
            } else if ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"].contains(
                name)
            {
                throw TLSError("\(name) is a suite of TLS 1.3, whose suites are all good and not chosen: leave it out")
            } else {
                let valid = suites.map(\.name).joined(separator: ", ")
                throw TLSError("\(name) is no cipher suite of TLS 1.2 that is supported; these are: \(valid)")
            }
        }
        return chosen.joined(separator: ":")
    }

    /// Groups as the library takes them.
    static func groupList(_ names: [String]) throws(TLSError) -> [UInt16] {
        if names.isEmpty { return groupNumbers.prefix(4).map(\.number) }
        var chosen: [UInt16] = []
        for name in names {
            guard let number = groupNumbers.first(where: { $0.name == name })?.number else {
                throw TLSError("\(name) is no group that is supported; these are: \(groups.joined(separator: ", "))")
            }
            if !chosen.contains(number) { chosen.append(number) }
        }
        return chosen
    }

    /// Protocols (ALPN) as they stand in a handshake: each with its length before it.
    static func protocolList(_ names: [String]) throws(TLSError) -> [UInt8] {
        var list: [UInt8] = []
        for name in names {
            let bytes = Array(name.utf8)
            if bytes.isEmpty || bytes.count > 255 {
                throw TLSError("a protocol's name (ALPN) has 1 to 255 bytes, not \(bytes.count)")
            }
            list += [UInt8(bytes.count)] + bytes
        }
        return list
    }

    /// The names of such a list; as far as it is well formed.
    static func protocols(in list: [UInt8]) -> [String] {
        var names: [String] = []
        var rest = list[...]
        while let count = rest.popFirst(), rest.count >= count {
            names.append(String(decoding: rest.prefix(Int(count)), as: UTF8.self))
            rest = rest.dropFirst(Int(count))
        }
        return names
    }
}
