// How the program ends, for scripts: sysexits.h, where it has a code.

/// Exit codes.
package enum ExitStatus {
    /// All is well.
    package static let success: Int32 = 0
    /// A running Martlet has refused what it was asked.
    package static let refused: Int32 = 1
    /// The words on the command line are wrong (EX_USAGE).
    package static let usage: Int32 = 64
    /// An address or a file cannot be had (EX_UNAVAILABLE).
    package static let unavailable: Int32 = 69
    /// The system failed while the proxy was running (EX_OSERR).
    package static let systemError: Int32 = 71
    /// A running Martlet wants a token or a certificate (EX_NOPERM).
    package static let noRight: Int32 = 77
    /// The config is wrong (EX_CONFIG).
    package static let configuration: Int32 = 78
}
