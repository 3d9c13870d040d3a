// Cases of conformance: what a client sends, and what must come.
import MartletTestSupport
import Testing

/// One thing that a server of HTTP/2 must do.
struct ConformanceCase: Sendable {
    /// As h2spec numbers it: `http2/6.9.1/2`.
    let id: String
    let title: String
    /// Plays it on a new connection that has said nothing.
    let play: @Sendable (FrameClient) throws -> Void
}

/// The cases of a section.
struct ConformanceSection: Sendable {
    let id: String
    private(set) var cases: [ConformanceCase] = []

    init(_ id: String, _ fill: (inout ConformanceSection) -> Void) {
        self.id = id
        fill(&self)
    }

    /// A case that does something on a connection that is ready.
    mutating func play(_ title: String, _ body: @escaping @Sendable (FrameClient) throws -> Void) {
        raw(title) { client in
            try client.start([(Setting.initialWindow, 65_535)])
            try body(client)
        }
    }

    /// A case that sends frames, and waits for one thing.
    mutating func add(
        _ title: String, _ expectation: Expectation, _ frames: @escaping @Sendable (FrameClient) -> [WireFrame]
    ) {
        play(title) { client in
            client.send(frames(client))
            try client.expect(expectation)
        }
    }

    /// A case that begins the connection itself.
    mutating func raw(_ title: String, _ body: @escaping @Sendable (FrameClient) throws -> Void) {
        cases.append(ConformanceCase(id: "\(id)/\(cases.count + 1)", title: title, play: body))
    }
}

/// Sections that are run together, against one server.
struct ConformanceGroup: Sendable, CustomTestStringConvertible {
    let name: String
    let sections: [ConformanceSection]

    var testDescription: String { name }
    var cases: [ConformanceCase] { sections.flatMap(\.cases) }

    init(_ name: String, _ sections: [ConformanceSection]) {
        self.name = name
        self.sections = sections
    }

    static let all = [generic, hpack, connections, streams, frames, flow, messages, beyond]
}

extension FrameClient {
    /// A request for `/` on stream 1.
    func get(_ more: [HTTPField] = []) -> WireFrame { .headers(1, server.block("GET", "/", more)) }
    /// A request on stream 1 behind whose head content comes.
    func post(_ more: [HTTPField] = []) -> WireFrame { .open(1, server.block("POST", "/", more)) }
    /// A large field, as a block.
    static let dummy = HPACKWriter.literal("x-dummy0", String(repeating: "x", count: 4_000))
}
