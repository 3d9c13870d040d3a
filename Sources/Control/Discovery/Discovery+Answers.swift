// What comes of looking: noted, told to whoever waits, and said once.
import Logging
import MartletDNS
import MartletEventLoop
import MartletProxyConfig
import Synchronization

extension Discovery: DNSAudience {
    func asked(_ reply: DNSReply) {
        state.withLock { state in
            switch reply {
            case .found: state.counts.found += 1
            case .nothing: state.counts.nothing += 1
            case .failed, .truncated: state.counts.failed += 1
            }
        }
    }

    func watched(_ number: Int, _ outcome: DiscoveryOutcome) {
        switch outcome {
        case .unfinished: return
        case .unchanged: answered(number) { _ in }
        case .changed(let found, let leftOut):
            answered(number) { entry in (entry.servers, entry.leftOut) = (ServerConfiguration.all(found), leftOut) }
        case .failed(let fault): failed(number, "\(fault)")
        case .doubted: doubted(number)
        }
    }

    /// A folder has been read.
    func read(_ reading: FolderThread.Reading) {
        switch reading.outcome {
        case .failure(let error): failed(reading.number, "the folder cannot be read: \(error)")
        case .success(let outcome):
            let before = state.withLock { $0.book[reading.number]?.problems ?? [] }
            for problem in outcome.problems where !before.contains(problem) { complain(reading.number, problem) }
            answered(reading.number) { entry in
                (entry.servers, entry.leftOut, entry.problems) = (outcome.servers, outcome.leftOut, outcome.problems)
            }
        }
    }

    /// There is an answer, and with it perhaps other servers.
    private func answered(_ number: Int, _ change: (inout DiscoveryBook.Entry) -> Void) {
        let time = now
        let (before, after, isChanged, waiting) = state.withLock { state in
            let before = state.book[number]
            let isChanged = state.book.update(number) { entry in
                change(&entry)
                entry.answered = time
                (entry.isFailing, entry.isDoubted) = (false, false)
            }
            return (before, state.book[number], isChanged, state.waiting)
        }
        for signal in waiting { signal.signal() }
        guard let before, let after else { return }
        if before.isFailing { log.notice("servers are found again", metadata: Self.metadata(after)) }
        if after.leftOut > 0 && after.leftOut != before.leftOut {
            var metadata = Self.metadata(after)
            metadata["left-out"] = "\(after.leftOut)"
            log.warning("more servers have been found than maxServers lets in", metadata: metadata)
        }
        if isChanged { putIntoForce() }
    }

    /// There is none. What is known stays, and that is said once.
    private func failed(_ number: Int, _ reason: String) {
        let first = state.withLock { state in
            let isFirst = state.book[number]?.isFailing == false
            _ = state.book.update(number) { entry in
                entry.isFailing = true
                entry.failures += 1
            }
            return isFirst ? state.book[number] : nil
        }
        guard let first else { return }
        var metadata = Self.metadata(first)
        metadata["error"] = "\(reason)"
        log.warning("servers are not found; those that are known stay in use", metadata: metadata)
    }

    private func doubted(_ number: Int) {
        let first = state.withLock { state in
            let isFirst = state.book[number]?.isDoubted == false
            _ = state.book.update(number) { $0.isDoubted = true }
            return isFirst ? state.book[number] : nil
        }
        guard let first else { return }
        log.warning(
            "there are said to be no servers; those that are known stay for now", metadata: Self.metadata(first))
    }

    private func complain(_ number: Int, _ problem: String) {
        guard let entry = state.withLock({ $0.book[number] }) else { return }
        let folder = entry.source.settings.folder ?? ""
        log.warning(
            "\(folder)/\(problem); the file's servers stay as they were, or are those of its right lines if it was never right",
            metadata: ["upstream": "\(entry.source.upstream)"])
    }

    static func metadata(_ entry: DiscoveryBook.Entry) -> Logger.Metadata {
        [
            "upstream": "\(entry.source.upstream)", "source": "\(entry.source.place)",
            "servers": "\(entry.servers.count)",
        ]
    }
}
