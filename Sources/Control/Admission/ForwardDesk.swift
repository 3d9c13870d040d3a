// Decides by asking another service.
import MartletProxy
import MartletProxyConfig
import Synchronization

/// One service.
final class ForwardDesk: AdmissionJudge {
    typealias Reply = @Sendable (AdmissionVerdict) -> Void

    /// A request that waits.
    private struct Asking: Sendable {
        let fields: [(name: String, value: String)]
        let identity: ForwardQuestions.Identity
        let end: ContinuousClock.Instant
        let reply: Reply
        /// Whether others may wait for the same answer.
        var isShared = true
    }

    private struct Known {
        let pass: AdmissionPass
        let end: ContinuousClock.Instant
    }

    private struct State {
        var client: ServiceClient
        /// Questions that are asked now.
        var active = 0
        var waiting = WaitingLine<Asking>()
        /// Whoever waits for the answer to a question that another one has put.
        var followers: [[UInt8]: [Asking]] = [:]
        var known: [[UInt8]: Known] = [:]
        var counts = ForwardCounts()
    }

    private let configuration: ForwardAuthConfiguration
    private let questions: ForwardQuestions
    private let answers: ForwardAnswers
    private let complaints: Complaints
    private let state: Mutex<State>

    init(_ configuration: ForwardAuthConfiguration, _ client: ServiceClient, complaints: Complaints) {
        self.configuration = configuration
        self.complaints = complaints
        questions = ForwardQuestions(configuration)
        answers = ForwardAnswers(configuration)
        state = Mutex(State(client: client))
    }

    /// The file of authorities says something else now.
    func replace(_ client: ServiceClient) { state.withLock { $0.client = client } }

    /// What has become of questions so far.
    var counts: ForwardCounts { state.withLock(\.counts) }

    func judge(_ question: AdmissionQuestion, reply: @escaping Reply) -> AdmissionVerdict? {
        guard let head = question.head else { return .unavailable("the request's head is not there") }
        if head.fields.count(where: { $0.name.lowercased() == "authorization" }) > 1 {
            return .unauthenticated("more than one Authorization")
        }
        let fields = questions.fields(head)
        let identity = questions.identity(head, fields)
        return take(
            Asking(fields: fields, identity: identity, end: .now + configuration.timeout, reply: reply))
    }

    // MARK: Its turn

    private enum Turn {
        case decided(AdmissionVerdict)
        case now, later
    }

    /// Decides at once if that is possible.
    private func take(_ asking: Asking) -> AdmissionVerdict? {
        switch turn(of: asking) {
        case .decided(let verdict): return verdict
        case .now: Task { [self] in await work(asking) }
        case .later: break
        }
        return nil
    }

    /// Looks into what is known, joins a question that is the same, and takes a place if there is one.
    private func turn(of asking: Asking) -> Turn {
        let digest = asking.identity.digest
        return state.withLock { state in
            if asking.isShared {
                if let known = state.known[digest] {
                    if ContinuousClock.now < known.end {
                        state.counts.remembered += 1
                        return .decided(.pass(known.pass))
                    }
                    state.known[digest] = nil
                }
                if state.followers[digest] != nil {
                    state.followers[digest]?.append(asking)
                    state.counts.joined += 1
                    return .later
                }
            }
            let isNow = state.active < configuration.concurrency
            if !isNow && state.waiting.count >= configuration.queue {
                state.counts.overflowed += 1
                return .decided(failure("too many questions wait for the service"))
            }
            if isNow { state.active += 1 } else { state.waiting.append(asking) }
            if asking.isShared { state.followers[digest] = [] }
            return isNow ? .now : .later
        }
    }

    /// Asks, and goes on with those who wait for their turn until nobody does.
    private func work(_ first: Asking) async {
        var next: Asking? = first
        while let asking = next {
            finish(asking, await outcome(of: asking))
            next = state.withLock { state in
                let waiting = state.waiting.takeFirst()
                if waiting == nil { state.active -= 1 }
                return waiting
            }
        }
    }

    private func outcome(of asking: Asking) async -> ForwardOutcome {
        // Whoever was before has used up the time.
        if ContinuousClock.now >= asking.end { return .failed("no answer in time") }
        let client = state.withLock(\.client)
        do throws(ServiceFailure) {
            let answer = try await client.get(
                configuration.url, asking.fields, until: asking.end, most: configuration.answerSize,
                isWanted: { $0 >= 300 })
            return answers.read(answer)
        } catch {
            return .failed(error.reason)
        }
    }

    // MARK: The answer

    private func finish(_ asking: Asking, _ outcome: ForwardOutcome) {
        let followers = note(asking, outcome)
        switch outcome {
        case .pass(let pass, _):
            asking.reply(.pass(pass))
            for follower in followers { follower.reply(.pass(pass.withoutAnswerFields)) }
        case .answer(let answer, let status, let hasCookies):
            let verdict = AdmissionVerdict.answer(answer, "the service answered \(status)")
            asking.reply(verdict)
            // What it says may be for one client, or for one target: then each is told for itself.
            let isSame = !asking.identity.isKnown && !hasCookies
            for follower in followers { isSame ? follower.reply(verdict) : askAlone(follower) }
        case .failed(let reason):
            complaints.say(
                "a service that decides who comes in is of no use", ["url": configuration.url, "error": reason])
            for waiting in [asking] + followers { waiting.reply(failure(reason)) }
        case .unusable(let reason):
            complaints.say(
                "a service that decides who comes in is of no use", ["url": configuration.url, "error": reason])
            for waiting in [asking] + followers { waiting.reply(.unavailable(reason)) }
        }
    }

    /// Counts and remembers; who else waits for this answer.
    private func note(_ asking: Asking, _ outcome: ForwardOutcome) -> [Asking] {
        state.withLock { state in
            switch outcome {
            case .pass(let pass, let mayBeKept):
                state.counts.allowed += 1
                if asking.identity.isKnown && mayBeKept { remember(pass, asking, &state) }
            case .answer: state.counts.refused += 1
            case .failed, .unusable: state.counts.failed += 1
            }
            return asking.isShared ? state.followers.removeValue(forKey: asking.identity.digest) ?? [] : []
        }
    }

    private func remember(_ pass: AdmissionPass, _ asking: Asking, _ state: inout State) {
        guard let cache = configuration.cache else { return }
        if state.known.count >= cache.entries { state.known.removeAll(keepingCapacity: true) }
        state.known[asking.identity.digest] = Known(pass: pass, end: .now + cache.time)
    }

    private func askAlone(_ asking: Asking) {
        var alone = asking
        alone.isShared = false
        if let verdict = take(alone) { alone.reply(verdict) }
    }

    private func failure(_ reason: String) -> AdmissionVerdict {
        switch configuration.onFailure {
        case .deny: .unavailable(reason)
        case .allow: .pass(AdmissionPass(user: "", fields: []))
        }
    }
}

/// What has become of questions to services.
struct ForwardCounts: Sendable, Equatable {
    /// It let the request in, or had an answer for the client.
    var allowed: UInt64 = 0
    var refused: UInt64 = 0
    /// It did not answer, or not in a way that is of use.
    var failed: UInt64 = 0
    /// Too many questions waited already.
    var overflowed: UInt64 = 0
    /// An earlier answer was remembered, or another question was the same.
    var remembered: UInt64 = 0
    var joined: UInt64 = 0

    static func + (one: ForwardCounts, other: ForwardCounts) -> ForwardCounts {
        var sum = one
        for path in [\ForwardCounts.allowed, \.refused, \.failed, \.overflowed, \.remembered, \.joined] {
            sum[keyPath: path] += other[keyPath: path]
        }
        return sum
    }
}
