import MartletHTTPCore
import MartletProxyConfig
import Testing

@testable import MartletControl

@Suite struct JSONShapeTests {
    private func misfits(_ shape: JSONShape, _ text: String) throws -> [String] {
        shape.misfits(try JSONText(reading: Array(text.utf8))).map { "\($0.pointer): \($0.message)" }
    }

    @Test func whatFitsHasNothingWrong() throws {
        let shape = JSONShape.object([
            JSONMember("a/b", .integer(0...9), ""), JSONMember("c", .array(of: .choice(["x", "y"])), "").optional,
            JSONMember("n", .nullable(.boolean), "").optional, JSONMember("t", .text(1...2), "").optional,
            JSONMember("m", .map(of: .number), "").optional, JSONMember("w", .anything, "").optional,
        ])
        #expect(try misfits(shape, #"{"a/b": 9}"#) == [])
        let whole = #"{"a/b": 0, "c": ["x", "y"], "n": null, "t": "ä€", "m": {"q": 1.5, "r": 2}, "w": [[]]}"#
        #expect(try misfits(shape, whole) == [])
        #expect(try misfits(shape, #"{"a/b": 1, "n": true}"#) == [])
    }

    @Test(arguments: [
        (#"{}"#, ["/a~1b: is missing"]), (#"[]"#, [": expected an object with a/b, c"]),
        (#"{"a/b": 10}"#, ["/a~1b: expected a whole number between 0 and 9"]),
        (#"{"a/b": 1.0}"#, ["/a~1b: expected a whole number between 0 and 9"]),
        (#"{"a/b": 1, "c": ["x", "z"]}"#, ["/c/1: expected one of 'x', 'y'"]),
        (#"{"a/b": 1, "d": 1}"#, ["/d: there is no such member; there are a/b, c"]),
        (
            #"{"a/b": "1", "c": 1}"#,
            [
                "/a~1b: expected a whole number between 0 and 9",
                "/c: expected an array; each element is one of 'x', 'y'",
            ]
        ),
    ])
    func whatDoesNotIsToldWithItsPlace(text: String, wanted: [String]) throws {
        let shape = JSONShape.object([
            JSONMember("a/b", .integer(0...9), ""), JSONMember("c", .array(of: .choice(["x", "y"])), "").optional,
        ])
        #expect(try misfits(shape, text) == wanted)
    }

    /// As JSON Schema has it, which programs make their requests by.
    @Test func wholeNumbersAreWholeHoweverTheyAreWritten() throws {
        let text = #"{"a": 5.0, "b": [1e2, -0.0, 12.5, 1e300, 9007199254740993], "c": {"d": 2.50e1}, "e": "5.0"}"#
        let json = try JSONText(reading: Array(text.utf8)).withWholeNumbers
        #expect(json.compact == #"{"a":5,"b":[100,0,12.5,1e300,9007199254740993],"c":{"d":25},"e":"5.0"}"#)
        #expect(JSONShape.integer(0...9).misfits(try #require(json["a"])).isEmpty)
    }

    @Test func tagsTellServersApart() {
        let key = ServerOverlay.Key(upstream: "a", server: .unix(path: "/s"))
        var attributes = ServerOverlay.Attributes()
        var tags: Set<String> = [ETag.of(key, attributes)]
        attributes.weight = 2
        tags.insert(ETag.of(key, attributes))
        attributes.state = .draining
        tags.insert(ETag.of(key, attributes))
        attributes.maxInFlight = 1
        tags.insert(ETag.of(key, attributes))
        (attributes.maxInFlight, attributes.maxConnections) = (nil, 1)
        tags.insert(ETag.of(key, attributes))
        #expect(tags.count == 5 && tags.allSatisfy { $0.count == 18 && $0.hasPrefix("\"") })
    }
}
