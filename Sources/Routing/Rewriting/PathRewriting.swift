// Paths as clients send them, segment by segment. Nothing is decoded: what a server gets is spelled as it came.
import MartletHTTPCore

/// Looks at paths.
package enum RequestPath {
    /// Where `path` goes on behind `prefix`, which is a path without "/" at its end: at a "/", or at the path's end. `nil` if
    /// it does not begin with the prefix.
    package static func end(of prefix: Span<UInt8>, in path: Span<UInt8>) -> Int? {
        guard path.count >= prefix.count else { return nil }
        guard ByteScan.equals(path.extracting(0..<prefix.count), prefix) else { return nil }
        if path.count > prefix.count && path[prefix.count] != 0x2F { return nil }
        return prefix.count
    }

    /// Where the path goes on behind its first `count` segments and the "/" behind them; the path's end if there is no more.
    package static func start(behind count: Int, in path: Span<UInt8>) -> Int {
        var index = 0
        for _ in 0..<count {
            index += 1
            while index < path.count && path[index] != 0x2F { index += 1 }
        }
        return min(index + 1, path.count)
    }

    /// Whether the path has a segment that leads upwards or nowhere, "..", or ".", or spelled so that a server may take it for
    /// one: percent-encoded, or between backslashes. Joined with another path it would lead out of that.
    package static func hasDotSegment(_ path: Span<UInt8>) -> Bool {
        var index = 0
        var dots = 0
        var others = 0
        while index < path.count {
            var byte = path[index]
            var width = 1
            if byte == 0x25, let code = PercentEncoding.decoded(path, at: index) {
                byte = code
                width = 3
            }
            if byte == 0x2F || byte == 0x5C {
                if others == 0 && (dots == 1 || dots == 2) { return true }
                dots = 0
                others = 0
            } else if byte == 0x2E {
                dots += 1
            } else {
                others += 1
            }
            index += width
        }
        return others == 0 && (dots == 1 || dots == 2)
    }
}

/// Looks at queries: parameters between "&", each "name=value" or "name".
package enum QueryText {
    /// Where the parameter that begins at `start` ends.
    package static func end(of start: Int, in query: Span<UInt8>) -> Int {
        var end = start
        while end < query.count && query[end] != 0x26 { end += 1 }
        return end
    }

    /// Whether the parameter is called `name`, however that is spelled: "%61" is "a", and "+" a space.
    package static func isNamed(_ name: Span<UInt8>, _ parameter: Span<UInt8>) -> Bool {
        var index = 0
        var place = 0
        while index < parameter.count && parameter[index] != 0x3D {
            var byte = parameter[index]
            var width = 1
            if byte == 0x25, let code = PercentEncoding.decoded(parameter, at: index) {
                byte = code
                width = 3
            } else if byte == 0x2B {
                byte = 0x20
            }
            guard place < name.count, name[place] == byte else { return false }
            place += 1
            index += width
        }
        return place == name.count
    }
}
