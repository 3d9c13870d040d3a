import Foundation
import Testing

@testable import MartletRouting

/// What RE2 finds, we find: a table that `dev/expressions` has written, or another one named by `MARTLET_EXPRESSIONS`.
@Suite struct ExpressionTableTests {
    private struct Row: Decodable {
        let expression: String
        let texts: [String]
        /// For each text, the places of the groups, from that of the match on; none without a match.
        let places: [[Int32]?]
    }

    private static func rows() throws -> [Row] {
        let other = ProcessInfo.processInfo.environment["MARTLET_EXPRESSIONS"]
        let file =
            other.map { URL(fileURLWithPath: $0) }
            ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Expressions/re2.jsonl")
        let lines = try Data(contentsOf: file).split(separator: 0x0A)
        return try lines.map { try JSONDecoder().decode(Row.self, from: $0) }
    }

    @Test func findsWhatRE2Finds() throws {
        var memory = ExpressionMemory()
        let rows = try Self.rows()
        #expect(rows.count >= 600)
        for row in rows {
            let expression = try Expression(parsing: row.expression)
            let slow = try Expression(parsing: row.expression, hasAutomaton: false)
            for (text, places) in zip(row.texts, row.places) {
                let found = slow.find(in: text.utf8.span, &memory) ? memory.places : nil
                #expect(found == places, "\(row.expression) in \(text)")
                // What is wanted of the groups changes nothing about their places.
                let few = expression.find(in: text.utf8.span, upTo: 1, &memory) ? memory.places : nil
                #expect(few == places.map { Array($0.prefix(4)) }, "\(row.expression) in \(text)")
                let isMatch = expression.matches(text.utf8.span, &memory)
                #expect(isMatch == (places != nil), "\(row.expression) in \(text)")
                let isSlowMatch = slow.matches(text.utf8.span, &memory)
                #expect(isSlowMatch == (places != nil), "\(row.expression) in \(text)")
            }
        }
    }
}
