// What clients get while nobody is to be served.
import MartletCoding
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Why a request is not served now, if its client is not exempt.
    /// - Parameter place: among the model's maintenances; -1 for none.
    func maintenance(_ place: Int32, _ exchange: UInt32) -> FailureKind? {
        if place < 0 || !maintenances[Int(place)].isOn { return nil }
        let source = clients[exchanges[exchange].client].source
        // One on a Unix socket has no address.
        if !source.isLocal,
            maintenances[Int(place)].exempt?.contains(IPAddress(hi: source.high, lo: source.low)) == true
        {
            return nil
        }
        return .maintenance(place: UInt16(place), status: maintenances[Int(place)].status)
    }

    /// The same of an upstream that a split has chosen; others are asked for at the gate.
    mutating func maintenance(of upstream: Int, _ exchange: UInt32) -> FailureKind? {
        guard let place = model.guarding.upstreamMaintenances[upstream],
            let failure = maintenance(place, exchange)
        else { return nil }
        metrics.add(.maintenanceAnswers)
        return failure
    }

    /// Sends the page of a maintenance; `false` if it has none of its own.
    mutating func sendMaintenancePage(_ place: Int, _ exchange: UInt32, on loop: inout EventLoop) -> Bool {
        guard let page = maintenances[place].page else { return false }
        var content = composeMaintenanceHead(place, page, exchange)
        if writer.overflowed {
            // The page is worth more than what the route puts in.
            exchanges[exchange].actions = 0
            content = composeMaintenanceHead(place, page, exchange)
        }
        sendOwn(exchanges[exchange].method == .head ? [] : content, exchange, on: &loop)
        return true
    }

    /// Writes the head of a page into `writer`. The content, as the client takes it.
    private mutating func composeMaintenanceHead(
        _ place: Int, _ page: MaintenancePage, _ exchange: UInt32
    ) -> [UInt8] {
        writer.removeAll()
        writer.statusLine(Int(maintenances[place].status))
        writer.field("Content-Type", page.contentType.utf8.span)
        writer.write("Cache-Control: no-store\r\n")
        composeRetryAfter(place)
        composeAddedFields(exchange)
        let content = composePageCoding(page, exchange)
        endOwnHead(exchange, contentLength: content.count)
        return content
    }

    /// Says how a page is coded, as the route says what is compressed. Its content in that coding.
    private mutating func composePageCoding(_ page: MaintenancePage, _ exchange: UInt32) -> [UInt8] {
        let place = Int(actions.responses[Int(exchanges[exchange].actions)].coding)
        if place < 0 || page.content.count < Int(clamping: actions.codings[place].leastBytes)
            || !actions.mediaTypes.contains(page.contentType.utf8.span, actions.codings[place].types)
        {
            return page.content
        }
        writer.write("Vary: Accept-Encoding\r\n")
        let wanted = exchanges[exchange].coding
        for coded in page.coded where coded.coding == wanted {
            exchanges[exchange].sentCoding = wanted
            writer.write("Content-Encoding: ")
            writer.write(wanted.name)
            writer.write("\r\n")
            return coded.content
        }
        return page.content
    }

    /// When clients may come again.
    mutating func composeRetryAfter(_ place: Int) {
        let seconds = maintenances[place].retryAfter
        if seconds == 0 { return }
        writer.write("Retry-After: ")
        writer.write(decimal: UInt64(seconds))
        writer.write("\r\n")
    }
}
