// How responses are compressed, as a config has it and as loops use it.
import MartletCoding
import MartletHTTPCore

/// How responses of a route are compressed.
package struct CompressionPlan: Sendable, Equatable {
    /// The codings, in the order in which they are chosen if the client wants several as much. Those whose library is not there
    /// are left out.
    package var codings: [ContentCoding] = [.zstd, .brotli, .gzip]
    /// The types of content that are compressed.
    package var types: [String] = []
    /// Content of fewer bytes stays as it is.
    package var leastBytes = 1 << 10
    package var gzipLevel = 5
    package var zstdLevel = 3
    package var brotliLevel = 4

    package init() {}
}

/// The same for loops: plain numbers.
struct CodingActions: BitwiseCopyable, Sendable, Equatable {
    var offers: CodingOffers
    /// A list of `ActionTable.mediaTypes`.
    var types: ByteRange
    var leastBytes: UInt64
    var gzipLevel: UInt8
    var zstdLevel: UInt8
    var brotliLevel: UInt8

    init(_ plan: CompressionPlan, types: ByteRange) {
        offers = CodingOffers(plan.codings.filter { Codec.isAvailable($0) })
        self.types = types
        leastBytes = UInt64(plan.leastBytes)
        gzipLevel = UInt8(plan.gzipLevel)
        zstdLevel = UInt8(plan.zstdLevel)
        brotliLevel = UInt8(plan.brotliLevel)
    }

    func level(of coding: ContentCoding) -> Int {
        switch coding {
        case .identity: 0
        case .gzip: Int(gzipLevel)
        case .zstd: Int(zstdLevel)
        case .brotli: Int(brotliLevel)
        }
    }
}

/// Content of an answer, compressed beforehand.
struct CodedAnswer: Sendable {
    let coding: ContentCoding
    let content: [UInt8]

    /// The content in all codings that are offered and make it smaller. It is done once, so it may take its time.
    static func all(_ content: [UInt8], _ offers: CodingOffers) -> [CodedAnswer] {
        (0..<offers.count).compactMap { place in
            let coding = offers[place]
            let level = coding == .brotli ? 6 : 9
            guard let coded = Codec.encode(content, coding, level: level), coded.count < content.count else {
                return nil
            }
            return CodedAnswer(coding: coding, content: coded)
        }
    }
}
