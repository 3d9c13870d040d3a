// Bars of block characters. Pure.

/// Draws bars.
enum Bar {
    private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    /// A bar that fills a share (0...1) of `width` characters, to an eighth of one.
    static func text(_ share: Double, width: Int) -> String {
        let units = Int((min(1, max(0, share)) * Double(width * 8)).rounded())
        return String(repeating: "█", count: units / 8) + eighths[units % 8]
    }

    /// The same with what is left of the width shown too.
    static func gauge(_ share: Double, width: Int) -> String {
        let done = Int(min(1, max(0, share)) * Double(width))
        return String(repeating: "█", count: done) + String(repeating: "░", count: width - done)
    }
}
