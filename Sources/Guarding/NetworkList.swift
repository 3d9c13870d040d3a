// Files of networks: one a line.
import MartletHTTPCore

/// Reads lists of networks, such as those that block lists are published as.
package enum NetworkList {
    /// The most networks of one list.
    package static let limit = 1_000_000

    /// The networks in `bytes`: one a line in CIDR notation, or an address alone; what follows "#" or ";" is a comment.
    package static func parse(_ bytes: [UInt8]) throws(GuardFileError) -> [Network] {
        var networks: [Network] = []
        for (number, line) in ListLines(bytes) {
            let text = line.prefix { $0 != "#" && $0 != ";" }.split(whereSeparator: \.isWhitespace)
            guard let first = text.first else { continue }
            if text.count > 1 { throw GuardFileError(line: number, "more than one network; expected one a line") }
            if networks.count == limit { throw GuardFileError(line: number, "more than \(limit) networks") }
            do throws(AddressError) {
                networks.append(try Network(parsing: first))
            } catch {
                throw GuardFileError(line: number, "\(error.message); expected \(error.expected)")
            }
        }
        return networks
    }
}
