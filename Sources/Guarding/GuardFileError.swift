// What is wrong with a file of networks, users or keys.

/// Why a list cannot be used: the line, counted from 1, and what is wrong with it. It never has a secret in it.
package struct GuardFileError: Error, Equatable, Sendable, CustomStringConvertible {
    package let line: Int
    package let message: String

    init(line: Int, _ message: String) {
        self.line = line
        self.message = message
    }

    package var description: String { "line \(line): \(message)" }
}

/// The lines of a list, with their numbers: without blanks around them, comments and empty ones.
struct ListLines: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>
    private var number = 0

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func next() -> (number: Int, text: String)? {
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
            let line = rest[..<end]
            rest = end == rest.endIndex ? [] : rest[(end + 1)...]
            number += 1
            let text = Self.trimmed(line)
            if text.isEmpty || text.first == 0x23 { continue }
            return (number, String(decoding: text, as: UTF8.self))
        }
        return nil
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        while let byte = line.first, isBlank(byte) { line.removeFirst() }
        while let byte = line.last, isBlank(byte) { line.removeLast() }
        return line
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
