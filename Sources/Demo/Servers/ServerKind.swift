// Which servers the demo has.

/// The demo's servers, in the order in which they are shown.
package enum ServerKind: Int, CaseIterable, Sendable {
    case swift, quick, slow

    /// How it is called.
    package var name: String {
        switch self {
        case .swift: "swift"
        case .quick: "quick"
        case .slow: "slow"
        }
    }

    /// How long it thinks before it answers, in milliseconds.
    package var thinkingTime: UInt64 {
        switch self {
        case .swift, .quick: 0
        case .slow: 80
        }
    }
}
