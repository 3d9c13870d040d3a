// Content codings by their names (RFC 9110 section 8.4.1, RFC 7932, RFC 8878).
import MartletHTTPCore

/// How content is coded.
@usableFromInline
package enum ContentCoding: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// Not at all.
    case identity = 0
    case gzip, zstd, brotli

    /// The name in heads.
    package var name: StaticString {
        switch self {
        case .identity: "identity"
        case .gzip: "gzip"
        case .zstd: "zstd"
        case .brotli: "br"
        }
    }

    /// The coding of a name; `nil` for one that is not known. `x-gzip` is gzip (RFC 9110 section 8.4.1.3).
    package init?(_ name: Span<UInt8>) {
        for coding in Self.allCases where ByteScan.equals(name, lowercase: coding.name) {
            self = coding
            return
        }
        if !ByteScan.equals(name, lowercase: "x-gzip") { return nil }
        self = .gzip
    }
}
