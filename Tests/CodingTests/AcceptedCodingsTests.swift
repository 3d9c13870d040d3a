import MartletCoding
import Testing

@Suite struct AcceptedCodingsTests {
    private static let all = CodingOffers([.zstd, .brotli, .gzip])

    private static func choice(_ lines: String..., offers: CodingOffers = all) -> ContentCoding {
        var accepted = AcceptedCodings()
        for line in lines { accepted.note(line.utf8.span) }
        return accepted.choose(offers)
    }

    @Test func whatTheClientWantsMost() {
        #expect(Self.choice("gzip, deflate, br, zstd") == .zstd)
        #expect(Self.choice("gzip, deflate, br") == .brotli)
        #expect(Self.choice("gzip") == .gzip)
        #expect(Self.choice("x-gzip") == .gzip)
        #expect(Self.choice("GZip;Q=1.0") == .gzip)
        #expect(Self.choice("br;q=0.5, gzip;q=0.8, zstd;q=0.1") == .gzip)
        #expect(Self.choice("br;q=0.5", "gzip") == .gzip)
        #expect(Self.choice("gzip;q=0.001") == .gzip)
        #expect(Self.choice("br, gzip", offers: CodingOffers([.gzip, .brotli])) == .gzip)
        #expect(Self.choice("br", offers: CodingOffers([.gzip])) == .identity)
    }

    @Test func nothingAndStars() {
        #expect(Self.choice() == .identity)
        #expect(Self.choice("") == .identity)
        #expect(Self.choice("deflate, compress") == .identity)
        #expect(Self.choice("*") == .zstd)
        #expect(Self.choice("*;q=0") == .identity)
        #expect(Self.choice("zstd;q=0, *") == .brotli)
        #expect(Self.choice("gzip;q=0") == .identity)
        #expect(Self.choice("gzip;q=0.0, br;q=0.000") == .identity)
    }

    @Test func identityCountsWhenItIsNamed() {
        #expect(Self.choice("gzip;q=0.5, identity") == .identity)
        #expect(Self.choice("gzip;q=0.5, identity;q=0.5") == .gzip)
        #expect(Self.choice("identity;q=0, gzip;q=0.1") == .gzip)
        #expect(Self.choice("identity;q=0") == .identity)
    }

    @Test(arguments: [
        "gzip;q=", "gzip;q=2", "gzip;q=1.001", "gzip;q=-1", "gzip;q=0.0001", "gzip;q=a", "gzip;x=1", "gzip;q",
        "gzip;q=0x1",
    ])
    func whatIsNoWeightCountsForNothing(_ text: String) {
        #expect(Self.choice(text) == .identity)
    }

    @Test func emptyElementsAreSkipped() {
        #expect(Self.choice(",, gzip ,") == .gzip)
        #expect(Self.choice(" gzip ; q=0.5 , , br ; q=0.4") == .gzip)
    }

    @Test func whetherItTakesOne() {
        var accepted = AcceptedCodings()
        accepted.note("br, *;q=0.1, zstd;q=0".utf8.span)
        #expect(accepted.takes(.gzip) && accepted.takes(.brotli) && !accepted.takes(.zstd))
        #expect(accepted.weight(of: .gzip) == 100)
    }
}
