// What a head says of other protocols (RFC 9110 section 7.8).

import MartletHTTP1
import MartletHTTPCore
import Testing

struct UpgradeOfferTests {
    /// The protocols that the head of a request names, and whether Connection says that they count.
    private func offer(_ lines: [String]) -> (protocols: [String], isNominated: Bool) {
        let bytes = head(["GET / HTTP/1.1", "Host: a"] + lines)
        var request = RequestHead(fieldCapacity: 16)
        #expect(RequestParser.parse(bytes.span, into: &request, limits: HeadLimits()) == .complete)
        var cursor = UpgradeCursor()
        var protocols: [String] = []
        while let name = cursor.next(request.fields, in: bytes.span) { protocols.append(text(bytes, name)) }
        return (protocols, request.fields.nominatesUpgrade(in: bytes.span))
    }

    private static let offers: [(lines: [String], protocols: [String])] = [
        ([], []),
        (["Upgrade: websocket"], ["websocket"]),
        (["upgrade:WebSocket"], ["WebSocket"]),
        (["Upgrade: HTTP/2.0, SHTTP/1.3,IRC/6.9 , \tRTA/x11"], ["HTTP/2.0", "SHTTP/1.3", "IRC/6.9", "RTA/x11"]),
        (["Upgrade: a", "X: b", "Upgrade: c, d"], ["a", "c", "d"]),
        (["Upgrade:"], []),
        (["Upgrade: , ,"], []),
        (["Upgrade: ,a,,b,"], ["a", "b"]),
        (["Upgrade: ,", "Upgrade: b"], ["b"]),
        (["Upgrade-Insecure-Requests: 1"], []),
    ]

    @Test(arguments: offers)
    func protocolsAreInTheirOrder(lines: [String], protocols: [String]) {
        #expect(offer(lines).protocols == protocols)
    }

    @Test(arguments: [
        (["Connection: Upgrade"], true), (["Connection: keep-alive, upgrade"], true),
        (["connection: close", "Connection: ,UPGRADE,"], true), ([], false), (["Connection: keep-alive"], false),
        (["Connection: upgrades"], false), (["X-Connection: upgrade"], false), (["Connection:"], false),
    ])
    func connectionHasToNameIt(lines: [String], isNominated: Bool) {
        #expect(offer(lines + ["Upgrade: a"]).isNominated == isNominated)
    }

    @Test func aResponseIsReadInTheSameWay() {
        let bytes = head(["HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: websocket"])
        var response = ResponseHead(fieldCapacity: 16)
        let result = ResponseParser.parse(
            bytes.span, into: &response, requestMethod: .get, limits: HeadLimits())
        #expect(result == .complete)
        var cursor = UpgradeCursor()
        #expect(cursor.next(response.fields, in: bytes.span).map { text(bytes, $0) } == "websocket")
        #expect(cursor.next(response.fields, in: bytes.span) == nil)
    }
}
