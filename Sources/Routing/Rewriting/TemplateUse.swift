// Where a template stands decides which variables it may have, and how their values are written.

/// What a template is for.
package enum TemplateUse: Sendable, Equatable {
    /// The value of a field of a request to a server.
    case requestField
    /// The value of a field of a response.
    case responseField
    /// The path of a request to a server.
    case path
    /// The value of a parameter of a request's query.
    case parameter
    /// Where a redirect leads.
    case location
    /// The value of Host of a request to a server.
    case host
    /// What takes the place of a text in the content of a response.
    case content
}

/// How a value is written, so that it stays within its place.
@usableFromInline
package enum TemplateCoding: UInt8, BitwiseCopyable, Sendable {
    /// As it is but for control characters, which nothing in a head may have (RFC 9110 section 5.5).
    case field
    /// As it is: a part of a URL that was one before.
    case url
    /// Percent-encoded but for unreserved characters (RFC 3986 section 2.3).
    case component
    /// The same for what may be percent-encoded already, which stays.
    case codedComponent
}

extension TemplateUse {
    /// How values of `variable` are written.
    package func coding(of variable: TemplateVariable) -> TemplateCoding {
        // What a host must not have, there is no code for: it is refused (`HostText`).
        if self == .requestField || self == .responseField || self == .host { return .field }
        if self == .content {
            // These have no sign that means something in markup.
            switch variable {
            case .clientAddress, .clientPort, .scheme, .route, .upstream: return .field
            default: return .component
            }
        }
        switch variable {
        case .parameter: return .codedComponent
        case .path, .rest, .segment, .group, .uri, .query: return self == .parameter ? .codedComponent : .url
        case .host, .scheme: return self == .location ? .url : .component
        default: return .component
        }
    }

    /// Checks that a template may stand in this place.
    /// - Parameter scope: what the route has that a template may refer to.
    package func check(_ template: Template, in scope: TemplateScope = .unknown) throws(TemplateError) {
        for (part, place) in zip(template.parts, template.places) {
            guard case .variable(let variable) = part else { continue }
            if let message = complaint(variable) { throw TemplateError(place, message) }
            if let complaint = scope.complaint(variable) {
                throw TemplateError(place, complaint.message, hint: complaint.hint)
            }
        }
        switch self {
        case .path: try Self.checkPath(template)
        case .location: try Self.checkLocation(template)
        case .host: try Self.checkHost(template)
        case .requestField, .responseField, .parameter: try checkTexts(template)
        case .content: break
        }
    }

    /// Those that no client can make anything of in content.
    private static let harmless: Set<TemplateVariable> = [
        .clientAddress, .clientPort, .requestID, .host, .scheme, .tlsVersion, .route, .upstream,
    ]

    private func complaint(_ variable: TemplateVariable) -> String? {
        if self == .content && !Self.harmless.contains(variable) {
            return "a client could write into the content by it"
        }
        return switch variable {
        case .serverAddress where self != .responseField:
            "which server it will be is not known when this is written"
        case .host, .segment, .group: nil
        case _ where self == .host: "in a host, only '{host}', '{path.NAME}' and '{match.NAME}' may stand"
        case .query, .uri: self == .path ? "a query is not part of a path" : nil
        default: nil
        }
    }

    /// Texts of fields have no control characters.
    private func checkTexts(_ template: Template) throws(TemplateError) {
        for (part, place) in zip(template.parts, template.places) {
            guard case .text(let text) = part else { continue }
            if text.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
                throw TemplateError(place, "there is a control character in it")
            }
        }
    }

    /// Texts of URLs are visible ASCII, but for what `excluded` has.
    private static func checkURL(_ template: Template, excluded: String) throws(TemplateError) {
        for (part, place) in zip(template.parts, template.places) {
            guard case .text(let text) = part else { continue }
            for byte in text.utf8 where !(0x21...0x7E).contains(byte) || excluded.utf8.contains(byte) {
                throw TemplateError(
                    place, "there are characters in it that are not allowed in a URL", hint: "percent-encode them")
            }
        }
    }

    private static func checkPath(_ template: Template) throws(TemplateError) {
        try checkURL(template, excluded: "?#\\\"<>^`|")
        guard case .text(let text) = template.parts.first, text.hasPrefix("/") else {
            throw TemplateError(template.places.first ?? 0..<0, "a path begins with '/'")
        }
    }

    /// With something in the place of the variables, it is a host.
    private static func checkHost(_ template: Template) throws(TemplateError) {
        var text = ""
        for part in template.parts { if case .text(let piece) = part { text += piece } else { text += "a" } }
        if !HostText.isHost(text.utf8.span) {
            let last = template.places.last?.upperBound ?? 0
            throw TemplateError(0..<last, "this is not a host such as {path.name}.example.com")
        }
    }

    // MARK: Redirects

    /// A redirect leads to a path, or to a scheme and a host. A client may choose the host by Host only: anything else would
    /// let links lead through us to anywhere.
    private static func checkLocation(_ template: Template) throws(TemplateError) {
        try checkURL(template, excluded: "\\\"<>^`|")
        guard let first = template.parts.first else { throw TemplateError(0..<0, "there is nothing") }
        switch first {
        case .text(let text):
            if text.hasPrefix("//") { return try checkAuthority(template, from: 0, skipping: 2) }
            if text.hasPrefix("/") { return }
            if let end = text.range(ofText: "://"), isScheme(text.prefix(end)) {
                return try checkAuthority(template, from: 0, skipping: end + 3)
            }
        case .variable(.path), .variable(.uri): return
        case .variable(.scheme):
            if case .text(let text)? = template.parts.dropFirst().first, text.hasPrefix("://") {
                return try checkAuthority(template, from: 1, skipping: 3)
            }
        case .variable: break
        }
        throw TemplateError(template.places[0], "this is neither a path nor a URL such as https://{host}{uri}")
    }

    private static func isScheme(_ text: String) -> Bool { text == "https" || text == "http" }

    /// The authority goes on until "/", "?", "#", or a variable that begins with "/".
    private static func checkAuthority(
        _ template: Template, from start: Int, skipping prefix: Int
    ) throws(TemplateError) {
        var count = 0
        for index in start..<template.parts.count {
            switch template.parts[index] {
            case .text(let text):
                let rest = Array(text.utf8.dropFirst(index == start ? prefix : 0))
                let name = rest.prefix { $0 != 0x2F && $0 != 0x3F && $0 != 0x23 }
                if name.contains(0x40) { throw TemplateError(template.places[index], "a URL with a user in it") }
                count += name.count
                if name.count < rest.count { return try requireHost(count, template.places[start]) }
            case .variable(.host): count += 1
            case .variable(.path), .variable(.uri): return try requireHost(count, template.places[start])
            case .variable:
                throw TemplateError(
                    template.places[index], "a client could choose by it where it is sent to",
                    hint: "in a host, only '{host}' may stand; '/' ends the host")
            }
        }
        try requireHost(count, template.places[start])
    }

    private static func requireHost(_ count: Int, _ place: Range<Int>) throws(TemplateError) {
        if count == 0 { throw TemplateError(place, "there is no host in it") }
    }
}

extension String {
    /// Where `text` begins, in UTF-8 bytes.
    fileprivate func range(ofText text: String) -> Int? {
        let bytes = Array(utf8)
        let other = Array(text.utf8)
        guard bytes.count >= other.count else { return nil }
        return (0...bytes.count - other.count).first { Array(bytes[$0..<$0 + other.count]) == other }
    }

    /// The first `count` bytes.
    fileprivate func prefix(_ count: Int) -> String { String(decoding: utf8.prefix(count), as: UTF8.self) }
}
