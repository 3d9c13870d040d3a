// The values that a head is made of: lines, methods, refusals.

import MartletHTTPCore
import Testing

struct FieldTableTests {
    private static func line(_ position: Int, _ known: KnownField) -> FieldLine {
        FieldLine(name: ByteRange(from: position, to: position + 1), value: ByteRange(), known: known)
    }

    @Test func holdsLinesInOrderUpToItsCapacity() {
        var table = FieldTable(capacity: 2)
        let kinds: [KnownField] = [.via, .other, .host]
        var taken: [Bool] = []
        for (index, known) in kinds.enumerated() { taken.append(table.append(Self.line(index, known))) }
        #expect(taken == [true, true, false])
        let (count, capacity) = (table.count, table.capacity)
        #expect(count == 2 && capacity == 2)
        let lines = [table[0], table[1]]
        #expect(lines == [Self.line(0, .via), Self.line(1, .other)])
    }

    /// Other names are not among the known, and a line that did not fit is not there.
    @Test func knowsWhatIsPresent() {
        var table = FieldTable(capacity: 3)
        for known: KnownField in [.other, .via, .via, .host] { _ = table.append(Self.line(0, known)) }
        var present = table.present
        #expect(present == [.via])
        let found = [table.firstIndex(of: .via), table.firstIndex(of: .host), table.firstIndex(of: .other)]
        #expect(found == [1, nil, nil])
        table[0] = Self.line(0, .cookie)
        present = table.present
        #expect(present == [.via, .cookie])
        let cookie = table.firstIndex(of: .cookie)
        #expect(cookie == 0)
    }

    @Test func forgetsEverything() {
        var table = FieldTable(capacity: 2)
        _ = table.append(Self.line(0, .host))
        table.removeAll()
        let isEmpty = table.count == 0 && table.present.isEmpty && table.firstIndex(of: .host) == nil
        #expect(isEmpty)
        let capacity = table.capacity
        #expect(capacity == 2)
    }
}

struct HTTPMethodTests {
    @Test(arguments: HTTPMethod.allCases)
    func aNameIsCaseSensitive(method: HTTPMethod) {
        let name = method.name.description
        #expect(HTTPMethod(name: name.utf8.span) == method)
        #expect(HTTPMethod(name: name.lowercased().utf8.span) == .other)
        #expect(HTTPMethod(name: (name + "S").utf8.span) == .other)
        #expect(HTTPMethod(name: name.dropLast().description.utf8.span) == .other)
    }

    /// RFC 9110 sections 9.2.1 and 9.2.2; whatever is safe is idempotent.
    @Test func whatMayBeRepeated() {
        let idempotent: [HTTPMethod] = [.get, .head, .put, .delete, .options, .trace]
        let safe: [HTTPMethod] = [.get, .head, .options, .trace]
        for method in HTTPMethod.allCases {
            #expect(method.isIdempotent == idempotent.contains(method))
            #expect(method.isSafe == safe.contains(method))
        }
    }
}

struct HeadRefusalTests {
    @Test(arguments: HeadRefusal.allCases)
    func hasItsStatus(refusal: HeadRefusal) {
        let expected =
            switch refusal {
            case .targetTooLong: 414
            case .unknownExpectation: 417
            case .headTooLarge, .tooManyFields, .trailersTooLarge: 431
            case .versionNotSupported: 505
            default: 400
            }
        #expect(refusal.status == expected)
    }

    @Test func eachHasItsOwnWords() {
        let reasons = HeadRefusal.allCases.map(\.reason)
        #expect(Set(reasons).count == reasons.count && !reasons.contains(""))
        // They stand in log lines.
        #expect(reasons.allSatisfy { $0.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 } })
    }
}
