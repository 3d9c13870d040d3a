// Reads the PROXY protocol. It is asked anew with all that has come whenever there is more: headers are short, and nearly
// always come in one piece.
import MartletHTTPCore

/// Finds the header at the beginning of a connection. Whatever is not one as the specification has it is refused at its
/// first wrong byte.
package enum ProxyProtocolReader {
    /// The longest header of version 1 (section 2.1), and the longest of version 2 that is taken.
    static var textLimit: Int { 107 }
    package static var limit: Int { 4_096 }

    package static func read(_ bytes: Span<UInt8>) -> ProxyHeaderResult {
        if bytes.isEmpty { return .incomplete }
        return bytes[0] == 0x50 ? ProxyTextReader.read(bytes) : ProxyBinaryReader.read(bytes)
    }
}

/// Version 1: a line of text (section 2.1).
enum ProxyTextReader {
    private static let start: StaticString = "PROXY "

    static func read(_ bytes: Span<UInt8>) -> ProxyHeaderResult {
        let start = start.bytes
        for index in 0..<min(bytes.count, ProxyProtocolReader.textLimit - 1) {
            let byte = bytes[index]
            if index < start.count && byte != start[index] { return .refused(.notAHeader) }
            if byte == 0x0D {
                if index + 1 == bytes.count { return .incomplete }
                if bytes[index + 1] != 0x0A { return .refused(.badLine) }
                return parse(bytes.extracting(start.count..<index))
            }
            if byte < 0x20 || byte > 0x7E { return .refused(.badLine) }
        }
        return bytes.count < ProxyProtocolReader.textLimit - 1 ? .incomplete : .refused(.tooLong)
    }

    /// - Parameter line: what stands between "PROXY " and the line's end.
    private static func parse(_ line: Span<UInt8>) -> ProxyHeaderResult {
        var header = ProxyHeader(length: start.bytes.count + line.count + 2)
        let first = word(line, from: 0)
        let family = line.extracting(first)
        // What follows means nothing then.
        if family.equals("UNKNOWN") { return .complete(header) }
        let isV4 = family.equals("TCP4")
        if !isV4 && !family.equals("TCP6") { return .refused(.badFamily) }
        var words: [Range<Int>] = []
        var end = first.upperBound
        while end < line.count && words.count < 5 {
            let next = word(line, from: end + 1)
            words.append(next)
            end = next.upperBound
        }
        if words.count != 4 { return .refused(.badLine) }
        guard let source = address(line.extracting(words[0]), isV4: isV4),
            let destination = address(line.extracting(words[1]), isV4: isV4)
        else { return .refused(.badAddress) }
        guard let sourcePort = port(line.extracting(words[2])), let destinationPort = port(line.extracting(words[3]))
        else { return .refused(.badPort) }
        header.source = ProxyEndpoint(source, port: sourcePort)
        header.destination = ProxyEndpoint(destination, port: destinationPort)
        return .complete(header)
    }

    /// From `start` to the next space, or the end.
    private static func word(_ line: Span<UInt8>, from start: Int) -> Range<Int> {
        var end = start
        while end < line.count && line[end] != 0x20 { end += 1 }
        return start..<end
    }

    private static func address(_ text: Span<UInt8>, isV4: Bool) -> IPAddress? {
        guard let address = IPAddress(parsing: text) else { return nil }
        // TCP6 may have an address that maps one of IPv4, but written as IPv6.
        var hasColon = false
        for index in text.indices where text[index] == 0x3A { hasColon = true }
        return hasColon == isV4 ? nil : address
    }

    private static func port(_ text: Span<UInt8>) -> UInt16? {
        if text.isEmpty || text.count > 5 || (text[0] == 0x30 && text.count > 1) { return nil }
        guard let number = ByteNumber.decimal(text) else { return nil }
        return UInt16(exactly: number)
    }
}

extension Span<UInt8> {
    fileprivate func equals(_ text: StaticString) -> Bool { ByteScan.equals(self, text.bytes) }
}
