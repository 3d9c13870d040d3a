// Files of users with their passwords' hashes, as htpasswd(1) writes them.

/// Users by name, each with the hash of the password in the form of crypt(5).
package struct UserList: Sendable, Equatable {
    /// The most users of one list.
    package static let limit = 100_000

    package private(set) var hashes: [String: String] = [:]

    package init() {}

    /// The users in `bytes`: `NAME:HASH` a line, or with more behind another colon; lines that begin with "#" are comments.
    package init(parsing bytes: [UInt8]) throws(GuardFileError) {
        for (number, line) in ListLines(bytes) {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count >= 2, !parts[0].isEmpty else {
                throw GuardFileError(line: number, "not a user; expected NAME:HASH as htpasswd -B writes it")
            }
            let (name, hash) = (String(parts[0]), String(parts[1]))
            if let weakness = PasswordScheme.weakness(of: hash) {
                throw GuardFileError(line: number, "the password of this user is \(weakness)")
            }
            if hashes[name] != nil { throw GuardFileError(line: number, "this user is there twice") }
            if hashes.count == Self.limit { throw GuardFileError(line: number, "more than \(Self.limit) users") }
            hashes[name] = hash
        }
    }
}

/// The ways in which passwords are hashed.
enum PasswordScheme {
    /// What crypt(3) can check and nobody can turn around quickly.
    private static let good = ["$2a$", "$2b$", "$2y$", "$5$", "$6$", "$y$", "$gy$", "$7$"]
    /// What else is found in such files.
    private static let weak = [
        ("$apr1$", "hashed with APR1-MD5"), ("{SHA}", "hashed with SHA-1"), ("{SSHA}", "hashed with SHA-1"),
        ("$1$", "hashed with MD5"), ("$argon2", "hashed with Argon2, which crypt(3) does not know"),
    ]
    private static let advice = "; make it anew with `htpasswd -B` (bcrypt) or `mkpasswd -m yescrypt`"

    /// Why a hash is not taken; `nil` for a good one.
    static func weakness(of hash: String) -> String? {
        if good.contains(where: { hash.hasPrefix($0) }) {
            return hash.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && hash.utf8.count >= 20 ? nil : "cut short"
        }
        let known = weak.first { hash.hasPrefix($0.0) }?.1
        return (known ?? "not hashed in a way that is safe") + advice
    }
}
