// Encoders and decoders of libraries. One of the few files that hold `unsafe`: what the libraries are given are the pointers
// behind spans, with their counts.
import CCodecs

/// What a codec is to do with what it is given.
package enum CodecWish: Sendable {
    /// Take it.
    case process
    /// Take it, and give out all that it makes, so that whoever decodes it has all of it.
    case flush
    /// Take it as the last.
    case finish
}

/// How far a codec has come.
package enum CodecState: Sendable, Equatable {
    /// The room was too small: there is more to come, for the same wish.
    case more
    /// All of the input is taken, and the wish is met.
    case done
    /// Of a decoder: what is coded ends here.
    case ended
    /// Of a decoder: the input is nothing that it decodes. Of an encoder: there is no memory.
    case failed
}

/// What a call of a codec has done.
package struct CodecProgress: Sendable, Equatable {
    /// Bytes of the input that were taken.
    package let consumed: Int
    /// Bytes that were written.
    package let produced: Int
    package let state: CodecState

    package init(consumed: Int, produced: Int, state: CodecState) {
        self.consumed = consumed
        self.produced = produced
        self.state = state
    }
}

/// An encoder, or a decoder.
@safe
package struct Codec: ~Copyable {
    private let codec: OpaquePointer

    /// An encoder; `nil` when the coding's library is not there, or memory is used up.
    /// - Parameters:
    ///   - length: how many bytes will come, if that is known. The encoder takes less memory for few.
    ///   - level: of the coding's own, the higher the slower.
    package init?(encoding coding: ContentCoding, level: Int, length: UInt64? = nil) {
        let known = length.map { Int64(clamping: $0) } ?? -1
        let window = Self.window(coding, length)
        guard let codec = unsafe martlet_encoder_make(Int32(coding.rawValue), Int32(level), Int32(window), known) else {
            return nil
        }
        unsafe self.codec = codec
    }

    /// A decoder of gzip; `nil` when memory is used up.
    package init?(decodingGzip: Void) {
        guard let codec = unsafe martlet_decoder_make() else { return nil }
        unsafe self.codec = codec
    }

    deinit { unsafe martlet_codec_free(codec) }

    /// Whether the library of a coding is there; the first call looks for it.
    package static func isAvailable(_ coding: ContentCoding) -> Bool {
        coding == .identity || martlet_codec_available(Int32(coding.rawValue)) != 0
    }

    /// Has the codec take from `input` and write to `output`, as much as fits.
    package mutating func run(
        _ input: Span<UInt8>, into output: inout MutableSpan<UInt8>, _ wish: CodecWish
    ) -> CodecProgress {
        var taken = input.count
        var made = output.count
        let word =
            switch wish {
            case .process: martlet_codec_process
            case .flush: martlet_codec_flush
            case .finish: martlet_codec_finish
            }
        let result = unsafe input.withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                unsafe martlet_codec_run(codec, source.baseAddress, &taken, target.baseAddress, &made, word)
            }
        }
        let state: CodecState =
            switch result {
            case martlet_codec_more: .more
            case martlet_codec_done: .done
            case martlet_codec_ended: .ended
            default: .failed
            }
        return CodecProgress(consumed: taken, produced: made, state: state)
    }
}

extension Codec {
    /// The base 2 logarithm of the bytes that an encoder looks back at: as many as there are, up to a bound that keeps its memory
    /// small and that every decoder has room for.
    private static func window(_ coding: ContentCoding, _ length: UInt64?) -> Int {
        let (least, most) = coding == .gzip ? (9, 15) : (10, 17)
        guard let length, length < 1 << UInt64(most) else { return most }
        return max(least, UInt64.bitWidth - length.leadingZeroBitCount)
    }

    /// About how much memory an encoder takes at most, in bytes: measured with zlib 1.2, libzstd 1.5 and libbrotli 1.0.
    package static func memory(_ coding: ContentCoding, level: Int, length: UInt64? = nil) -> Int {
        let window = window(coding, length)
        switch coding {
        case .identity: return 0
        case .gzip: return 1 << (window + 3) + 8 << 10
        case .zstd: return (1_280 << 10) >> (17 - window) + 256 << 10
        case .brotli: return level < 4 ? 1 << 20 : level == 4 ? 2 << 20 : 4 << 20
        }
    }

    /// The same of the decoder.
    package static var decoderMemory: Int { 48 << 10 }
}

extension Codec {
    /// All of `bytes` coded at once; `nil` when the coding's library is not there, or memory is used up.
    package static func encode(_ bytes: [UInt8], _ coding: ContentCoding, level: Int) -> [UInt8]? {
        guard var codec = Codec(encoding: coding, level: level, length: UInt64(bytes.count)) else { return nil }
        var all: [UInt8] = []
        var position = 0
        while true {
            var room = [UInt8](repeating: 0, count: 16 << 10)
            var span = room.mutableSpan
            let progress = codec.run(bytes.span.extracting(position..<bytes.count), into: &span, .finish)
            position += progress.consumed
            all += room.prefix(progress.produced)
            switch progress.state {
            case .done: return all
            case .more where progress.consumed + progress.produced > 0: continue
            case .more, .ended, .failed: return nil
            }
        }
    }
}
