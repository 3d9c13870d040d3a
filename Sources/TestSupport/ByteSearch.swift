// Where bytes stand among others. One of the few files that hold `unsafe`: the C library searches, since tests run in the debug
// build, where a loop over bytes takes a hundred times as long.
import Glibc

extension [UInt8] {
    /// Where `pattern` begins for the first time at `start` or behind it.
    package func place(of pattern: [UInt8], from start: Int = 0) -> Int? {
        if pattern.isEmpty { return start }
        return unsafe withUnsafeBytes { bytes in
            unsafe pattern.withUnsafeBytes { pattern in
                var place = start
                while place + pattern.count <= bytes.count {
                    guard let base = bytes.baseAddress, let wanted = pattern.baseAddress,
                        let found = unsafe memchr(base + place, Int32(pattern[0]), bytes.count - place)
                    else { return nil }
                    place = unsafe base.distance(to: UnsafeRawPointer(found))
                    guard place + pattern.count <= bytes.count else { return nil }
                    if unsafe memcmp(found, wanted, pattern.count) == 0 { return place }
                    place += 1
                }
                return nil
            }
        }
    }

    /// The lines, without their ends. What stands behind the last end is none.
    package var lines: [String] {
        var lines: [String] = []
        var start = 0
        while let end = place(of: [0x0A], from: start) {
            lines.append(String(decoding: self[start..<end], as: UTF8.self))
            start = end + 1
        }
        return lines
    }
}
