// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let basicAuthConfiguration: [String: String] = [
        "BasicAuthConfiguration": #"""
        A name and a password in `Authorization`, by the scheme Basic (RFC 7617). Without TLS anybody on the way can read them.
        """#,
        "BasicAuthConfiguration.cache": #"""
        How long a password that was right is not checked again, as that takes a tenth of a second. Only a keyed hash of it is
        kept, and nothing when the file changes. `off` checks each time.
        """#,
        "BasicAuthConfiguration.file": #"""
        The file with the users, one `NAME:HASH` a line, as `htpasswd -B` writes it. Hashes are of bcrypt, yescrypt, scrypt, or
        SHA-256 and SHA-512 in the form of crypt(5); those of MD5 and SHA-1 are an error. The file is read again within a second
        or two when it changes.
        """#,
        "BasicAuthConfiguration.queue": #"""
        The most passwords that wait to be checked. Beyond it: 503.
        """#,
        "BasicAuthConfiguration.realm": #"""
        What browsers show when they ask for the password, and by which they know which one is meant.
        """#,
        "BasicAuthConfiguration.userField": #"""
        The field that tells servers the user's name. What clients say in it never passes, on no route. `off` for none.
        """#,
    ]
}
