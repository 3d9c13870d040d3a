// HTTP/2 from outside.
//
// `Client` has a client that speaks in frames, right or wrong ones, over TCP and over TLS, with a HPACK of its own: nothing of
// it is shared with the proxy. `Conformance` asks what RFC 9113 and RFC 7541 demand, case by case as h2spec does (its numbers
// are kept), `Attacks` what is against the rules on purpose, `Downgrade` whether requests can be smuggled to servers of
// HTTP/1, and `Semantics` whether messages pass as they should, with clients that everybody uses.
//
// The cases of conformance can be put to another server, as was done to test them (HAProxy passes those of h2spec):
//
//     MARTLET_CONFORMANCE_ADDRESS=https://127.0.0.1:8443 swift test --filter ConformanceTests
//
// It may be `http:` with prior knowledge as well. The server must answer requests for `/` with 5 bytes or more.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct ConformanceTests {
    /// What MARTLET_CONFORMANCE_ADDRESS says.
    private static let other: FrameServer? = {
        guard let text = ProcessInfo.processInfo.environment["MARTLET_CONFORMANCE_ADDRESS"] else { return nil }
        guard let port = text.split(separator: ":").last.flatMap({ UInt16($0) }) else { return nil }
        return FrameServer(port: port, isSecure: text.hasPrefix("https:"))
    }()

    @Test(arguments: ConformanceGroup.all, other.map { [$0.isSecure] } ?? [false, true])
    func keepsToTheRules(group: ConformanceGroup, isSecure: Bool) throws {
        if let other = Self.other { return run(group, other) }
        let stage = try FrameStage { _ in response(200, "hello, world") }
        try withMartlet(stage.config()) { martlet in run(group, try martlet.frames(isSecure)) }
    }

    private func run(_ group: ConformanceGroup, _ server: FrameServer) {
        for one in group.cases {
            do {
                let client = try FrameClient(server)
                try one.play(client)
                client.close()
            } catch {
                Issue.record("\(one.id), \(one.title): \(error)")
            }
        }
    }

    /// The suite is whole: 146 cases, and three that h2spec has for its strict mode or has had at times.
    @Test func hasAllOfThem() {
        let ids = ConformanceGroup.all.flatMap(\.cases).map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(ids.filter { !$0.hasPrefix("beyond/") }.count == 149)
    }
}
