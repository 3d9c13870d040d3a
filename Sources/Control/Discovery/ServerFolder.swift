// The servers that the files of a folder have together. Pure: whoever reads the files has them looked at here.
import MartletHTTPCore
import MartletProxyConfig

/// A folder whose files are read again and again.
struct ServerFolder {
    /// A file as it was read.
    enum Content: Equatable {
        case text(String)
        /// Why it could not be read.
        case unreadable(String)
    }

    /// What the folder says.
    struct Outcome: Equatable {
        var servers: [ServerConfiguration] = []
        /// What is wrong, a line each: `10.conf:3: …`.
        var problems: [String] = []
        /// Servers beyond the most that there may be.
        var leftOut = 0
    }

    /// Files that are read.
    static let mostFiles = 1_000

    private let mostServers: Int
    /// What each file had when it was last right.
    private var good: [String: [ServerConfiguration]] = [:]
    /// What the right lines of a file have that was never right since it is known: a start must not lose them for another line.
    private var partial: [String: [ServerConfiguration]] = [:]

    init(mostServers: Int) { self.mostServers = mostServers }

    /// Whether a file of this name counts: not those that editors and tools use for a while.
    static func counts(_ name: String) -> Bool { !name.hasPrefix(".") && !name.hasSuffix("~") }

    /// The files are these now, by their names.
    mutating func take(_ files: [String: Content]) -> Outcome {
        var outcome = Outcome()
        good = good.filter { files[$0.key] != nil }
        partial = [:]
        var known: Set<ServerConfiguration.ID> = []
        for (name, content) in files.sorted(by: { $0.key < $1.key }) {
            outcome.problems += problems(of: name, content)
            for server in good[name] ?? partial[name] ?? [] {
                if !known.insert(server.id).inserted {
                    outcome.problems.append("\(name): \(server.address) is in another file already, which counts")
                } else if outcome.servers.count < mostServers {
                    outcome.servers.append(server)
                } else {
                    outcome.leftOut += 1
                }
            }
        }
        return outcome
    }

    /// Takes a file's servers if it is right; else what is wrong with it.
    private mutating func problems(of name: String, _ content: Content) -> [String] {
        switch content {
        case .unreadable(let reason):
            return ["\(name): \(reason)"]
        case .text(let text):
            let file = ServerFile(text)
            if file.problems.isEmpty {
                good[name] = file.servers
                return []
            }
            partial[name] = file.servers
            return file.problems.map { "\(name):\($0.line): \($0.message)" }
        }
    }
}

extension ServerConfiguration {
    /// What tells it from the others of its upstream.
    typealias ID = String
    var id: ID { address.description }
}
