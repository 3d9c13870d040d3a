/// The keys of tickets, shared by contexts and loops.
package final class TLSTicketKeys: Sendable {
    /// Keys of its own, a new one every `rotateEverySeconds` seconds. A ticket is accepted until two more have come.
    package init(rotateEverySeconds: Int) {}

    /// Keys from files as nginx has them, of 48 or 80 bytes. The first encrypts, all decrypt.
    package init(files: [[UInt8]]) throws(TLSError) {}

    /// Takes other keys from files.
    package func replace(files: [[UInt8]]) throws(TLSError) {}
}

/// A file with the secrets of connections in NSS's format, for tools that look into what was recorded.
package final class TLSKeyLog: Sendable {
    /// Opens the file, or makes it for its owner's eyes only; lines are appended.
    package init(path: String) throws(TLSError) {}
}
