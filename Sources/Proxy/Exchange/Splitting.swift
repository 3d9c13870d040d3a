// Which of several upstreams gets a request.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore

/// A split with its cookies.
struct SplitState: Sendable {
    let model: SplitModel
    /// For each share a value of the cookie.
    let sticky: Stickiness?

    init(_ model: SplitModel) {
        self.model = model
        sticky = model.sticky.map { Stickiness($0, servers: Array(model.shares.indices)) }
    }
}

extension ProxyDriver {
    /// The upstream of a request by a split: the one that a field names, or that a cookie keeps, or that its key leads to.
    mutating func splitUpstream(_ split: Int32, _ exchange: UInt32, _ arena: Span<UInt8>) -> Int {
        let state = splits[Int(split)]
        let share =
            namedShare(state.model, arena) ?? keptShare(state.sticky, arena) ?? drawShare(state, split, exchange, arena)
        state.model.counts.add(share)
        return state.model.shares[share].upstream
    }

    private mutating func drawShare(
        _ state: SplitState, _ split: Int32, _ exchange: UInt32, _ arena: Span<UInt8>
    ) -> Int {
        let number = state.model.key.map { KeyHash.another(key($0, exchange, arena)) } ?? random.next()
        let share = state.model.share(for: number)
        if state.sticky != nil {
            exchanges[exchange].split = split
            exchanges[exchange].share = UInt16(share)
        }
        return share
    }

    private func namedShare(_ split: SplitModel, _ arena: Span<UInt8>) -> Int? {
        guard let name = split.override else { return nil }
        for index in 0..<request.fields.count {
            if !ByteScan.equalsIgnoringCase(arena.extracting(request.fields[index].name), name.utf8.span) { continue }
            let value = arena.extracting(request.fields[index].value)
            if let share = split.shares.firstIndex(where: { value.equals($0.name.utf8.span) }) { return share }
        }
        return nil
    }

    private func keptShare(_ sticky: Stickiness?, _ arena: Span<UInt8>) -> Int? {
        guard let sticky else { return nil }
        for index in 0..<request.fields.count where request.fields[index].known == .cookie {
            let field = arena.extracting(request.fields[index].value)
            guard let range = NamedValue.cookie(sticky.cookie.utf8.span, in: field) else { continue }
            if let share = sticky.server(for: field.extracting(range)) { return share }
        }
        return nil
    }

    /// Keeps a client at the upstream that it has been given to.
    mutating func composeSplitCookie(_ exchange: UInt32) {
        let split = exchanges[exchange].split
        if split < 0 { return }
        guard let field = splits[Int(split)].sticky?.field(for: Int(exchanges[exchange].share)) else { return }
        writer.field("Set-Cookie", field.utf8.span)
    }
}
