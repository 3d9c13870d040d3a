// Answer, counters and log line of one failed request, held against each other.
import MartletProxy
import MartletTelemetry
import MartletTestSupport
import Testing

/// How the only request of a test is expected to fail.
struct ExpectedFailure {
    let kind: FailureKind
    let phase: ExchangePhase
    /// What the client has been told already when it fails, if it has been.
    var toldStatus: Int?

    init(_ kind: FailureKind, _ phase: ExchangePhase, told status: Int? = nil) {
        self.kind = kind
        self.phase = phase
        toldStatus = status
    }
}

extension TestProxy {
    /// Ends everything as `end` does; counters and log must say that the only request failed as expected.
    @discardableResult
    func end(
        _ servers: ScriptedServer..., failed expected: ExpectedFailure, location: SourceLocation = #_sourceLocation
    ) throws -> LogLine {
        let lines = try end(servers, location)
        let line = try #require(lines.first, sourceLocation: location)
        #expect(lines.count == 1, sourceLocation: location)
        expect(line, expected, location)
        expectCounters(expected, location)
        return line
    }

    private func expect(_ line: LogLine, _ expected: ExpectedFailure, _ location: SourceLocation) {
        let kind = expected.kind
        #expect(line.error?.hasPrefix(kind.reason) == true, "\(line)", sourceLocation: location)
        #expect(line.side == "\(kind.side.name)", sourceLocation: location)
        #expect(line.phase == "\(expected.phase.name)", sourceLocation: location)
        #expect(line.status == expected.toldStatus ?? kind.status, sourceLocation: location)
    }

    private func expectCounters(_ expected: ExpectedFailure, _ location: SourceLocation) {
        let status = expected.toldStatus ?? expected.kind.status
        #expect(metrics.read(Counter.response(status)) == 1, sourceLocation: location)
        for counter in Counter.allCases where "\(counter)".hasPrefix("errors") {
            let isIt = counter == Counter.error(status) && status != 499 && expected.toldStatus == nil
            #expect(metrics.read(counter) == (isIt ? 1 : 0), "\(counter)", sourceLocation: location)
        }
        let failures = (0..<metrics.servers).map { metrics.read(.failures, server: $0) }.reduce(0, +)
        #expect(failures == (expected.kind.side == .server ? 1 : 0), sourceLocation: location)
    }
}

extension HTTPResponse {
    /// Whether it is an error page of Martlet's for the request of a log line.
    func isPage(for line: LogLine) -> Bool {
        status == line.status && text.contains(line.requestId) && self["Cache-Control"] == "no-store"
            && self["Via"] == nil && Int(self["Content-Length"] ?? "") == content.count
    }
}
