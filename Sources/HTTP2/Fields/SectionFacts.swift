// What the lines of a section say about the message, gathered one by one. Whatever can be judged from a single line is
// judged here.

import MartletHTTPCore

struct SectionFacts: BitwiseCopyable {
    /// Which pseudo-fields there are: bit `n` for the one whose raw value is `n`.
    private var seen: UInt32 = 0
    /// A field that is none has come.
    private var isBehindPseudoFields = false
    /// The values of the pseudo-fields that there are.
    var method = ByteRange()
    var scheme = ByteRange()
    var authority = ByteRange()
    var path = ByteRange()
    var protocolName = ByteRange()
    var status = ByteRange()
    /// The value of Host.
    var host: ByteRange?
    /// The value of Content-Length.
    var contentLength: UInt64?
    /// Expect: 100-continue.
    var expectsContinue = false
    /// TE: trailers.
    var acceptsTrailers = false

    /// Whether there is one of this kind.
    @inline(__always)
    func has(_ field: PseudoField) -> Bool { seen & 1 &<< UInt32(field.rawValue) != 0 }

    /// Takes in a pseudo-field.
    @inline(__always)
    mutating func note(_ line: SectionLine) throws(SectionFault) {
        guard !isBehindPseudoFields else { throw .latePseudoField }
        guard !has(line.pseudo) else { throw .repeatedPseudoField }
        guard line.marks.isEmpty else { throw .badFieldValue }
        seen |= 1 &<< UInt32(line.pseudo.rawValue)
        switch line.pseudo {
        case .none, .unknown: throw .unknownPseudoField
        case .method: method = line.value
        case .scheme: scheme = line.value
        case .authority: authority = line.value
        case .path: path = line.value
        case .protocol: protocolName = line.value
        case .status: status = line.value
        }
    }

    /// Notes that a field has come that is none of them.
    @inline(__always)
    mutating func noteField() { isBehindPseudoFields = true }

    /// The field line that `line`, which is no pseudo-field, becomes.
    @inline(__always)
    static func field(_ line: SectionLine) throws(SectionFault) -> FieldLine {
        var field = line.field
        if !line.marks.isEmpty { field.isHopByHop = try judge(line.marks) }
        return field
    }

    /// Throws for what is wrong; otherwise the name is one that must not pass.
    @inline(never)
    private static func judge(_ marks: LineMarks) throws(SectionFault) -> Bool {
        if marks.contains(.badName) { throw .badFieldName }
        if marks.contains(.upperCase) { throw .upperCaseName }
        if marks.contains(.badValue) { throw .badFieldValue }
        return true
    }
}

extension SectionFacts {
    /// Takes in a field of a request whose name concerns the hop.
    @inline(never)
    mutating func noteRequest(_ field: inout FieldLine, in arena: Span<UInt8>) throws(SectionFault) {
        switch field.known {
        case .host: try noteHost(field.value, in: arena)
        case .expect: try noteExpect(arena.extracting(field.value))
        case .te: try noteTE(&field, in: arena)
        default: try noteCommon(&field, in: arena)
        }
    }

    /// The same of a response.
    @inline(never)
    mutating func noteResponse(_ field: inout FieldLine, in arena: Span<UInt8>) throws(SectionFault) {
        switch field.known {
        case .host, .expect: return
        case .te: throw .badTE
        default: try noteCommon(&field, in: arena)
        }
    }

    @inline(__always)
    private mutating func noteCommon(_ field: inout FieldLine, in arena: Span<UInt8>) throws(SectionFault) {
        switch field.known {
        case .contentLength: try noteLength(arena.extracting(field.value))
        case .connection, .keepAlive, .proxyConnection, .transferEncoding, .upgrade: throw .connectionField
        default: field.isHopByHop = true
        }
    }

    private mutating func noteHost(_ value: ByteRange, in arena: Span<UInt8>) throws(SectionFault) {
        guard host == nil else { throw .repeatedHost }
        guard HostRule.allows(arena, value) else { throw .badAuthority }
        host = value
    }

    private mutating func noteExpect(_ value: Span<UInt8>) throws(SectionFault) {
        guard ByteScan.equals(value, lowercase: "100-continue") else { throw .unknownExpectation }
        expectsContinue = true
    }

    /// TE: "trailers" and nothing else (RFC 9113 section 8.2.2). It ends at this hop.
    private mutating func noteTE(_ field: inout FieldLine, in arena: Span<UInt8>) throws(SectionFault) {
        guard ByteScan.equals(arena.extracting(field.value), lowercase: "trailers") else { throw .badTE }
        acceptsTrailers = true
        field.isHopByHop = true
    }

    private mutating func noteLength(_ value: Span<UInt8>) throws(SectionFault) {
        guard let length = ByteNumber.decimal(value) else { throw .badContentLength }
        guard contentLength == nil else { throw .repeatedContentLength }
        contentLength = length
    }
}
