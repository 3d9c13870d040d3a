// Parsed heads as values that can be compared: bytes in place of positions.

import MartletHTTP1
import MartletHTTPCore

/// A field line that passes.
struct FieldValue: Equatable {
    var name: [UInt8]
    var value: [UInt8]
    var known: KnownField
}

/// A request's head.
struct RequestValues: Equatable {
    var method: HTTPMethod
    var methodName: [UInt8]
    var target: [UInt8]
    var path: [UInt8]
    var query: [UInt8]?
    var authority: [UInt8]
    var version: HTTPVersion
    var fields: [FieldValue]
    var framing: ContentFraming
    var isPersistent: Bool
    var expectsContinue: Bool
    var length: Int

    init(_ head: borrowing RequestHead, in arena: [UInt8]) {
        method = head.method
        methodName = Array(arena[head.methodName.range])
        target = Array(arena[head.target.range])
        path = Array(arena[head.path.range])
        query = head.hasQuery ? Array(arena[head.query.range]) : nil
        authority = Array(arena[head.authority.range])
        version = head.version
        fields = passing(head.fields, in: arena)
        framing = head.framing
        isPersistent = head.isPersistent
        expectsContinue = head.expectsContinue
        length = head.length
    }
}

/// A response's head.
struct ResponseValues: Equatable {
    var status: Int
    var reason: [UInt8]
    var version: HTTPVersion
    var fields: [FieldValue]
    var framing: ContentFraming
    var declaredLength: UInt64?
    var isPersistent: Bool
    var length: Int

    init(_ head: borrowing ResponseHead, in arena: [UInt8]) {
        status = head.status
        reason = Array(arena[head.reason.range])
        version = head.version
        fields = passing(head.fields, in: arena)
        framing = head.framing
        declaredLength = head.declaredLength
        isPersistent = head.isPersistent
        length = head.length
    }
}

/// The lines of `table` that pass, but for those that frame.
func passing(_ table: borrowing FieldTable, in arena: [UInt8]) -> [FieldValue] {
    var passing: [FieldValue] = []
    for index in 0..<table.count {
        let line = table[index]
        if line.isHopByHop || line.known == .contentLength { continue }
        passing.append(
            FieldValue(name: Array(arena[line.name.range]), value: Array(arena[line.value.range]), known: line.known))
    }
    return passing
}

/// The bytes of a span as an array.
func array(_ span: Span<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(span.count)
    for index in span.indices { bytes.append(span[index]) }
    return bytes
}
