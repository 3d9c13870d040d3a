// From the names of files to media types. Pure.

/// What files are, by the endings of their names.
package struct MediaTypes: Sendable {
    /// For names that tell nothing.
    package static let unknown = "application/octet-stream"

    private var types: [String: String]

    /// The usual types, and others beside or instead of them, by endings in lower case without a dot.
    package init(adding others: [String: String] = [:]) { types = Self.usual.merging(others) { $1 } }

    /// The type of the file with this path.
    package func type(of path: [UInt8]) -> String {
        let name = path.suffix(from: path.lastIndex(of: 0x2F).map { $0 + 1 } ?? 0)
        guard let dot = name.lastIndex(of: 0x2E), dot > name.startIndex, name.endIndex - dot <= 32 else {
            return Self.unknown
        }
        return types[String(decoding: name[(dot + 1)...], as: UTF8.self).lowercased()] ?? Self.unknown
    }

    /// Texts are said to be in UTF-8, as nearly all are.
    private static let usual: [String: String] = [
        "html": "text/html; charset=utf-8", "htm": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
        "js": "text/javascript; charset=utf-8", "mjs": "text/javascript; charset=utf-8",
        "txt": "text/plain; charset=utf-8", "text": "text/plain; charset=utf-8", "log": "text/plain; charset=utf-8",
        "md": "text/markdown; charset=utf-8", "csv": "text/csv; charset=utf-8", "ics": "text/calendar; charset=utf-8",
        "vtt": "text/vtt; charset=utf-8", "vcf": "text/vcard; charset=utf-8",
        "xml": "application/xml", "xsl": "application/xml", "rss": "application/rss+xml",
        "atom": "application/atom+xml", "xhtml": "application/xhtml+xml", "json": "application/json",
        "map": "application/json", "jsonld": "application/ld+json", "geojson": "application/geo+json",
        "webmanifest": "application/manifest+json", "yaml": "application/yaml", "yml": "application/yaml",
        "wasm": "application/wasm", "pdf": "application/pdf", "rtf": "application/rtf",
        "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
        "avif": "image/avif", "heic": "image/heic", "svg": "image/svg+xml", "ico": "image/vnd.microsoft.icon",
        "bmp": "image/bmp", "tif": "image/tiff", "tiff": "image/tiff", "jxl": "image/jxl", "apng": "image/apng",
        "woff": "font/woff", "woff2": "font/woff2", "ttf": "font/ttf", "otf": "font/otf",
        "mp3": "audio/mpeg", "ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg", "wav": "audio/wav",
        "flac": "audio/flac", "m4a": "audio/mp4", "aac": "audio/aac", "weba": "audio/webm", "mid": "audio/midi",
        "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "ogv": "video/ogg", "mov": "video/quicktime",
        "mpeg": "video/mpeg", "mpg": "video/mpeg", "avi": "video/x-msvideo", "ts": "video/mp2t",
        "m3u8": "application/vnd.apple.mpegurl", "mpd": "application/dash+xml",
        "zip": "application/zip", "gz": "application/gzip", "tgz": "application/gzip", "tar": "application/x-tar",
        "bz2": "application/x-bzip2", "xz": "application/x-xz", "zst": "application/zstd",
        "7z": "application/x-7z-compressed", "rar": "application/vnd.rar", "jar": "application/java-archive",
        "deb": "application/vnd.debian.binary-package", "rpm": "application/x-rpm", "epub": "application/epub+zip",
        "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
        "pem": "application/x-pem-file", "crt": "application/x-x509-ca-cert", "asc": "application/pgp-signature",
    ]
}
