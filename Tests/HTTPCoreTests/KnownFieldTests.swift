import MartletHTTPCore
import Testing

struct KnownFieldTests {
    @Test(arguments: KnownField.allCases)
    func everyNameIsFoundInAnyCase(field: KnownField) {
        guard field != .other else { return }
        let name = field.name.description
        for spelling in [name, name.lowercased(), name.uppercased()] {
            #expect(KnownField(token: Array(spelling.utf8).span) == field)
            // With other bytes around, as in a head, and at the very end of the bytes.
            let bytes = Array(("xx" + spelling + ": and more than eight bytes").utf8)
            #expect(KnownField.lookup(bytes.span, from: 2, count: spelling.utf8.count) == field)
        }
    }

    @Test(arguments: KnownField.allCases)
    func aNameThatDiffersInOneByteIsAnother(field: KnownField) {
        let name = Array(field.name.description.utf8)
        for index in name.indices {
            var changed = name
            changed[index] = name[index] == 0x7A ? 0x79 : 0x7A
            #expect(KnownField(token: changed.span) != field || changed == name)
            let shorter = Array(name[..<index] + name[(index + 1)...])
            #expect(KnownField(token: shorter.span) != field || shorter.isEmpty)
        }
        #expect(KnownField(token: (name + [0x78]).span) == .other)
    }

    @Test func setsHoldWhatWasPutIn() {
        var set: KnownFieldSet = [.host, .retryAfter]
        #expect(set.contains(.host) && set.contains(.retryAfter) && !set.contains(.te))
        set.remove(.host)
        set.insert(.te)
        #expect(set == [.te, .retryAfter])
        #expect(set.union([.via]) == [.te, .via, .retryAfter])
        #expect(set.isDisjoint(with: [.via]) && !set.isDisjoint(with: [.te]))
        #expect(KnownFieldSet().isEmpty && !set.isEmpty)
    }

    @Test func thereAreFewEnoughForASet() {
        #expect(KnownField.allCases.count <= 64)
        #expect(KnownField.allCases.allSatisfy { $0.rawValue < 64 })
    }
}
