// Which pages of other sites may ask, and see what is answered (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol).
import MartletHTTPCore

/// What is allowed to pages of other sites, as a config has it.
package struct CrossOriginPlan: Sendable, Equatable {
    /// In the form in which browsers say them, with "*." in front of a host for all below it; "*" alone for all, "null" for pages
    /// that have none.
    package var origins: [String]
    /// Methods and fields of requests; "*" for all.
    package var methods: [String] = []
    package var headers: [String] = []
    /// Fields of responses that scripts may see.
    package var exposed: [String] = []
    /// Whether cookies and the like may be sent along.
    package var takesCredentials = false
    /// For how many seconds browsers remember the answer to a preflight.
    package var maxAge = 600
    /// Whether pages of the public Internet may ask servers of a private network.
    package var takesPrivateNetwork = false

    package init(origins: [String]) { self.origins = origins }

    /// Fields that say what is allowed. What servers say in them does not pass.
    static let fields = [
        "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Methods",
        "Access-Control-Allow-Headers", "Access-Control-Allow-Private-Network", "Access-Control-Expose-Headers",
        "Access-Control-Max-Age",
    ]

    /// Whether the answer is the same for all, so that nothing depends on who asks.
    var isForAll: Bool { origins == ["*"] && !takesCredentials }

    /// The lines of all responses to pages that may see them, besides the one that names the origin.
    var answerLines: String {
        (takesCredentials ? "Access-Control-Allow-Credentials: true\r\n" : "")
            + (exposed.isEmpty ? "" : "Access-Control-Expose-Headers: \(exposed.joined(separator: ", "))\r\n")
    }

    /// The lines of answers to preflights besides, as far as they are the same for all.
    var preflightLines: String {
        func line(_ name: String, _ list: [String]) -> String {
            list.isEmpty || list.contains("*") ? "" : "\(name): \(list.joined(separator: ", "))\r\n"
        }
        return line("Access-Control-Allow-Methods", methods) + line("Access-Control-Allow-Headers", headers)
            + "Access-Control-Max-Age: \(maxAge)\r\n"
    }
}

/// The same, compiled: plain numbers, places in the lists of an `ActionTable`.
struct CrossOriginPolicy: BitwiseCopyable, Sendable {
    var isForAll = false
    /// Places in `ActionTable.origins`.
    var origins = ByteRange()
    /// Slices of `ActionTable.text`.
    var answerLines = ByteRange()
    var preflightLines = ByteRange()
    /// Whether any method or field is allowed: the one that is asked for is.
    var takesAnyMethod = false
    var takesAnyField = false
    var takesPrivateNetwork = false
}

/// An origin, or all below a host.
struct AllowedOrigin: BitwiseCopyable, Sendable {
    /// All of it, or what stands in front of the host: "https://". A slice of `ActionTable.text`.
    var start: ByteRange
    /// ".example.com", with the port if it has one; empty for an origin that is written out.
    var end = ByteRange()
}

extension ActionTable {
    /// The longest origin that is looked at, in bytes: a scheme, the longest name that DNS has, and a port.
    private static var longestOrigin: Int { 300 }

    /// Whether pages of an origin may ask. Origins are compared byte for byte, as browsers always say them in one way.
    func allows(_ origin: Span<UInt8>, _ policy: CrossOriginPolicy) -> Bool {
        if origin.count > Self.longestOrigin { return false }
        let text = text.span
        for place in policy.origins.range {
            let allowed = origins[place]
            let start = text.extracting(allowed.start)
            if allowed.end.isEmpty {
                if ByteScan.equals(origin, start) { return true }
            } else if Self.isBelow(origin, start, text.extracting(allowed.end)) {
                return true
            }
        }
        return false
    }

    /// Whether `origin` begins and ends so, with labels of a name between.
    private static func isBelow(_ origin: Span<UInt8>, _ start: Span<UInt8>, _ end: Span<UInt8>) -> Bool {
        let labels = origin.count - start.count - end.count
        if labels < 1 || !ByteScan.equals(origin.extracting(0..<start.count), start) { return false }
        if !ByteScan.equals(origin.extracting(origin.count - end.count..<origin.count), end) { return false }
        var last: UInt8 = 0x2E
        for index in start.count..<start.count + labels {
            let byte = origin[index]
            if byte == 0x2E ? last == 0x2E : !isOfLabel(byte) { return false }
            last = byte
        }
        return last != 0x2E
    }

    private static func isOfLabel(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
    }
}
