// What the fields of a head say about the message and the connection, gathered while they are parsed. Whatever can be
// judged from a single line is judged here; the rest when the head is complete.

import MartletHTTPCore

struct FieldFacts: BitwiseCopyable {
    /// The value of Content-Length.
    var contentLength: UInt64?
    /// There is a Transfer-Encoding, and it is "chunked".
    var isChunked = false
    /// Connection: close.
    var saysClose = false
    /// Connection: keep-alive.
    var saysKeepAlive = false
    /// Connection names fields that are to be dropped with it.
    var nominates = false
    /// The number of connection options.
    var options = 0
    /// The value of Host.
    var host: ByteRange?
    /// Expect: 100-continue.
    var expectsContinue = false
    /// TE: trailers.
    var acceptsTrailers = false

    /// Takes in a line of a request whose name concerns the hop.
    @inline(never)
    mutating func noteRequest(_ line: inout FieldLine, in bytes: Span<UInt8>) throws(HeadStop) {
        switch line.known {
        case .host: try noteHost(line.value, in: bytes)
        case .expect: try noteExpect(bytes.extracting(line.value))
        default: try noteResponse(&line, in: bytes)
        }
    }

    /// Takes in a line of a response whose name concerns the hop.
    @inline(__always)
    mutating func noteResponse(_ line: inout FieldLine, in bytes: Span<UInt8>) throws(HeadStop) {
        switch line.known {
        case .contentLength: try noteLength(bytes.extracting(line.value))
        case .transferEncoding: try noteCoding(bytes.extracting(line.value))
        case .connection: try ConnectionOptions.note(line.value, in: bytes, into: &self)
        case .te: noteTE(line.value, in: bytes)
        case .host, .expect: return
        default: break
        }
        line.isHopByHop = line.known != .contentLength
    }

    /// Host: one, and valid (RFC 9112 section 3.2).
    @inline(__always)
    private mutating func noteHost(_ value: ByteRange, in bytes: Span<UInt8>) throws(HeadStop) {
        guard host == nil else { throw .refused(.repeatedHost) }
        guard HostRule.allows(bytes, value) else { throw .refused(.badHost) }
        host = value
    }

    /// Expect: nothing but 100-continue is known (RFC 9110 section 10.1.1).
    private mutating func noteExpect(_ value: Span<UInt8>) throws(HeadStop) {
        guard ByteScan.equals(value, lowercase: "100-continue") else { throw .refused(.unknownExpectation) }
        expectsContinue = true
    }

    /// Content-Length: one, and a number (RFC 9112 section 6.3, rule 5, without its leniency for equal ones).
    private mutating func noteLength(_ value: Span<UInt8>) throws(HeadStop) {
        guard let length = ByteNumber.decimal(value) else { throw .refused(.badContentLength) }
        guard contentLength == nil else { throw .refused(.repeatedContentLength) }
        contentLength = length
    }

    /// Transfer-Encoding: a single "chunked" (RFC 9112 section 6.1).
    private mutating func noteCoding(_ value: Span<UInt8>) throws(HeadStop) {
        guard !isChunked, ByteScan.equals(value, lowercase: "chunked") else {
            throw .refused(.badTransferEncoding)
        }
        isChunked = true
    }

    /// TE: only its "trailers" is of interest, as codings are not passed on (RFC 9110 section 10.1.4).
    private mutating func noteTE(_ value: ByteRange, in bytes: Span<UInt8>) {
        var list = ListCursor(value)
        while let element = list.next(in: bytes) {
            if ByteScan.equals(bytes.extracting(element), lowercase: "trailers") { acceptsTrailers = true }
        }
    }
}
