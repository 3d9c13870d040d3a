// How responses are compressed on their way to clients.
import MartletCoding

/// How responses are compressed on their way to clients that take it. [content.md](content.md#compression) says which
/// responses are, and which never.
package struct CompressionConfiguration: Sendable, Equatable {
    /// The codings that clients may get, in the order in which they are chosen if a client wants several as much. `zstd` and `br`
    /// need the libraries libzstd and libbrotlienc on the machine; where they are missing, these codings are left out.
    package var encodings: [CompressionCoding] = [.zstd, .br, .gzip]

    /// The types of content that are compressed. One `*` stands for any text but nothing, as in `text/*` and
    /// `application/*+json`. Streams of events, `text/event-stream`, are compressed only if they are named; then each event is
    /// sent at once.
    package var types: [String] = [
        "text/*", "application/json", "application/*+json", "application/javascript", "application/x-javascript",
        "application/xml", "application/*+xml", "application/wasm", "application/x-ndjson", "image/svg+xml",
        "image/bmp",
        "image/x-icon", "image/vnd.microsoft.icon", "font/ttf", "font/otf", "application/vnd.ms-fontobject",
    ]

    /// Content that is known to have fewer bytes is not compressed: it would hardly become smaller.
    package var minBytes: Int = 1 << 10

    /// How hard gzip tries: the higher, the smaller and the slower.
    package var gzipLevel: Int = 5

    /// The same of zstd.
    package var zstdLevel: Int = 3

    /// The same of br.
    package var brotliLevel: Int = 4

    /// The defaults.
    package init() {}
}

/// A coding that content can be given.
package enum CompressionCoding: String, Sendable, CaseIterable {
    /// Zstandard (RFC 8878).
    case zstd
    /// Brotli (RFC 7932).
    case br
    /// What every client takes (RFC 1952).
    case gzip

    /// The coding.
    package var coding: ContentCoding {
        switch self {
        case .zstd: .zstd
        case .br: .brotli
        case .gzip: .gzip
        }
    }
}

extension CompressionConfiguration: Section {
    static let noun = "compression"
    static var blank: CompressionConfiguration { CompressionConfiguration() }
    /// What others write for on and off.
    static let otherWords = ["gzip": "on", "auto": "on", "default": "on", "none": "off", "identity": "off"]

    static var keys: [Key<CompressionConfiguration>] {
        [
            Key(
                "encodings", \.encodings,
                .list(of: .choice(otherWords: ["brotli": .br, "zst": .zstd, "x-gzip": .gzip]), minimum: 1)),
            Key("types", \.types, .list(of: .mediaType, minimum: 1)),
            Key("minBytes", \.minBytes, .size(0...1 << 30)),
            Key("gzipLevel", \.gzipLevel, .integer(1...9)),
            Key("zstdLevel", \.zstdLevel, .integer(1...9)),
            Key("brotliLevel", \.brotliLevel, .integer(1...6)),
        ]
    }
}
