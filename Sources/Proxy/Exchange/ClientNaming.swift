// Who a request is from, where proxies in front say so.
import MartletEventLoop
import MartletHTTPCore

extension ProxyDriver {
    /// Takes the word of a trusted proxy for whom the request in `request` is from: the last in the chain that is not itself trusted.
    /// Where the chain cannot be read any further, it is the last that could be: what stands ahead may be invented.
    mutating func nameClient(_ client: UInt32, _ arena: Span<UInt8>) {
        if !clients[client].flags.contains(.isTrusted) { return }
        guard let field = model.trust.field else { return }
        var found: IPAddress?
        var index = request.fields.count
        while index > 0 {
            index -= 1
            if !ByteScan.equalsIgnoringCase(arena.extracting(request.fields[index].name), field.span) { continue }
            if isNamed(in: arena.extracting(request.fields[index].value), &found) { break }
        }
        if let found { clients[client].setSource(PeerAddress(high: found.hi, low: found.lo, port: 0)) }
    }

    /// Goes through one line of the field, from its end; whether the client is found, or the chain cannot be followed.
    private func isNamed(in line: Span<UInt8>, _ found: inout IPAddress?) -> Bool {
        var end = line.count
        while end > 0 {
            let start = ForwardedChain.lastElement(of: line, endingAt: end)
            let element = line.extracting(start..<end)
            guard let address = ForwardedChain.address(in: element, model.trust.form) else { return true }
            found = address
            if !model.trust.proxies.contains(address) { return true }
            end = start - 1
        }
        return false
    }
}
