import MartletHTTPCore
import Testing

@testable import MartletRouting

/// A request as routes see it, made of its parts.
final class RequestText {
    var head = RequestHead(fieldCapacity: 16)
    private(set) var arena: [UInt8] = []

    init(_ method: String, _ host: String, _ target: String, _ fields: [(String, String)] = []) {
        head.method = HTTPMethod(name: method.utf8.span)
        head.methodName = add(method)
        head.authority = add(host)
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        head.path = add(String(parts[0]))
        head.isPathEncoded = parts[0].contains("%")
        if parts.count > 1 {
            head.hasQuery = true
            head.query = add(String(parts[1]))
        }
        for (name, value) in fields {
            let known = KnownField(token: name.utf8.span)
            _ = head.fields.append(FieldLine(name: add(name), value: add(value), known: known))
        }
    }

    private func add(_ text: String) -> ByteRange {
        let start = arena.count
        arena += Array(text.utf8)
        return ByteRange(from: start, to: arena.count)
    }
}

@Suite struct RouteConditionTests {
    private static let client = RouteClient(address: IPAddress(v4: 0x0A01_0203), isSecure: true)

    private func holds(_ condition: RouteCondition, _ request: RequestText) -> Bool {
        var table = ConditionTable()
        let index = Int(table.insert(condition))
        var memory = RouteMemory()
        let arena = request.arena
        return table.holds(index, request.head, arena.span, Self.client, &memory)
    }

    private func network(_ text: String) throws -> Network { try Network(parsing: text) }

    @Test func methodsAreKnownAndOthers() {
        let get = RequestText("GET", "h", "/")
        let other = RequestText("PURGE", "h", "/")
        #expect(holds(.methods(["HEAD", "GET"]), get))
        #expect(!holds(.methods(["HEAD", "POST"]), get))
        #expect(holds(.methods(["GET", "PURGE"]), other))
        #expect(!holds(.methods(["GET", "BAN"]), other))
        #expect(!holds(.methods(["get"]), get))
        // What begins a WebSocket over HTTP/2.
        let connect = RequestText("CONNECT", "h", "/")
        #expect(!holds(.methods(["GET"]), connect))
        connect.head.protocolName = ByteRange(from: 0, to: 3)
        #expect(holds(.methods(["GET"]), connect))
    }

    @Test func fieldsAreFoundByNameInAnyCase() throws {
        let request = RequestText(
            "GET", "h", "/", [("accept", "text/html"), ("X-Env", "blue"), ("x-env", "green"), ("X-Empty", "")])
        let expression = try Expression(parsing: "^gr")
        for (name, test, expected) in [
            ("Accept", .exact("text/html"), true), ("Accept", .exact("text"), false), ("X-Env", .exact("green"), true),
            ("X-ENV", .prefix("bl"), true), ("X-Env", .prefix("blue!"), false),
            ("X-Env", .expression(expression), true),
            ("Accept", .expression(expression), false), ("X-Empty", .present, true), ("X-Empty", .exact(""), true),
            ("X-None", .present, false), ("Host", .present, false), ("X-Env", .exact("GREEN"), false),
        ] as [(String, ValueTest, Bool)] {
            #expect(holds(.field(name, test), request) == expected, "\(name) \(test)")
        }
    }

    @Test func parametersAreComparedDecoded() throws {
        let request = RequestText("GET", "h", "/x?a=1&b=x%20y+z&a=2&c&%64=%26&=e&f=a=b&g=%zz&&")
        for (name, test, expected) in [
            ("a", .exact("1"), true), ("a", .exact("2"), true), ("a", .exact("3"), false), ("b", .exact("x y z"), true),
            ("c", .present, true), ("c", .exact(""), true), ("d", .exact("&"), true), ("e", .present, false),
            ("f", .exact("a=b"), true), ("g", .exact("%zz"), true), ("", .exact("e"), true), ("h", .present, false),
            ("b", .expression(try Expression(parsing: "^x y")), true), ("b", .prefix("x y"), true),
        ] as [(String, ValueTest, Bool)] {
            #expect(holds(.parameter(name, test), request) == expected, "\(name) \(test)")
        }
    }

    @Test func cookiesAreFoundInAllLines() {
        let request = RequestText("GET", "h", "/", [("Cookie", "a=1; b=2;c = 3"), ("Cookie", " d=\"4\"; ee=5;; f")])
        for (name, test, expected) in [
            ("a", .exact("1"), true), ("b", .exact("2"), true), ("e", .present, false), ("ee", .prefix("5"), true),
            ("d", .exact("\"4\""), true), ("f", .exact(""), true), ("A", .present, false),
        ] as [(String, ValueTest, Bool)] {
            #expect(holds(.cookie(name, test), request) == expected, "\(name) \(test)")
        }
    }

    @Test func clientsAndSchemes() throws {
        let request = RequestText("GET", "h", "/")
        #expect(holds(.client([try network("10.0.0.0/8"), try network("::1")]), request))
        #expect(!holds(.client([try network("192.168.0.0/16")]), request))
        #expect(holds(.scheme(isSecure: true), request))
        #expect(!holds(.scheme(isSecure: false), request))
    }

    /// All combinations of two conditions, each of which holds or not.
    @Test func combinationsAreThoseOfLogic() {
        let request = RequestText("GET", "h", "/")
        let values: [(RouteCondition, Bool)] = [(.methods(["GET"]), true), (.methods(["POST"]), false)]
        #expect(holds(.all([]), request) && !holds(.any([]), request))
        for (one, first) in values {
            #expect(holds(.not(one), request) == !first)
            for (other, second) in values {
                #expect(holds(.all([one, other]), request) == (first && second))
                #expect(holds(.any([one, other]), request) == (first || second))
                #expect(holds(.not(.any([one, .all([other, other])])), request) == !(first || second))
                #expect(
                    holds(.all([.any([one, other]), .not(.all([one, other])), one]), request) == (first && !second))
            }
        }
    }

    @Test func weightsCountWhatIsAskedFor() {
        let one = RouteCondition.methods(["GET"])
        #expect(RouteCondition.none.weight == 0)
        #expect(RouteCondition.all([one, .all([one, one]), .any([one, one]), .not(.all([one, one]))]).weight == 5)
    }
}
