// Trailers of gRPC become content in gRPC-Web: a last frame, whose prefix has the flag `MessagePrefix.trailers`.

import MartletHTTPCore

/// The last frame of a gRPC-Web response.
package enum WebTrailers {
    /// Makes field lines, "Name: value" with CR LF, into the frame's content: names are in lower case.
    package static func lowercaseNames(_ lines: inout MutableSpan<UInt8>) {
        var isName = true
        for index in lines.indices {
            let byte = lines[index]
            if byte == 0x0A {
                isName = true
            } else if byte == 0x3A {
                isName = false
            } else if isName {
                lines[index] = ByteScan.lowercased(byte)
            }
        }
    }

    /// The field lines within the end of chunked content (RFC 9112 section 7.1): "0", the lines, and the blank line, each with
    /// CR LF. Empty for what has no lines.
    package static func lines(ofLastChunk text: Span<UInt8>) -> ByteRange {
        text.count > 5 ? ByteRange(from: 3, to: text.count - 2) : ByteRange()
    }
}
