// HAProxy's agent check: a line of text in which a server says how it wants to be treated. Bytes from outside.
import MartletHTTPCore

/// What an agent has said.
package struct AgentReply: Sendable, Equatable {
    /// What the agent wants of the balancer.
    package enum Wish: Sendable, Equatable {
        case ready, drain, maintenance
    }

    /// Whether the server works.
    package enum Condition: Sendable, Equatable {
        case up
        /// In the agent's words: "stopped", "failed (no disk)".
        case down(String)
    }

    /// The share of the configured weight, in percent, at most `highestPercent`.
    package var percent: UInt32?
    package var wish: Wish?
    package var condition: Condition?
    /// The most exchanges at a time; 0 for what the config says.
    package var limit: UInt32?

    /// Bytes of a reply that are read.
    package static var limitBytes: Int { 1_024 }
    package static var highestPercent: UInt32 { 10_000 }
    /// Characters of an explanation that are kept.
    private static var longestExplanation: Int { 120 }

    package init() {}

    /// Reads the first line: words apart by blanks or commas, in any case, an explanation behind "#". Words that are not
    /// known are passed over; `nil` if none is known.
    package static func parse(_ bytes: Span<UInt8>) -> AgentReply? {
        let line = bytes.extracting(0..<lineEnd(bytes))
        var reply = AgentReply()
        var isKnown = false
        var index = 0
        while index < line.count && line[index] != UInt8(ascii: "#") {
            if isSeparator(line[index]) {
                index += 1
                continue
            }
            let start = index
            while index < line.count, !isSeparator(line[index]), line[index] != UInt8(ascii: "#") { index += 1 }
            if reply.note(line.extracting(start..<index)) { isKnown = true }
        }
        if case .down(let word) = reply.condition, index < line.count {
            let text = explanation(line.extracting((index + 1)..<line.count))
            if !text.isEmpty { reply.condition = .down("\(word) (\(text))") }
        }
        return isKnown ? reply : nil
    }

    /// Whether the line has ended, so that there is nothing to wait for.
    package static func isComplete(_ bytes: Span<UInt8>) -> Bool {
        bytes.count >= limitBytes || lineEnd(bytes) < bytes.count
    }

    private static func lineEnd(_ bytes: Span<UInt8>) -> Int {
        let most = min(bytes.count, limitBytes)
        for index in 0..<most where bytes[index] == 0x0A || bytes[index] == 0x0D { return index }
        return most
    }

    private static func isSeparator(_ byte: UInt8) -> Bool { ByteScan.isBlank(byte) || byte == UInt8(ascii: ",") }

    /// Takes a word; whether it is known.
    private mutating func note(_ word: Span<UInt8>) -> Bool {
        func isWord(_ text: StaticString) -> Bool { ByteScan.equals(word, lowercase: text) }
        if isWord("up") {
            condition = .up
        } else if isWord("down") {
            condition = .down("down")
        } else if isWord("stopped") {
            condition = .down("stopped")
        } else if isWord("fail") || isWord("failed") {
            condition = .down("failed")
        } else if isWord("ready") {
            wish = .ready
        } else if isWord("drain") {
            wish = .drain
        } else if isWord("maint") {
            wish = .maintenance
        } else {
            return noteNumber(word)
        }
        return true
    }

    private mutating func noteNumber(_ word: Span<UInt8>) -> Bool {
        let name = ("maxconn:" as StaticString).bytes
        if word.count > name.count, ByteScan.equalsIgnoringCase(word.extracting(first: name.count), name),
            let number = ByteNumber.decimal(word.extracting(name.count..<word.count))
        {
            limit = UInt32(clamping: number)
            return true
        }
        if word.count > 1, word[word.count - 1] == UInt8(ascii: "%"),
            let number = ByteNumber.decimal(word.extracting(0..<(word.count - 1)))
        {
            percent = min(UInt32(clamping: number), Self.highestPercent)
            return true
        }
        return false
    }

    /// What may stand in a log: printable, and not too long.
    private static func explanation(_ bytes: Span<UInt8>) -> String {
        let trimmed = bytes.extracting(ByteScan.trimmed(bytes, from: 0, to: bytes.count))
        var text = ""
        for index in 0..<min(trimmed.count, longestExplanation) {
            let byte = trimmed[index]
            text.unicodeScalars.append(Unicode.Scalar(byte >= 0x20 && byte < 0x7F ? byte : UInt8(ascii: "?")))
        }
        return text
    }
}

/// What a server's agent has said so far: what it does not repeat stays as it was.
package struct AgentStanding: Sendable, Equatable {
    package private(set) var percent: UInt32 = 100
    package private(set) var wish = AgentReply.Wish.ready
    package private(set) var condition = AgentReply.Condition.up
    /// `nil` for what the config says.
    package private(set) var limit: UInt32?

    package init() {}

    /// Takes a reply.
    package mutating func note(_ reply: AgentReply) {
        percent = reply.percent ?? percent
        wish = reply.wish ?? wish
        condition = reply.condition ?? condition
        if let number = reply.limit { limit = number == 0 ? nil : number }
    }

    /// Whether it wants no new exchanges: it says so, or its share is nothing.
    package var isDraining: Bool { wish == .drain || percent == 0 }
}
