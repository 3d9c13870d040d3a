// Errors of system calls.
import Glibc

/// The `errno` of a failed system call.
package struct SystemError: Error, Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// The error number, as in errno(3).
    package let code: Int32

    package init(_ code: Int32) { self.code = code }

    package static var connectionReset: SystemError { SystemError(ECONNRESET) }
    package static var timedOut: SystemError { SystemError(ETIMEDOUT) }
    package static var tooManyDescriptors: SystemError { SystemError(EMFILE) }
    /// The peer does not keep to the protocol of a cipher, or refuses us.
    package static var protocolError: SystemError { SystemError(EPROTO) }
    package static var noMemory: SystemError { SystemError(ENOMEM) }

    /// Whether the process or the system has run out of descriptors or memory, which passes.
    package var isExhaustion: Bool { code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM }

    /// Whether the call would have had to wait.
    var wouldBlock: Bool { code == EAGAIN || code == EWOULDBLOCK }

    /// The system's own words, such as "Connection refused".
    package var description: String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }

    /// The result of a C helper that returns a value or `-errno`.
    static func check(_ result: Int32) throws(SystemError) -> Int32 {
        if result < 0 { throw SystemError(-result) }
        return result
    }
}

extension SystemError {
    /// Somebody listens there already.
    package static var addressInUse: SystemError { SystemError(EADDRINUSE) }
    package static var addressNotAvailable: SystemError { SystemError(EADDRNOTAVAIL) }
    package static var accessDenied: SystemError { SystemError(EACCES) }
}
