// Content with several ranges: multipart/byteranges (RFC 9110 section 14.6). Pure.

/// A piece of a response's content.
package enum FilePiece: Equatable, Sendable {
    /// These bytes.
    case text([UInt8])
    /// Bytes of the file.
    case file(FileSlice)

    /// In bytes.
    package var count: Int64 {
        switch self {
        case .text(let bytes): Int64(bytes.count)
        case .file(let slice): slice.count
        }
    }
}

/// Puts several slices into one content.
package enum FileParts {
    /// The pieces of the content, in order.
    /// - Parameters:
    ///   - type: the media type of the whole.
    ///   - size: the length of the whole.
    ///   - boundary: what stands between the parts. It has to be such that the file does not have it, unless by chance that nobody
    ///     can bring about.
    package static func pieces(
        _ slices: [FileSlice], type: String, size: Int64, boundary: String
    ) -> [FilePiece] {
        var pieces: [FilePiece] = []
        for slice in slices {
            let head =
                "\r\n--\(boundary)\r\nContent-Type: \(type)\r\nContent-Range: \(range(slice, size))\r\n\r\n"
            pieces.append(.text(Array(head.utf8)))
            pieces.append(.file(slice))
        }
        pieces.append(.text(Array("\r\n--\(boundary)--\r\n".utf8)))
        return pieces
    }

    /// The value of Content-Range.
    package static func range(_ slice: FileSlice, _ size: Int64) -> String {
        "bytes \(slice.start)-\(slice.end - 1)/\(size)"
    }
}
