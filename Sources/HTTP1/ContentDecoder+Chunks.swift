// The chunked transfer coding (RFC 9112 section 7.1). A chunk size is digits and nothing else; line ends are CR LF.

import MartletHTTPCore

extension ContentDecoder {
    /// The most bytes of the extensions of one chunk.
    static let extensionLimit = 256
    /// How many bytes of extensions a message may have more than it has content. Beyond that they are not there for the
    /// content's sake (compare CVE-2023-39326).
    static let extensionAllowance: UInt64 = 8192

    /// Decodes as much as there is.
    mutating func decodeChunks(
        _ bytes: inout MutableSpan<UInt8>, trailerLimit: Int, into decoded: inout DecodedContent
    ) {
        do throws(HeadRefusal) {
            while decoded.consumed < bytes.count, phase != .trailers, phase != .complete {
                if phase == .chunkData {
                    takeData(&bytes, into: &decoded)
                } else {
                    try step(bytes[decoded.consumed])
                    decoded.consumed &+= 1
                }
            }
            if phase == .trailers {
                try takeTrailers(bytes.span, limit: trailerLimit, into: &decoded)
            }
        } catch {
            phase = .refused(error)
            decoded.refusal = error
        }
    }

    /// Takes what there is of the chunk's data.
    private mutating func takeData(_ bytes: inout MutableSpan<UInt8>, into decoded: inout DecodedContent) {
        let start = decoded.consumed
        let taken = Int(min(remaining, UInt64(bytes.count &- start)))
        if decoded.content.isEmpty {
            decoded.content = start..<(start &+ taken)
        } else {
            let end = decoded.content.upperBound
            bytes.moveDown(from: start, to: end, count: taken)
            decoded.content = decoded.content.lowerBound..<(end &+ taken)
        }
        decoded.consumed = start &+ taken
        contentBytes &+= UInt64(taken)
        remaining &-= UInt64(taken)
        if remaining == 0 { phase = .dataCarriageReturn }
    }

    /// Takes one byte that is neither data nor of the trailers.
    private mutating func step(_ byte: UInt8) throws(HeadRefusal) {
        switch phase {
        case .chunkSize: try stepSize(byte)
        case .chunkExtension: try stepExtension(byte)
        case .chunkLineFeed:
            guard byte == 0x0A else { throw .bareCarriageReturn }
            phase = remaining == 0 ? .trailers : .chunkData
        case .dataCarriageReturn:
            guard byte == 0x0D else { throw .badChunkEnd }
            phase = .dataLineFeed
        case .dataLineFeed:
            guard byte == 0x0A else { throw .badChunkEnd }
            beginChunk()
        case .complete, .length, .untilClose, .chunkData, .trailers, .refused:
            preconditionFailure("not a byte of a chunk's line")
        }
    }

    private mutating func beginChunk() {
        phase = .chunkSize
        sizeDigits = 0
        extensionBytes = 0
    }

    /// A digit of the size, or ";" or CR behind at least one.
    private mutating func stepSize(_ byte: UInt8) throws(HeadRefusal) {
        if let digit = ByteNumber.hexDigit(byte) {
            guard sizeDigits < 16, remaining < 1 << 59 else { throw .badChunkSize }
            remaining = remaining &<< 4 | UInt64(digit)
            sizeDigits += 1
        } else if sizeDigits > 0, byte == 0x0D {
            phase = .chunkLineFeed
        } else if sizeDigits > 0, byte == 0x3B {
            phase = .chunkExtension
            try countExtension()
        } else {
            throw byte == 0x0A ? .bareLineFeed : .badChunkSize
        }
    }

    /// Extensions are read over: none is known here (RFC 9112 section 7.1.1).
    private mutating func stepExtension(_ byte: UInt8) throws(HeadRefusal) {
        if byte == 0x0D {
            phase = .chunkLineFeed
        } else if ValueStop.contains(byte) {
            throw byte == 0x0A ? .bareLineFeed : .badChunkExtension
        } else {
            try countExtension()
        }
    }

    private mutating func countExtension() throws(HeadRefusal) {
        extensionBytes += 1
        allExtensionBytes += 1
        guard extensionBytes <= Self.extensionLimit, allExtensionBytes <= contentBytes &+ Self.extensionAllowance
        else { throw .chunkExtensionsTooLong }
    }

    /// Looks for the end of the trailer section, which begins with the first byte that is not consumed.
    private mutating func takeTrailers(
        _ bytes: Span<UInt8>, limit: Int, into decoded: inout DecodedContent
    ) throws(HeadRefusal) {
        let start = decoded.consumed
        // The blank line alone is no section. What is beyond the limit is not looked at, so that the answer does not
        // depend on how much has arrived.
        let limit = max(limit, 2)
        let window = bytes.extracting(start..<bytes.count).extracting(first: limit)
        switch trailerScan.scan(window) {
        case .refused(let refusal): throw refusal
        case .incomplete:
            guard window.count < limit else { throw .trailersTooLarge }
        case .complete(let length):
            if length > 2 { decoded.trailers = start..<(start + length) }
            decoded.consumed = start + length
            phase = .complete
        }
    }
}
