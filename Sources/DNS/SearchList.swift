// Which names a written one may stand for: search domains (resolv.conf(5)).

/// The domains that names are looked for in.
package struct SearchList: Equatable, Sendable {
    /// As many as the C library has long taken, and as many characters, so that a name costs no more questions than these.
    package static let mostDomains = 6
    package static let mostCharacters = 256
    package static let mostDots = 15

    /// Without a dot at their ends; the root is empty.
    package private(set) var domains: [String] = []
    /// Names with as many dots, or more, are looked for as they are before they are looked for in the domains.
    package private(set) var dots = 1

    /// Those domains that are none are left out, and those beyond the most that there may be.
    package init(_ domains: [String] = [], dots: Int = 1) {
        self.dots = min(max(dots, 0), Self.mostDots)
        var characters = 0
        for domain in domains where domain == "." || DNSName(domain) != nil {
            characters += domain.utf8.count + 1
            if self.domains.count == Self.mostDomains || characters > Self.mostCharacters + 1 { break }
            self.domains.append(domain.hasSuffix(".") ? String(domain.dropLast()) : domain)
        }
    }

    /// The names to ask for, one after the other until there is something. A name that ends with a dot is whole.
    package func names(for text: String) -> [DNSName] {
        guard let whole = DNSName(text) else { return [] }
        if text.hasSuffix(".") { return [whole] }
        // One that would be too long is none.
        let found = domains.compactMap { $0.isEmpty ? whole : DNSName(text + "." + $0) }
        let isLong = text.utf8.count { $0 == UInt8(ascii: ".") } >= dots
        var names: [DNSName] = []
        for name in isLong ? [whole] + found : found + [whole] where !names.contains(name) { names.append(name) }
        return names
    }
}
