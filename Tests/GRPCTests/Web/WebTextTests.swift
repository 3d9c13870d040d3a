// Base64 in pieces, both ways, compared with the whole done at once.

import Foundation
import MartletGRPC
import MartletTestSupport
import Testing

struct WebTextTests {
    /// What text decodes to that comes in these pieces; nil when it is refused.
    private func decode(_ pieces: [ArraySlice<UInt8>]) -> [UInt8]? {
        var decoder = WebTextDecoder()
        var content: [UInt8] = []
        for piece in pieces {
            var bytes = Array(piece)
            var span = bytes.mutableSpan
            let count = decoder.decode(&span)
            content += bytes[..<count]
            if decoder.isBroken && count > 0 { return nil }
        }
        decoder.end()
        return decoder.isBroken ? nil : content
    }

    /// The same done simply: group by group, each of which Foundation decodes.
    private func reference(_ text: [UInt8]) -> [UInt8]? {
        if text.count % 4 != 0 { return nil }
        var content: [UInt8] = []
        for start in stride(from: 0, to: text.count, by: 4) {
            let group = Data(text[start..<start + 4])
            guard let bytes = Data(base64Encoded: group), bytes.base64EncodedData() == group else { return nil }
            content += bytes
        }
        return content
    }

    /// All ways of cutting it into three, and into single bytes.
    private func expectSameInPieces(_ text: [UInt8]) {
        let expected = reference(text)
        #expect(decode([text[...]]) == expected, "\(String(decoding: text, as: UTF8.self))")
        #expect(decode(text.indices.map { text[$0...$0] }) == expected)
        for first in 0...text.count {
            for second in first...text.count {
                #expect(decode([text[..<first], text[first..<second], text[second...]]) == expected)
            }
        }
    }

    @Test(arguments: [
        "", "QQ==", "QUI=", "QUJD", "QUJDRA==", "+/+/", "AAAA", "AAAAAAUKA2EuQg==",
        // Padding in the middle, where a client has flushed.
        "QQ==QQ==", "QUI=QUJD", "AAAAAAU=CgNhLkI=", "QQ==QUI=QUJDQQ==",
        // Malformed: cut off, padded too much or too little, what is no character, bits that make no byte.
        "Q", "QQ", "QQ=", "QUJ", "QUJDR", "=", "====", "Q===", "QQ=Q", "QQ==Q", "QUI==", "QUJD=", "QUJD====", "Q Q=",
        "QUJD\r\n", "Q\nQ=", "QQ-_", "QR==", "QUJ=", "QUI=\u{0}", "ÄÄ", "QUJD QUJD",
    ])
    func eachCutGivesTheSame(text: String) { expectSameInPieces(Array(text.utf8)) }

    @Test func anythingGivesTheSame() {
        var random = SeededRandom(seed: 7)
        let alphabet = Array("QUJDabz019+/=== ".utf8)
        for _ in 0..<300 {
            let text = (0..<Int.random(in: 0...16, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            expectSameInPieces(text)
        }
    }

    /// What is encoded piece by piece is padded piece by piece, and decodes to the same.
    @Test func whatIsEncodedIsDecoded() {
        for count in 0...200 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            var text: [UInt8] = []
            for start in stride(from: 0, to: count, by: WebTextEncoder.blockBytes) {
                let piece = Array(bytes[start..<min(start + WebTextEncoder.blockBytes, count)])
                let block = WebTextEncoder.encode(piece.span)
                text += (0..<block.count).map { block.characters[$0] }
            }
            #expect(text == Array(Data(bytes).base64EncodedData()))
            #expect(text.count == WebTextEncoder.encodedCount(count))
            #expect(decode([text[...]]) == bytes)
        }
    }

    /// Each piece makes no more bytes than it has characters, and all bytes are there as early as they can be.
    @Test func bytesDoNotWait() {
        let text = Array("QUJDREVG".utf8)
        for end in 0...text.count {
            var decoder = WebTextDecoder()
            var bytes = Array(text[..<end])
            var span = bytes.mutableSpan
            let count = decoder.decode(&span)
            #expect(count == end / 4 * 3 + max(end % 4 - 1, 0))
        }
    }

    @Test func onceBrokenItStaysSo() {
        var decoder = WebTextDecoder()
        for text in ["QUJD!", "QUJD", ""] {
            var bytes = Array(text.utf8)
            var span = bytes.mutableSpan
            let count = decoder.decode(&span)
            #expect(count == 0 && decoder.isBroken)
        }
    }
}
