// Files of keys for programs, as their digests.

/// Names of keys by the SHA-256 of the key.
package struct KeyList: Sendable, Equatable {
    /// The most keys of one list.
    package static let limit = 100_000

    package private(set) var names: [[UInt8]: String] = [:]

    package init() {}

    /// The keys in `bytes`: `NAME:DIGEST` a line, the digest being the key's SHA-256 in 64 hexadecimal digits; lines that
    /// begin with "#" are comments.
    package init(parsing bytes: [UInt8]) throws(GuardFileError) {
        for (number, line) in ListLines(bytes) {
            let parts = line.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw GuardFileError(line: number, "not a key; expected NAME:DIGEST")
            }
            guard let digest = Hexadecimal.bytes(parts[1]), digest.count == 32 else {
                throw GuardFileError(
                    line: number,
                    "not a digest; expected 64 hexadecimal digits, as `printf %s KEY | sha256sum` says them")
            }
            if names[digest] != nil { throw GuardFileError(line: number, "this key is there twice") }
            if names.count == Self.limit { throw GuardFileError(line: number, "more than \(Self.limit) keys") }
            names[digest] = String(parts[0])
        }
    }
}

enum Hexadecimal {
    /// The bytes that pairs of digits stand for; `nil` for anything else.
    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in text {
            guard character.isASCII, let digit = character.hexDigitValue.map({ UInt8($0) }) else { return nil }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return high == nil ? bytes : nil
    }
}
