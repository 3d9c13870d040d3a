// Whom fields of proxies name.
import MartletHTTPCore
import Testing

@Suite struct ForwardedChainTests {
    private static func elements(_ list: String) -> [String] {
        let bytes = Array(list.utf8)
        var found: [String] = []
        var end = bytes.count
        while end > 0 {
            let start = ForwardedChain.lastElement(of: bytes.span, endingAt: end)
            found.append(String(decoding: bytes[start..<end], as: UTF8.self))
            end = start - 1
        }
        return found
    }

    private static func address(_ element: String, _ form: ForwardedForm = .addresses) -> String? {
        let bytes = Array(element.utf8)
        return ForwardedChain.address(in: bytes.span, form)?.description
    }

    @Test(arguments: [
        ("", []), ("a", ["a"]), ("a, b,c", ["c", " b", "a"]), (",", [""]), ("a,", ["", "a"]),
        ("a, \"b,c\"", [" \"b,c\"", "a"]), ("x\"y, for=z", [" for=z", "x\"y"]),
    ])
    func elementsAreFoundFromTheEnd(list: String, elements: [String]) {
        #expect(Self.elements(list) == elements)
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), (" \t192.0.2.1 ", "192.0.2.1"), ("192.0.2.1:4711", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"), ("[2001:db8::1]", "2001:db8::1"), ("[2001:db8::1]:80", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", nil), (" ", nil), ("unknown", nil), ("_hidden", nil), ("192.0.2", nil), ("192.0.2.1.", nil), ("[", nil),
        ("[]", nil),
        ("[2001:db8::1", nil), ("[2001:db8::1]x", nil), ("192.0.2.1 192.0.2.2", nil), (":80", nil),
        ("\"192.0.2.1\"", nil),
    ])
    func anAddressMayHaveAPort(element: String, address: String?) {
        #expect(Self.address(element) == address)
    }

    @Test(arguments: [
        ("for=192.0.2.1", "192.0.2.1"), (" For=\"192.0.2.1:80\" ", "192.0.2.1"),
        ("by=10.0.0.1; for=\"[2001:db8::1]:80\";proto=https", "2001:db8::1"),
        ("host=\"a;for=192.0.2.9\";for=192.0.2.1", "192.0.2.1"),
        ("", nil), ("for=", nil), ("for=\"", nil), ("for=\"192.0.2.1", nil), ("for=unknown", nil), ("for=_x", nil),
        ("proto=https", nil), ("192.0.2.1", nil), ("xfor=192.0.2.1", nil), ("for =192.0.2.1", nil),
    ])
    func theNodeOfAnElementIsRead(element: String, address: String?) {
        #expect(Self.address(element, .elements) == address)
    }

    /// Whatever stands ahead, what a proxy has added is found first.
    @Test(arguments: ["\"", "\"a,", "for=\"x", ",,,", "a\\\"", "1.2.3.4, \"", "[", "\\"])
    func whatStandsAheadChangesNothing(forged: String) {
        #expect(Self.elements(forged + ", 192.0.2.1").first == " 192.0.2.1")
    }
}
