// What is said, and how bytes are shown.

import Glibc

/// Prints a line at once: nothing may be lost if the next input crashes.
func say(_ line: String) {
    print(line)
    fflush(nil)
}

/// With one digit behind the point.
func inSeconds(_ duration: Duration) -> Double {
    (duration / .milliseconds(100)).rounded() / 10
}

/// Two digits a byte.
func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// As a string literal of Swift would hold it, but for bytes beyond US-ASCII, which are shown as "\xHH".
func escaped(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
        switch byte {
        case 0x0D: "\\r"
        case 0x0A: "\\n"
        case 0x09: "\\t"
        case 0x22, 0x5C: "\\" + String(UnicodeScalar(byte))
        case 0x20...0x7E: String(UnicodeScalar(byte))
        default: "\\x" + hex([byte])
        }
    }.joined()
}
