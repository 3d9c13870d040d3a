// Files that have a server a line: `10.0.0.7:8080 weight=2  # the new one`.
import MartletHTTPCore

/// What such a file says.
package struct ServerFile: Sendable, Equatable {
    /// What is wrong with a line.
    package struct Problem: Sendable, Equatable {
        /// From 1 on.
        package let line: Int
        package let message: String
    }

    /// Where there is more, the file is refused, so that nothing large is kept or shown.
    package static let mostBytes = 1 << 20
    private static let mostProblems = 20

    package private(set) var servers: [ServerConfiguration] = []
    /// The first ones. A file with any is not to be used.
    package private(set) var problems: [Problem] = []

    package init(_ text: String) {
        var lines: [ServerAddress: Int] = [:]
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            let words = Self.words(of: line)
            guard let first = words.first, problems.count < Self.mostProblems else { continue }
            do throws(TextError) {
                let server = try Self.server(first, words.dropFirst())
                if let other = lines[server.address] {
                    throw TextError(message: "\(Quoting.quote(first)) is on line \(other) already")
                }
                lines[server.address] = number
                servers.append(server)
            } catch {
                problems.append(Problem(line: number, message: Quoting.clean(error.message)))
            }
        }
    }

    /// The words of a line, without a comment.
    private static func words(of line: Substring) -> [Substring] {
        let words = line.split(whereSeparator: \.isWhitespace)
        return Array(words.prefix { !$0.hasPrefix("#") })
    }

    private static func server(
        _ address: Substring, _ settings: ArraySlice<Substring>
    ) throws(TextError) -> ServerConfiguration {
        var server: ServerConfiguration
        do throws(AddressError) {
            server = ServerConfiguration(address: try ServerAddress(parsing: address))
        } catch {
            throw TextError(message: "\(error.message); expected \(error.expected)")
        }
        server.origin = .folder
        var seen: Set<Substring> = []
        for setting in settings {
            let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                throw TextError(message: "\(Quoting.quote(setting)) is no setting; expected one such as weight=2")
            }
            if !seen.insert(parts[0]).inserted {
                throw TextError(message: "\(Quoting.quote(parts[0])) is there twice")
            }
            try set(parts[0], parts[1], of: &server)
        }
        return server
    }

    private static func set(
        _ key: Substring, _ value: Substring, of server: inout ServerConfiguration
    ) throws(TextError) {
        switch key {
        case "weight": server.weight = try number(key, value, 1...1_000)
        case "maxInFlight": server.maxInFlight = value == "off" ? nil : try number(key, value, 1...1_000_000)
        case "maxConnections": server.maxConnections = value == "off" ? nil : try number(key, value, 1...1_000_000)
        case "backup":
            guard value == "true" || value == "false" else { throw wrong(key, value, "true or false") }
            server.backup = value == "true"
        case "state":
            guard let state = ServerState(rawValue: String(value)) else {
                throw wrong(key, value, Quoting.list(ServerState.allCases.map(\.rawValue), joiner: "or"))
            }
            server.state = state
        default:
            let known = ["weight", "backup", "state", "maxInFlight", "maxConnections"]
            throw TextError(message: "there is no setting \(Quoting.quote(key)); there are \(Quoting.list(known))")
        }
    }

    private static func number(
        _ key: Substring, _ value: Substring, _ range: ClosedRange<Int>
    ) throws(TextError) -> Int {
        guard let number = Int(value), range.contains(number) else {
            throw wrong(key, value, "a whole number between \(range.lowerBound) and \(range.upperBound)")
        }
        return number
    }

    private static func wrong(_ key: Substring, _ value: Substring, _ expected: String) -> TextError {
        TextError(message: "\(key) is \(Quoting.quote(value)); expected \(expected)")
    }
}
