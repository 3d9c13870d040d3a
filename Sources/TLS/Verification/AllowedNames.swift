// Which clients may come: by the names in their certificates.

/// Names, one of which a client's certificate must have.
struct AllowedNames: Sendable {
    private var exact: Set<String> = []
    /// What follows the `*` of `*.suffix`.
    private var suffixes: Set<String> = []
    private var identities: Set<String> = []
    /// What stands before the `*` of `spiffe://domain/path/*`.
    private var prefixes: [String] = []
    private let isAny: Bool

    init(_ names: [String]) throws(TLSError) {
        isAny = names.isEmpty
        for name in names {
            if name.hasPrefix("spiffe://") {
                if name.hasSuffix("/*") { prefixes.append(String(name.dropLast())) } else { identities.insert(name) }
            } else if name.hasPrefix("*.") && name.utf8.count > 2 {
                suffixes.insert(name.dropFirst().lowercased())
            } else if name.isEmpty || name.contains("*") {
                throw TLSError(
                    "\(name) names no client: write a DNS name, *.suffix, an email address, a common name or spiffe://…"
                )
            } else {
                exact.insert(name.lowercased())
            }
        }
    }

    /// Whether one of the names of a certificate is among these.
    func contain(_ names: [Certificate.Name], commonName: String?) -> Bool {
        if isAny { return true }
        if let commonName, exact.contains(commonName.lowercased()) { return true }
        return names.contains { name in
            switch name {
            case .dns(let text):
                if exact.contains(text) { return true }
                guard let dot = text.firstIndex(of: "."), dot > text.startIndex else { return false }
                return suffixes.contains(String(text[dot...]))
            case .email(let text): return exact.contains(text.lowercased())
            case .uri(let text):
                return identities.contains(text) || prefixes.contains { text.hasPrefix($0) && text != $0 }
            case .address(let text): return exact.contains(text)
            }
        }
    }
}
