// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let compressionConfiguration: [String: String] = [
        "CompressionConfiguration": #"""
        How responses are compressed on their way to clients that take it. [content.md](content.md#compression) says which
        responses are, and which never.
        """#,
        "CompressionConfiguration.brotliLevel": #"""
        The same of br.
        """#,
        "CompressionConfiguration.encodings": #"""
        The codings that clients may get, in the order in which they are chosen if a client wants several as much. `zstd` and `br`
        need the libraries libzstd and libbrotlienc on the machine; where they are missing, these codings are left out.
        """#,
        "CompressionConfiguration.gzipLevel": #"""
        How hard gzip tries: the higher, the smaller and the slower.
        """#,
        "CompressionConfiguration.minBytes": #"""
        Content that is known to have fewer bytes is not compressed: it would hardly become smaller.
        """#,
        "CompressionConfiguration.types": #"""
        The types of content that are compressed. One `*` stands for any text but nothing, as in `text/*` and
        `application/*+json`. Streams of events, `text/event-stream`, are compressed only if they are named; then each event is
        sent at once.
        """#,
        "CompressionConfiguration.zstdLevel": #"""
        The same of zstd.
        """#,
    ]
}
