// What a loop is given when another model takes the place of the one before.
import MartletEventLoop

/// Another model, with what a loop needs to go by it.
package struct ModelChange: Sendable {
    /// Whose upstreams and servers have the places that they had (`Model.slots`).
    package let model: Model
    /// For each of the model's listeners its place in the model before; `nil` for one that is new.
    package var listeners: [Int?]
    /// For each of the model's listeners that is new, the loop's socket; `nil` where it has none.
    package var descriptors: [Int32?]
    /// What files say of networks, maintenance and folders is as the loop knows it, and the same gatekeeper is asked.
    package var keepsGuards = false
    package var gatekeeper: (any Gatekeeper)?
    /// What is told of requests from now on, where that has changed.
    package var telling = TellingChange()
    /// Is called on the loop's thread when it goes by the model; with what has kept it from listening, if anything has.
    package let done: @Sendable (SystemError?) -> Void

    package init(
        _ model: Model, listeners: [Int?], descriptors: [Int32?],
        done: @escaping @Sendable (SystemError?) -> Void = { _ in }
    ) {
        self.model = model
        self.listeners = listeners
        self.descriptors = descriptors
        self.done = done
    }
}

extension ProxySettings {
    /// These settings, but for those that size what a running loop has: they stay as `old` has them.
    package func keepingSizes(of old: ProxySettings) -> ProxySettings {
        var kept = self
        kept.connections = old.connections
        kept.bufferBytes = old.bufferBytes
        return kept
    }
}
