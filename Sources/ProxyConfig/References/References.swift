// What values refer to: variables of the environment, and files with secrets. Only values do, never keys; what comes in
// takes the place of the reference within its value, so it can be of any type, and is never read as YAML.

/// Finds what the values of a config refer to.
struct References {
    /// What they may refer to.
    let surroundings: Surroundings
    /// What was replaced, by where it begins.
    private(set) var replacements: [Mark: SourceTexts.Replacement] = [:]
    /// What could not be found.
    private(set) var failures: [Failure] = []
    /// The files that were read, or should have been.
    private(set) var files: [ConfigurationSources.Secret] = []
    /// What was read from them, for keeping it out of messages.
    private(set) var secrets: Set<String> = []
    /// Where files are looked for whose path is relative.
    private var folder = ""
    /// Whether the text at hand has references at all.
    private var isNeeded = false

    /// A reference that leads nowhere.
    struct Failure {
        let mark: Mark
        let error: ReferenceError
    }

    init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
    }

    /// The values that come are those of `text`, a file in `folder`.
    mutating func begin(_ text: String, in folder: String) {
        self.folder = folder
        isNeeded = ReferenceText.isThere(in: text)
    }

    /// A value with what it refers to in place of references.
    mutating func resolve(_ text: String, at mark: Mark) -> String {
        guard isNeeded, ReferenceText.isThere(in: text) else { return text }
        var isSecret = false
        do throws(ReferenceError) {
            let result = try expand(text[...], depth: 0, &isSecret)
            replacements[mark] = SourceTexts.Replacement(written: text, isSecret: isSecret)
            if isSecret { secrets.insert(result) }
            return result
        } catch {
            if !failures.contains(where: { $0.mark == mark }) { failures.append(Failure(mark: mark, error: error)) }
            return text
        }
    }

    private mutating func expand(
        _ text: Substring, depth: Int, _ isSecret: inout Bool
    ) throws(ReferenceError) -> String {
        guard depth < 8 else { throw ReferenceError(message: "references are nested too deeply") }
        var result = ""
        var rest = text
        while let start = ReferenceText.start(in: rest) {
            let inner = rest.index(start, offsetBy: 2)
            if start > rest.startIndex, rest[rest.index(before: start)] == "$" {
                result += rest[..<rest.index(before: start)] + "${"
                rest = rest[inner...]
                continue
            }
            guard let end = ReferenceText.end(of: rest[inner...]) else {
                let hint = "close it with '}', or write '$${' if no reference is meant"
                throw ReferenceError(
                    message: "the reference '\(Quoting.short(rest[start...]))' is not closed", hint: hint)
            }
            result += rest[..<start]
            result += try value(of: ReferenceText.parse(rest[inner..<end]), depth: depth, &isSecret)
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private mutating func value(
        of reference: Reference, depth: Int, _ isSecret: inout Bool
    ) throws(ReferenceError) -> String {
        switch reference {
        case .variable(let name, let fallback):
            let value = surroundings.variable(name)
            if let fallback {
                if let value, !value.isEmpty { return value }
                return try expand(fallback, depth: depth + 1, &isSecret)
            }
            if let value { return value }
            throw ReferenceError(
                message: "the environment has no variable \(Quoting.quote(name))",
                hint: "set it, or write ${\(name):-VALUE} to have a default")
        case .file(let path):
            isSecret = true
            return try secret(at: surroundings.path(path, in: folder))
        case .credential(let name):
            guard let folder = surroundings.variable("CREDENTIALS_DIRECTORY"), !folder.isEmpty else {
                throw ReferenceError(
                    message: "there are no credentials: CREDENTIALS_DIRECTORY is not set",
                    hint: "systemd sets it for units with LoadCredential=")
            }
            isSecret = true
            return try secret(at: folder + "/" + name)
        }
    }

    private mutating func secret(at path: String) throws(ReferenceError) -> String {
        let text = Result { () throws(ReferenceError) in try SecretFile.read(path) }
        // Of several readings the first counts: what another one finds has changed since.
        if !files.contains(where: { $0.path == path }) {
            files.append(ConfigurationSources.Secret(path, text: try? text.get()))
        }
        let secret = try text.get()
        secrets.insert(secret)
        return secret
    }
}

/// Why a reference leads nowhere.
struct ReferenceError: Error {
    let message: String
    var hint: String?
}
