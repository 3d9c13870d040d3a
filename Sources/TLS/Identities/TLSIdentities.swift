// Which certificate a client is shown: by the name that it asks for.
import Synchronization

/// What a listener can present, by name.
package struct TLSIdentityTable: Sendable {
    /// For each name, one identity of each kind of key.
    private var exact: [String: [TLSIdentity]] = [:]
    /// For what a wildcard's `*` is followed by: `.example.com`.
    private var wildcards: [String: [TLSIdentity]] = [:]
    private let fallback: [TLSIdentity]

    /// The first is presented to clients that name none of the others. Several for a name, of different kinds of keys,
    /// are all kept, of one kind the first; a name goes before a wildcard.
    package init(_ identities: [TLSIdentity]) {
        for identity in identities {
            for name in identity.names {
                if name.hasPrefix("*.") {
                    Self.add(identity, to: &wildcards[String(name.dropFirst()), default: []])
                } else {
                    Self.add(identity, to: &exact[name, default: []])
                }
            }
        }
        // Who names nothing that is known may still not be able to do the first one's kind of key.
        var fallback = Array(identities.prefix(1))
        let names = Set(fallback.flatMap(\.names))
        for identity in identities where !names.isDisjoint(with: identity.names) { Self.add(identity, to: &fallback) }
        self.fallback = fallback
    }

    private static func add(_ identity: TLSIdentity, to list: inout [TLSIdentity]) {
        if !list.contains(where: { $0.keyType == identity.keyType }) { list.append(identity) }
    }

    /// What is presented to a client that asks for a name, in lower case, or for none.
    func identities(for name: String?) -> [TLSIdentity] {
        guard let name, !name.isEmpty else { return fallback }
        if let found = exact[name] { return found }
        if let dot = name.firstIndex(of: "."), dot > name.startIndex, let found = wildcards[String(name[dot...])] {
            return found
        }
        return fallback
    }
}

/// What a listener presents now. It may be replaced while connections are open: they go on with what they have.
package final class TLSIdentities: Sendable {
    private struct State {
        var table: TLSIdentityTable
        var challenges: [String: TLSIdentity] = [:]
    }

    private let state: Mutex<State>

    /// Presents what the table has.
    package init(_ table: TLSIdentityTable) { state = Mutex(State(table: table)) }

    /// Presents what another table has, from now on.
    package func replace(_ table: TLSIdentityTable) { state.withLock { $0.table = table } }

    /// What is presented to a client that offers the protocol `acme-tls/1` alone and asks for `name` (RFC 8737); `nil`: no
    /// longer anything.
    package func setChallenge(_ name: String, _ identity: TLSIdentity?) {
        state.withLock { $0.challenges[name.lowercased()] = identity }
    }

    func identities(for name: String?) -> [TLSIdentity] { state.withLock { $0.table }.identities(for: name) }

    func challenge(for name: String?) -> TLSIdentity? {
        guard let name else { return nil }
        return state.withLock { $0.challenges[name] }
    }
}
