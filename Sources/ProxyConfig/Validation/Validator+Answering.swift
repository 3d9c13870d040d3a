// What holds between the keys about answering all the same: retries, hedges, limits.
import MartletHTTPCore

extension Validator {
    /// Tries that can happen, and times in order.
    mutating func checkRetry(_ retry: RetryConfiguration, of upstream: UpstreamConfiguration, at path: String) {
        let outer = path.dropLast(".retry".count)
        if let time = retry.tryTimeout, time >= upstream.responseTimeout,
            areReadable([path + ".tryTimeout", outer + ".responseTimeout"])
        {
            let limit = DurationText.write(upstream.responseTimeout)
            let message =
                "'tryTimeout' of \(DurationText.write(time)) is not shorter than 'responseTimeout' of \(limit)"
            error(path + ".tryTimeout", message, hint: "'responseTimeout' holds for all tries together")
        }
        checkOrder(("pause", retry.pause), ("longestPause", retry.longestPause), at: path)
        if retry.attempts > 1, retry.budget == 0, retry.budgetFloor == 0,
            areReadable(["attempts", "budget", "budgetFloor"].map { "\(path).\($0)" })
        {
            let message = "without a budget, nothing but a failed connection is tried again"
            warning(path + ".budget", message, hint: "write 'retry: off', or raise 'budget' or 'budgetFloor'")
        }
    }

    /// Times in order, and a second server.
    mutating func checkHedge(_ hedge: HedgeConfiguration, of upstream: UpstreamConfiguration, at path: String) {
        checkOrder(("leastTime", hedge.leastTime), ("longestTime", hedge.longestTime), at: path)
        guard upstream.discover == nil, upstream.servers.count == 1, let server = upstream.servers.first else { return }
        if case .name = server.address { return }  // it may have several addresses
        let message = "there is no second server in upstream \(Quoting.quote(upstream.name)) to send a request to"
        warning(path, message, isAboutKey: true)
    }
}
