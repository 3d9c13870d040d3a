// Which protocols routes allow.
import Testing

@testable import MartletProxy

@Suite struct UpgradeTableTests {
    @Test func thePlainListIsWebSocketAlone() {
        let table = UpgradeTable()
        #expect(table.names(in: 0) == ["websocket"])
        #expect(table.place(of: "WebSocket".utf8.span, in: 0) == UpgradeTable.webSocket)
        #expect(table.place(of: "websockets".utf8.span, in: 0) == nil)
    }

    @Test func listsAreKeptOnceAndInTheirOrder() {
        var table = UpgradeTable()
        #expect(table.insert(["websocket"]) == 0)
        let none = table.insert([])
        let several = table.insert(["tcp", "spdy/3.1", "websocket"])
        #expect(table.insert(["TCP", "SPDY/3.1", "WebSocket"]) == several)
        #expect(table.insert([]) == none && none != 0 && several != none)
        #expect(table.names(in: several) == ["tcp", "spdy/3.1", "websocket"])
        #expect(table.names == ["websocket", "tcp", "spdy/3.1"])
        #expect(table.place(of: "Spdy/3.1".utf8.span, in: several) == 2)
        #expect(table.place(of: "spdy/3.1".utf8.span, in: 0) == nil)
        #expect(table.place(of: "spdy".utf8.span, in: several) == nil)
        #expect(table.place(of: "websocket".utf8.span, in: none) == nil)
    }
}
