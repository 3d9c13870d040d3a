// A client of the soak test. It does what its dice say, and checks that each answer is the one to its request.
import Glibc
import MartletTestSupport

struct SoakClient {
    private let port: UInt16
    private let name: Int
    private var random: SeededRandom
    private var connection: TestSocket?
    private var count = 0
    /// Answers that were checked.
    private(set) var answers = 0
    /// Whether the proxy may be too short of something to serve: it then says so, or breaks the connection.
    private let acceptsRefusal: Bool

    init(port: UInt16, name: Int, acceptsRefusal: Bool = false) {
        self.port = port
        self.name = name
        self.acceptsRefusal = acceptsRefusal
        random = SeededRandom(seed: UInt64(name))
    }

    struct Request {
        let id: String
        let kind: SoakKind
        let method: String
        let content: Int
        let isChunked: Bool

        var head: String {
            let framing = isChunked ? ["Transfer-Encoding: chunked"] : content > 0 ? ["Content-Length: \(content)"] : []
            return requestText("\(method) /\(kind.rawValue)/\(id)", ["X-Length: \(content)"] + framing)
        }
        var body: String {
            let text = String(repeating: "c", count: content)
            return isChunked ? String(content, radix: 16) + "\r\n" + text + "\r\n0\r\n\r\n" : text
        }
        var expected: String { SoakServer.content(id: id, method: method, request: content) }
    }

    /// What a refused client sees: 503, or the end of the connection. Silence is not among it, and no wrong answer.
    private struct Refusal: Error {}

    /// Does one thing.
    mutating func step() throws {
        do {
            try act()
        } catch is Refusal {
            connection = nil
        } catch let failure as TestFailure where acceptsRefusal && Self.isEnd(failure) {
            connection = nil
        }
    }

    private static func isEnd(_ failure: TestFailure) -> Bool {
        failure.description.contains("the stream ended") || failure.code == ECONNRESET || failure.code == EPIPE
    }

    private mutating func act() throws {
        switch Int.random(in: 0..<20, using: &random) {
        case 0: try leave()
        case 1: try fail()
        case 2...5: try pipeline()
        case 6: try expectContinue()
        case 7: try halfClose()
        case 8: try askAsOldClient()
        default: try exchange()
        }
    }

    private mutating func connected() throws -> TestSocket {
        let socket = try connection ?? TestSocket(port: port)
        connection = socket
        return socket
    }

    private mutating func request(
        _ kinds: [SoakKind], withContent: Bool? = nil, most: Int = 3_000
    ) -> Request {
        count += 1
        let hasContent = withContent ?? Bool.random(using: &random)
        let methods = hasContent ? ["POST", "PUT"] : ["GET", "HEAD", "DELETE"]
        let content = hasContent ? Int.random(in: 1...most, using: &random) : 0
        return Request(
            id: "\(name)-\(count)", kind: kinds.randomElement(using: &random) ?? .length,
            method: methods.randomElement(using: &random) ?? "GET", content: content,
            isChunked: hasContent && Bool.random(using: &random))
    }

    private static let usual: [SoakKind] = [.length, .chunked, .untilEnd, .closing, .hinted]

    private mutating func exchange() throws {
        let request = request(Self.usual, most: Bool.random(using: &random) ? 3_000 : 300_000)
        let socket = try connected()
        let text = request.head + request.body
        // In two pieces, cut anywhere.
        let cut = Int.random(in: 0...text.utf8.count, using: &random)
        try socket.send(String(text.prefix(cut)))
        try socket.send(String(text.dropFirst(cut)))
        try check(request, on: socket)
    }

    private mutating func pipeline() throws {
        let requests = (0..<Int.random(in: 2...8, using: &random)).map { _ in request(Self.usual) }
        let socket = try connected()
        try socket.send(requests.map { $0.head + $0.body }.joined())
        for request in requests { try check(request, on: socket) }
    }

    private mutating func expectContinue() throws {
        let request = request([.length, .chunked, .closing], withContent: true)
        let socket = try connected()
        try socket.send(request.head.replacing("\r\n\r\n", with: "\r\nExpect: 100-continue\r\n\r\n"))
        let interim = try socket.readResponse()
        if interim.status == 503 && acceptsRefusal { throw Refusal() }
        if interim.status != 100 { throw TestFailure("\(interim.status) instead of 100 for \(request.id)") }
        try socket.send(request.body)
        try check(request, on: socket)
    }

    private mutating func halfClose() throws {
        let request = request(Self.usual)
        let socket = try connected()
        try socket.send(request.head + request.body)
        socket.shutdownSend()
        try check(request, on: socket)
        let rest = try socket.receiveUntilEnd()
        if rest != [] { throw TestFailure("more than the answer: \(rest)") }
        connection = nil
    }

    /// Asks as an HTTP/1.0 client does, to whom the answer ends with the connection.
    private mutating func askAsOldClient() throws {
        let request = request(Self.usual, withContent: false)
        let socket = try TestSocket(port: port)
        try socket.send(request.head.replacing(" HTTP/1.1\r\n", with: " HTTP/1.0\r\n"))
        let answer = try socket.readResponse(to: request.method)
        try verify(answer, request)
        if try socket.receiveUntilEnd() != [] { throw TestFailure("more than the answer") }
        answers += 1
    }

    /// Goes away somewhere in a request, or before its answers.
    private mutating func leave() throws {
        let requests = (0..<Int.random(in: 1...3, using: &random)).map { _ in request(SoakKind.allCases) }
        let socket = try connected()
        let text = requests.map { $0.head + $0.body }.joined()
        try socket.send(String(text.prefix(Int.random(in: 1...text.utf8.count, using: &random))))
        if Bool.random(using: &random) { socket.reset() } else { socket.close() }
        connection = nil
    }

    /// Asks for what a server does not give: an honest error is right, and so is a broken connection.
    private mutating func fail() throws {
        let request = request([.silent, .broken, .early])
        let socket = try connected()
        defer { connection = nil }
        do {
            try socket.send(request.head + request.body)
            let answer = try socket.readResponse(to: request.method)
            if answer.status == 502 || answer.status == 503 && acceptsRefusal { return }
            if request.kind.answers || request.method == "HEAD" { return try verify(answer, request) }
        } catch let failure as TestFailure where Self.isEnd(failure) {
            if request.kind.answers { throw failure }
            return
        }
        throw TestFailure("a whole answer to \(request.id), whose server gave half")
    }

    private mutating func check(_ request: Request, on socket: TestSocket) throws {
        var answer = try socket.readResponse(to: request.method)
        while answer.status == 103 {
            if answer["X-Echo"] != request.id {
                throw TestFailure("a hint for \(answer["X-Echo"] ?? "") at \(request.id)")
            }
            answer = try socket.readResponse(to: request.method)
        }
        try verify(answer, request)
        answers += 1
    }

    private func verify(_ answer: HTTPResponse, _ request: Request) throws {
        let expected = request.method == "HEAD" ? "" : request.expected
        if answer.status == 503 && acceptsRefusal { throw Refusal() }
        if answer.status == 200 && answer["X-Echo"] == request.id && answer.text == expected { return }
        throw TestFailure(
            "\(answer.status) \(answer["X-Echo"] ?? "-") with \(answer.text.prefix(80)) is no answer to \(request.method) "
                + "/\(request.kind)/\(request.id)")
    }
}
