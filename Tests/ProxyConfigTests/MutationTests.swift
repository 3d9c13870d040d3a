import Foundation
import MartletProxyConfig
import Testing

/// Whatever is in a file, reading it ends with a config or with problems that have a place in it.
struct MutationTests {
    /// A small generator, so that a failure can be repeated (SplitMix64).
    struct Randomness: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    /// What slips into files: what YAML gives a meaning, what the schema knows, and what nobody expects.
    static let pieces = [
        "\n", " ", "  ", "\t", ":", ": ", "-", "- ", "{", "}", "[", "]", ",", "&a ", "*a", "!!str ", "|", ">", "'",
        "\"", "#", "? ",
        "---\n", "...\n", "<<: ", "%YAML 1.1\n", "off", "auto", "~", "0", "-1", "99999999999999999999", "1KB", "10s",
        "\\", "\r", "\r\n",
        "\u{0}", "\u{7}", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{E000}", "\u{E001}", "ü", "😀", "listeners", "upstream",
        "address",
        "unix:", "*.example.com", "/api/*", "[::1]:80", "50%", "%", "99.9", "99.99", "5xx", "500-400", "-", "true",
        "hash", "header ",
        "cookie a", "check", "http2: on", "protocol: h2", "fields: {a: b}", "\"a\\r\\nb: c\"", "statuses: [", "retry",
        "session",
    ]

    static func mutate(_ text: String, _ randomness: inout Randomness) -> String {
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<Int.random(in: 1...6, using: &randomness) {
            let start = Int.random(in: 0...scalars.count, using: &randomness)
            let end = min(scalars.count, start + Int.random(in: 0...4, using: &randomness))
            let copy = scalars.indices.randomElement(using: &randomness) ?? 0
            switch Int.random(in: 0..<4, using: &randomness) {
            case 0: scalars.removeSubrange(start..<end)
            case 1: scalars.insert(contentsOf: scalars[copy..<min(copy + 40, scalars.count)], at: start)
            default:
                let piece = pieces.randomElement(using: &randomness) ?? ""
                scalars.replaceSubrange(start..<end, with: piece.unicodeScalars)
            }
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    @Test(.timeLimit(.minutes(20)), arguments: ["everything", "typical", "hosts", "balancing"])
    func everyMutationEndsInAConfigOrInProblemsWithAPlace(name: String) throws {
        let text = try String(
            contentsOf: ExampleTests.folder.appendingPathComponent(name + ".yaml"), encoding: .utf8)
        let rounds = Int(ProcessInfo.processInfo.environment["MARTLET_MUTATIONS"] ?? "") ?? 150
        for seed in 0..<rounds {
            var randomness = Randomness(state: UInt64(seed))
            let mutated = MutationTests.mutate(text, &randomness)
            do throws(ConfigurationErrors) {
                _ = try ConfigurationLoader.parse(mutated, file: "m.yaml")
            } catch {
                #expect(error.diagnostics.contains { $0.severity == .error }, "seed \(seed)")
                let lines =
                    mutated.unicodeScalars.count { "\n\r\u{85}\u{2028}\u{2029}".unicodeScalars.contains($0) } + 1
                #expect(error.diagnostics.allSatisfy { (0...lines + 1).contains($0.line) }, "seed \(seed)")
                #expect(!error.text(colour: false).isEmpty)
            }
        }
    }
}
