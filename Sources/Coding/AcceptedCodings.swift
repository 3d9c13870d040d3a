// Which codings a client takes: Accept-Encoding (RFC 9110 section 12.5.3).
import MartletHTTPCore

/// What a request says of the codings that its client takes.
package struct AcceptedCodings: BitwiseCopyable, Sendable {
    /// Weights in thousandths by `ContentCoding`, then that of "*"; -1 where nothing is said.
    private var weights = InlineArray<5, Int16>(repeating: -1)
    private static var others: Int { 4 }

    /// Nothing is said: only what is not coded is sure to be understood.
    package init() {}

    /// Takes one line's value in. What is not understood in it counts for nothing.
    package mutating func note(_ value: Span<UInt8>) {
        var start = 0
        for index in 0...value.count where index == value.count || value[index] == 0x2C {
            noteElement(value, from: start, to: index)
            start = index + 1
        }
    }

    private mutating func noteElement(_ value: Span<UInt8>, from start: Int, to end: Int) {
        var middle = start
        while middle < end && value[middle] != 0x3B { middle += 1 }
        let name = value.extracting(ByteScan.trimmed(value, from: start, to: middle))
        var weight = 1_000
        if middle < end {
            let parameter = value.extracting(ByteScan.trimmed(value, from: middle + 1, to: end))
            guard let said = Self.weight(parameter) else { return }
            weight = said
        }
        if let coding = ContentCoding(name) {
            weights[Int(coding.rawValue)] = Int16(weight)
        } else if name.count == 1 && name[0] == 0x2A {
            weights[Self.others] = Int16(weight)
        }
    }

    /// Thousandths of "q=0.5" (RFC 9110 section 12.4.2); `nil` for anything else.
    private static func weight(_ parameter: Span<UInt8>) -> Int? {
        guard parameter.count >= 3, parameter.count <= 7, ByteScan.lowercased(parameter[0]) == 0x71,
            parameter[1] == 0x3D, parameter[2] == 0x30 || parameter[2] == 0x31
        else { return nil }
        var weight = Int(parameter[2] - 0x30) * 1_000
        if parameter.count == 3 { return weight }
        if parameter[3] != 0x2E { return nil }
        var unit = 100
        for index in 4..<parameter.count {
            let digit = parameter[index]
            if digit < 0x30 || digit > 0x39 { return nil }
            weight += Int(digit - 0x30) * unit
            unit /= 10
        }
        return weight <= 1_000 ? weight : nil
    }

    /// How much the client wants a coding, in thousandths; 0 if it does not take it.
    package func weight(of coding: ContentCoding) -> Int {
        let own = Int(weights[Int(coding.rawValue)])
        return own >= 0 ? own : max(Int(weights[Self.others]), 0)
    }

    /// Whether the client takes a coding.
    package func takes(_ coding: ContentCoding) -> Bool { weight(of: coding) > 0 }

    /// The coding that the client wants most of those that are offered, the first of them if it wants several as much.
    /// `identity` if it takes none, or says that it would rather have none.
    package func choose(_ offers: CodingOffers) -> ContentCoding {
        var best = ContentCoding.identity
        var most = 0
        for place in 0..<offers.count where weight(of: offers[place]) > most {
            best = offers[place]
            most = weight(of: best)
        }
        return Int(weights[Int(ContentCoding.identity.rawValue)]) > most ? .identity : best
    }
}

/// Codings that are offered, in the order in which we would rather send them.
package struct CodingOffers: BitwiseCopyable, Sendable, Equatable {
    /// A byte each.
    private var codings: UInt32 = 0
    package private(set) var count = 0

    /// Those of a list; more than three are forgotten, and so is identity.
    package init(_ list: [ContentCoding]) {
        for coding in list where coding != .identity && count < 3 {
            codings |= UInt32(coding.rawValue) << UInt32(8 * count)
            count += 1
        }
    }

    package subscript(place: Int) -> ContentCoding {
        ContentCoding(rawValue: UInt8(truncatingIfNeeded: codings >> UInt32(8 * place))) ?? .identity
    }
}
