// Numbers for people.
import Testing

@testable import MartletDemo

@Suite struct NumberTextTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1,000"), (12_345, "12,345"), (1_234_567, "1,234,567"),
    ])
    func grouped(_ number: UInt64, _ text: String) { #expect(NumberText.grouped(number) == text) }

    @Test(arguments: [
        (0.0, "0"), (0.44, "0.4"), (9.94, "9.9"), (9.96, "10"), (12.3, "12"), (1_234.5, "1,235"), (-1.0, "0"),
    ])
    func rate(_ number: Double, _ text: String) { #expect(NumberText.rate(number) == text) }

    @Test(arguments: [
        (0.0, "0.00 ms"), (7.0, "0.01 ms"), (310.0, "0.31 ms"), (9_994.0, "9.99 ms"), (9_996.0, "10.0 ms"),
        (81_240.0, "81.2 ms"), (99_960.0, "100 ms"), (999_400.0, "999 ms"), (999_600.0, "1.00 s"),
        (1_254_000.0, "1.25 s"), (12_345_000.0, "12.3 s"), (250_000_000.0, "250 s"),
    ])
    func time(_ microseconds: Double, _ text: String) { #expect(NumberText.time(microseconds: microseconds) == text) }
}
