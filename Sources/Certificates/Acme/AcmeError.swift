// Why a certificate was not to be had, in words for the log.

/// What went wrong with an authority, a challenge, or what is stored.
package struct AcmeError: Error, Equatable, CustomStringConvertible {
    /// In words.
    package let description: String
    /// What the authority said, if it was the authority.
    package let problem: AcmeProblem?
    /// How many seconds the authority wants to be left alone, if it said so.
    package let retryAfter: Int64?
    /// Whether the same question may well be answered in a moment: there was no answer, or one that the authority is busy.
    let isPassing: Bool

    /// - Parameter description: control characters in it become blanks and the end is cut off if it is long, since
    ///   parts of it may come from an authority.
    package init(_ description: String, problem: AcmeProblem? = nil, retryAfter: Int64? = nil) {
        self.init(description, problem: problem, retryAfter: retryAfter, isPassing: false)
    }

    init(_ description: String, problem: AcmeProblem? = nil, retryAfter: Int64? = nil, isPassing: Bool) {
        self.description = Self.plain(description)
        self.isPassing = isPassing
        self.problem = problem
        self.retryAfter = retryAfter
    }
}

extension AcmeError {
    private static let longest = 3_000

    /// `text` as one line for the log.
    static func plain(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(longest) {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar == "\u{2028}"
            line.append(isControl ? " " : scalar)
        }
        return String(line)
    }
}

/// A problem document (RFC 9457) as ACME extends it (RFC 8555 section 6.7).
package struct AcmeProblem: Codable, Equatable, Sendable {
    /// What a problem is about.
    package struct Identifier: Codable, Equatable, Sendable {
        package let value: String
    }

    /// A URN; `about:blank` if the authority did not say.
    package let type: String
    package let detail: String?
    /// The name that a part of the problem is about.
    package let identifier: Identifier?
    package let subproblems: [AcmeProblem]?

    package init(type: String, detail: String? = nil) {
        self.type = type
        self.detail = detail
        identifier = nil
        subproblems = nil
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        type = try container.decodeIfPresent(String.self, forKey: .type) ?? "about:blank"
        detail = try container.decodeIfPresent(String.self, forKey: .detail)
        identifier = try container.decodeIfPresent(Identifier.self, forKey: .identifier)
        subproblems = try container.decodeIfPresent([AcmeProblem].self, forKey: .subproblems)
    }

    /// The last part of an ACME type, such as `rateLimited`; other types as they are.
    package var name: String {
        let prefix = "urn:ietf:params:acme:error:"
        return type.hasPrefix(prefix) ? String(type.dropFirst(prefix.count)) : type
    }

    /// One line: name, detail, and the same of each part.
    package var text: String {
        let whom = identifier.map { "\($0.value): " } ?? ""
        let line = whom + name + (detail.map { ": " + $0 } ?? "")
        let parts = (subproblems ?? []).map(\.text)
        return parts.isEmpty ? line : line + " (" + parts.joined(separator: "; ") + ")"
    }
}
