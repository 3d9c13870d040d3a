import MartletEventLoop
import MartletTestSupport
import Testing

extension Slab where Element: ~Copyable {
    fileprivate mutating func add(_ record: consuming Element) throws -> Token {
        guard let token = insert(record) else { throw TestFailure("the slab is full") }
        return token
    }
}

@Suite struct SlabTests {
    @Test func aRecordIsFoundByItsToken() throws {
        var slab = Slab<Int>(limit: 10)
        let first = try slab.add(1)
        let second = try slab.add(2)
        slab[first.index] += 10
        #expect(slab[first.index] == 11 && slab[second.index] == 2)
        #expect(slab.contains(first) && slab.contains(second) && slab.count == 2)
    }

    @Test func anOldTokenDoesNotNameTheNewRecord() throws {
        var slab = Slab<Int>(limit: 1)
        let old = try slab.add(1)
        slab.remove(old)
        #expect(slab.contains(old) == false)
        let new = try slab.add(2)
        #expect(new.index == old.index && new.generation != old.generation)
        slab.remove(old)
        #expect(slab.contains(new) && !slab.contains(old) && slab[new.index] == 2)
    }

    @Test(arguments: [1, 255, 256, 257, 600])
    func takesAsManyAsItsLimit(limit: Int) {
        var slab = Slab<Int>(limit: limit)
        let tokens = (0..<limit).compactMap { slab.insert($0) }
        #expect(tokens.count == limit && slab.count == limit)
        #expect(slab.insert(0) == nil)
        #expect(Set(tokens.map(\.index)).count == limit)
        slab.remove(tokens[limit / 2])
        #expect(slab.insert(0) != nil)
    }

    @Test func tokensThatNameNothingAreHarmless() {
        var slab = Slab<Int>(limit: 10)
        #expect(!slab.contains(.none) && slab.token(at: 0) == nil)
        _ = slab.insert(1)
        for token in [Token.none, Token(index: 5, generation: 1), Token(index: 0, generation: 0)] {
            #expect(slab.contains(token) == false)
            slab.remove(token)
        }
        #expect(slab.count == 1)
        #expect([-1, 1, 255, 256, .max].allSatisfy { slab.token(at: $0) == nil })
    }

    @Test func recordsEndWithTheirRemovalOrTheSlab() throws {
        final class Record: Sendable {
            let living: Monitor<Int>
            init(_ living: Monitor<Int>) {
                self.living = living
                living.change { $0 += 1 }
            }
            deinit { living.change { $0 -= 1 } }
        }
        let living = Monitor(0)
        do {
            var slab = Slab<Record>(limit: 300)
            let tokens = (0..<300).compactMap { _ in slab.insert(Record(living)) }
            #expect(living.value == 300)
            for token in tokens.prefix(100) { slab.remove(token) }
            #expect(living.value == 200)
            _ = slab.insert(Record(living))
            #expect(slab.insert(Record(living)) != nil && living.value == 202)
        }
        #expect(living.value == 0)
    }

    @Test(arguments: 1...5)
    func doesWhatADictionaryDoes(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var slab = Slab<UInt64>(limit: 400)
        var model: [Token: UInt64] = [:]
        var gone: [Token] = []
        for _ in 0..<5_000 {
            if random.next() % 5 < 3 {
                let value = random.next()
                let token = slab.insert(value)
                #expect((token == nil) == (model.count == 400))
                if let token { model[token] = value }
            } else if let token = model.keys.randomElement(using: &random) {
                slab.remove(token)
                model[token] = nil
                gone.append(token)
            }
        }
        #expect(slab.count == model.count)
        #expect(model.allSatisfy { slab.contains($0.key) && slab[$0.key.index] == $0.value })
        #expect(model.keys.allSatisfy { slab.token(at: Int($0.index)) == $0 })
        #expect(gone.allSatisfy { !slab.contains($0) })
    }

    @Test func anEmptyPlaceTraps() async {
        await #expect(processExitsWith: .failure) {
            var slab = Slab<Int>(limit: 2)
            if let token = slab.insert(1) { slab.remove(token) }
            print(slab[0])
        }
        await #expect(processExitsWith: .failure) { print(Slab<Int>(limit: 2)[300]) }
    }
}
