// What the command line may ask of the demo.

/// How the demo is run.
package struct DemoOptions: Sendable {
    /// The proxy's port on 127.0.0.1; 0 lets the kernel pick one. `nil` is 8080, or any when that is taken.
    package var port: UInt16?
    /// How many requests to make before it ends by itself; `nil` serves until a signal.
    package var requests: Int?
    /// Whether to make a little traffic while it serves.
    package var makesTraffic = false
    /// What the proxy's event loops stand on, as the config calls it.
    package var engine = "auto"

    /// The port when none is asked for.
    package static let usualPort: UInt16 = 8080

    /// The defaults.
    package init() {}

    /// The traffic that follows from it; `nil` for none.
    var plan: TrafficPlan? {
        if let requests { return TrafficPlan(requests: requests) }
        return makesTraffic ? .gentle : nil
    }
}
