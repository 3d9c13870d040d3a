import MartletGRPC
import MartletHTTP2
import MartletHTTPCore
import MartletLayer4
import MartletTelemetry
import Testing

@testable import MartletProxy

@Suite struct FailureKindTests {
    static let plain: [FailureKind] = [
        .methodNotAllowed, .noRoute, .requestBodyTooLarge, .requestTruncated, .requestHeadTimeout, .requestTooSlow,
        .responseReadTooSlowly, .clientGone, .exchangeTimeout, .connectFailed, .connectTimeout,
        .handshakeFailed, .certificateRefused, .pinMismatch, .noServer,
        .saturated, .queueFull, .clientLeft, .serverDrained, .serverClosed, .serverReset, .serverDown, .responseTimeout,
        .responseTooManyInterim, .responseLeaks, .responseUndecodable, .switchedUnasked,
        .responseTruncated, .responseStalled, .noResources, .noBuffers, .tooManyConnections,
        .tooManyConnectionsFromClient, .headTooLargeToForward, .draining,
        .accessDenied(403), .unauthenticated, .challenged, .originRefused, .notEntitled, .admissionUnavailable,
        .admissionTimeout,
        .tooMuchBuffered,
        .protocolNotSupported, .streamBroken, .serverBrokeHTTP2, .protocolNotSpoken, .streamUnprocessed,
        .deadlinePassed, .callTimeoutMalformed, .callSilent, .webTextMalformed,
        .badWebSocketKey, .webSocketNotEnabled, .maintenance(place: 0, status: 500),
        .file(.absent), .file(.denied), .file(.method), .file(.precondition), .file(.range), .file(.tooMany),
        .file(.timeout), .file(.unreadable), .file(.cut),
    ]
    static let tunnel: [FailureKind] = [
        .tunnel(.idle), .tunnel(.serverReset), .tunnel(.serverStalled),
        .tunnel(.helloRefused(.notTLS)), .tunnel(.helloTimeout),
        .tunnel(.nameUnmatched), .tunnel(.proxyHeaderRefused(.badLine)), .tunnel(.proxyHeaderTimeout),
    ]
    static let all =
        plain + tunnel + HeadRefusal.allCases.map { .requestRefused($0) }
        + HeadRefusal.allCases.map { .responseRefused($0) }
        + SectionFault.allCases.flatMap { [.streamRefused($0), .responseMalformed($0)] }

    /// Written down once more, and without `default`: a new kind does not compile before it stands here. Add it above too.
    private func expected(_ kind: FailureKind) -> (side: FailureSide, status: Int) {
        switch kind {
        case .tunnel(.idle): (.proxy, 504)
        case .tunnel(.nameUnmatched): (.proxy, 404)
        case .tunnel(.serverReset): (.server, 502)
        case .tunnel(.serverStalled): (.server, 504)
        case .tunnel(.helloRefused), .tunnel(.proxyHeaderRefused): (.client, 400)
        case .tunnel(.helloTimeout), .tunnel(.proxyHeaderTimeout): (.client, 408)
        case .file(.absent): (.client, 404)
        case .file(.denied): (.client, 403)
        case .file(.method): (.client, 405)
        case .file(.precondition): (.client, 412)
        case .file(.range): (.client, 416)
        case .file(.tooMany), .file(.timeout): (.proxy, 503)
        case .file(.unreadable), .file(.cut): (.proxy, 500)
        case .maintenance(_, let status): (.proxy, Int(status))
        case .requestRefused(let refusal): (.client, refusal.status)
        case .streamRefused(let fault): (.client, fault.status ?? 400)
        case .streamBroken, .badWebSocketKey: (.client, 400)
        case .webSocketNotEnabled: (.server, 501)
        case .responseMalformed, .serverBrokeHTTP2, .protocolNotSpoken, .streamUnprocessed: (.server, 502)
        case .methodNotAllowed: (.client, 405)
        case .protocolNotSupported: (.client, 501)
        case .noRoute: (.proxy, 404)
        case .accessDenied(let status): (.client, Int(status))
        case .originRefused, .challenged: (.client, 403)
        case .notEntitled: (.client, 403)
        case .unauthenticated: (.client, 401)
        case .admissionUnavailable, .admissionTimeout: (.proxy, 503)
        case .requestTruncated: (.client, 400)
        case .requestBodyTooLarge: (.client, 413)
        case .requestHeadTimeout, .requestTooSlow: (.client, 408)
        case .responseReadTooSlowly, .clientGone: (.client, 499)
        case .connectFailed, .handshakeFailed, .certificateRefused, .pinMismatch, .serverClosed, .serverReset,
            .serverDown, .responseRefused, .responseTooManyInterim, .responseLeaks, .responseUndecodable,
            .switchedUnasked,
            .responseTruncated:
            (.server, 502)
        case .connectTimeout, .responseTimeout, .responseStalled: (.server, 504)
        case .exchangeTimeout: (.proxy, 504)
        case .deadlinePassed, .callSilent: (.client, 504)
        case .callTimeoutMalformed, .webTextMalformed: (.client, 400)
        case .noServer, .saturated, .queueFull, .serverDrained, .noResources, .noBuffers, .tooManyConnections,
            .draining, .tooMuchBuffered:
            (.proxy, 503)
        case .tooManyConnectionsFromClient, .clientLeft: (.client, 503)
        case .headTooLargeToForward: (.proxy, 431)
        }
    }

    @Test(arguments: all)
    func knowsItsSideAndStatus(kind: FailureKind) {
        #expect(kind.side == expected(kind).side)
        #expect(kind.status == expected(kind).status)
    }

    @Test func theReasonsTellKindsApart() {
        let reasons = Self.plain.map(\.reason) + HeadRefusal.allCases.map { FailureKind.requestRefused($0).reason }
        #expect(Set(reasons).count == reasons.count)
        #expect(!reasons.contains(""))
    }

    @Test(arguments: all)
    func eachStatusHasItsCounterAndItsWords(kind: FailureKind) {
        // Nobody reads the answer with 499.
        if kind.status == 499 { return }
        #expect(Counter.error(kind.status) != .errorsOther)
        #expect(text(of: kind.status) != text(of: 499), "no words of its own for \(kind.status)")
    }

    private func text(of status: Int) -> String { "\(ErrorText.explanation(of: status))" }

    /// By the status that it would be in HTTP, but for what only looks alike.
    @Test(arguments: all)
    func eachIsAStatusOfGRPC(kind: FailureKind) {
        let status: GRPCStatus =
            switch kind {
            case .connectTimeout, .maintenance: .unavailable
            case .requestTruncated, .clientGone, .clientLeft, .responseReadTooSlowly: .cancelled
            default: GRPCStatus(httpStatus: kind.status)
            }
        #expect(kind.callStatus == status)
        #expect(status != .ok)
    }

    @Test(
        arguments: [
            (.noRoute, .unimplemented), (.noServer, .unavailable), (.queueFull, .unavailable),
            (.saturated, .unavailable), (.connectFailed, .unavailable), (.serverReset, .unavailable),
            (.draining, .unavailable), (.deadlinePassed, .deadlineExceeded), (.responseTimeout, .deadlineExceeded),
            (.callSilent, .deadlineExceeded), (.requestBodyTooLarge, .resourceExhausted),
            (.headTooLargeToForward, .resourceExhausted), (.callTimeoutMalformed, .internal),
            (.streamRefused(.tooManyFields), .resourceExhausted), (.streamRefused(.badTE), .internal),
        ] as [(FailureKind, GRPCStatus)])
    func causesAndStatuses(kind: FailureKind, status: GRPCStatus) {
        #expect(kind.callStatus == status)
        #expect("\(CallText.explanation(of: status))" != "\(CallText.explanation(of: .unknown))")
    }

    /// A request whose end is in doubt must not be followed by another.
    @Test func refusedRequestsSpoilTheirConnection() {
        for refusal in HeadRefusal.allCases {
            #expect(FailureKind.requestRefused(refusal).spoilsConnection)
            #expect(!FailureKind.responseRefused(refusal).spoilsConnection)
        }
        let spoiling = Self.plain.filter(\.spoilsConnection)
        #expect(
            spoiling == [
                .methodNotAllowed, .requestBodyTooLarge, .requestTruncated, .noBuffers, .protocolNotSupported,
                .streamBroken, .webTextMalformed, .badWebSocketKey,
            ])
    }
}
