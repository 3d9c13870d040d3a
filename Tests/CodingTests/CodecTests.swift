import MartletCoding
import Testing

@Suite struct CodecTests {
    /// Runs a codec over pieces, into room of a few bytes at a time.
    private static func run(
        _ codec: inout Codec, _ pieces: [[UInt8]], room: Int = 4096, last: CodecWish = .finish
    ) -> (bytes: [UInt8], state: CodecState) {
        var all: [UInt8] = []
        var state = CodecState.done
        for (index, piece) in pieces.enumerated() {
            let wish = index == pieces.count - 1 ? last : .process
            var position = 0
            var calls = 0
            repeat {
                var output = [UInt8](repeating: 0, count: room)
                var span = output.mutableSpan
                let progress = codec.run(piece.span.extracting(position..<piece.count), into: &span, wish)
                position += progress.consumed
                all += output.prefix(progress.produced)
                state = progress.state
                calls += 1
            } while state == .more && calls < 100_000
        }
        return (all, state)
    }

    private struct NoCodec: Error {}

    private static func encoder(_ coding: ContentCoding, level: Int, length: UInt64? = nil) throws -> Codec {
        guard let codec = Codec(encoding: coding, level: level, length: length) else { throw NoCodec() }
        return codec
    }

    private static func decoder() throws -> Codec {
        guard let codec = Codec(decodingGzip: ()) else { throw NoCodec() }
        return codec
    }

    private static func decoded(_ bytes: [UInt8], piece: Int = 1000, room: Int = 4096) -> (
        bytes: [UInt8], state: CodecState
    ) {
        guard var codec = Codec(decodingGzip: ()) else { return ([], .failed) }
        let pieces = stride(from: 0, to: bytes.count, by: piece).map { Array(bytes[$0..<min($0 + piece, bytes.count)]) }
        return run(&codec, pieces, room: room, last: .process)
    }

    private static let text = Array((0..<4_000).map { "line \($0 % 97) of a text that repeats\n" }.joined().utf8)

    @Test(arguments: [1, 5, 9], [nil, UInt64(text.count)])
    func gzipComesBack(_ level: Int, _ length: UInt64?) throws {
        var codec = try Self.encoder(.gzip, level: level, length: length)
        let coded = Self.run(&codec, [Array(Self.text.prefix(10)), Array(Self.text.dropFirst(10))])
        #expect(coded.state == .done)
        #expect(coded.bytes.count < Self.text.count / 10)
        let back = Self.decoded(coded.bytes)
        #expect(back.bytes == Self.text && back.state == .ended)
    }

    @Test func smallRoomAndSmallPieces() throws {
        let text = Array(Self.text.prefix(5_000))
        var codec = try Self.encoder(.gzip, level: 6)
        let coded = Self.run(&codec, text.map { [$0] }, room: 1)
        let back = Self.decoded(coded.bytes, piece: 1, room: 1)
        #expect(back.bytes == text && back.state == .ended)
    }

    @Test(arguments: [ContentCoding.gzip, .zstd, .brotli])
    func aFlushGivesAllOut(_ coding: ContentCoding) throws {
        guard Codec.isAvailable(coding) else { return }
        var codec = try Self.encoder(coding, level: 4)
        let first = Self.run(&codec, [Array("hello".utf8)], last: .flush)
        #expect(first.state == .done && first.bytes.count > 5)
        let again = Self.run(&codec, [[]], last: .flush)
        #expect(again.state == .done)
        if coding == .gzip { #expect(Self.decoded(first.bytes).bytes == Array("hello".utf8)) }
        let end = Self.run(&codec, [Array(" world".utf8)])
        #expect(end.state == .done && !end.bytes.isEmpty)
        if coding == .gzip {
            let back = Self.decoded(first.bytes + again.bytes + end.bytes)
            #expect(back.bytes == Array("hello world".utf8) && back.state == .ended)
        }
    }

    @Test(arguments: [ContentCoding.zstd, .brotli], [nil, UInt64(text.count)])
    func othersCompressAsWell(_ coding: ContentCoding, _ length: UInt64?) throws {
        guard Codec.isAvailable(coding) else { return }
        var codec = try Self.encoder(coding, level: 3, length: length)
        let coded = Self.run(&codec, [Self.text], room: 100)
        #expect(coded.state == .done)
        #expect(coded.bytes.count < Self.text.count / 10 && coded.bytes.count > 20)
    }

    @Test func aLengthThatDoesNotHoldFails() throws {
        guard Codec.isAvailable(.zstd) else { return }
        var codec = try Self.encoder(.zstd, level: 3, length: 10)
        #expect(Self.run(&codec, [Array("123".utf8), Array("45".utf8)]).state == .failed)
    }

    // MARK: What is decoded

    private static func gzip(_ text: String) throws -> [UInt8] {
        var codec = try Self.encoder(.gzip, level: 6)
        return run(&codec, [Array(text.utf8)]).bytes
    }

    @Test func membersFollowOneAnother() throws {
        let bytes = try Self.gzip("one ") + Self.gzip("two")
        for piece in [1, 7, 1_000] {
            let back = Self.decoded(bytes, piece: piece)
            #expect(back.bytes == Array("one two".utf8) && back.state == .ended)
        }
    }

    @Test func paddingIsSkipped() throws {
        let bytes = try Self.gzip("one") + [0, 0, 0, 1, 2, 3]
        for piece in [1, 7, 1_000] {
            let back = Self.decoded(bytes, piece: piece)
            #expect(back.bytes == Array("one".utf8) && back.state == .ended)
        }
    }

    @Test func whatIsBrokenFails() throws {
        #expect(Self.decoded(Array("no gzip at all".utf8)).state == .failed)
        var bytes = try Self.gzip(String(repeating: "abc", count: 50))
        bytes[bytes.count - 5] ^= 1  // In the checksum.
        #expect(Self.decoded(bytes).state == .failed)
    }

    @Test func whatIsCutOffHasNotEnded() throws {
        let bytes = try Self.gzip("hello")
        for count in 1..<bytes.count {
            let back = Self.decoded(Array(bytes.prefix(count)))
            #expect(back.state == .done)
        }
    }

    @Test func aBombComesPieceByPiece() throws {
        var codec = try Self.encoder(.gzip, level: 9)
        let bomb = Self.run(&codec, [[UInt8](repeating: 0x61, count: 1 << 20)])
        var decoder = try Self.decoder()
        var output = [UInt8](repeating: 0, count: 1_000)
        var span = output.mutableSpan
        let progress = decoder.run(bomb.bytes.span, into: &span, .process)
        #expect(progress.produced == 1_000 && progress.state == .more && progress.consumed < bomb.bytes.count)
    }

    @Test func memoryIsToldBeforehand() {
        #expect(Codec.memory(.gzip, level: 5) == 264 << 10)
        #expect(Codec.memory(.gzip, level: 5, length: 1_000) < 20 << 10)
        #expect(Codec.memory(.zstd, level: 3) == 1_536 << 10)
        #expect(Codec.memory(.brotli, level: 4) == 2 << 20)
        #expect(Codec.memory(.identity, level: 0) == 0)
    }
}
