// How clients show that they are browsers: by work, of which a cookie tells.

/// What is asked of clients that meet a rule with the action `challenge`.
package struct ChallengeModel: Sendable {
    /// The name of the cookie that tells of the work.
    package let cookie: String
    /// Makes the puzzles, and knows what solves them.
    package var challenger: any Challenger
    /// Field lines of the page's head.
    let lines: [UInt8]
    /// The page's content, around the puzzle and around the request's id.
    package let front: [UInt8]
    let middle: [UInt8]
    let end: [UInt8]

    /// - Parameters:
    ///   - lines: field lines of the page's head, beside its type.
    ///   - page: its content around the puzzle and around the request's id, in this order.
    package init(
        cookie: String, _ challenger: any Challenger, lines: String, page: (front: String, middle: String, end: String)
    ) {
        self.cookie = cookie
        self.challenger = challenger
        self.lines = Array(lines.utf8)
        front = Array(page.front.utf8)
        middle = Array(page.middle.utf8)
        end = Array(page.end.utf8)
    }
}

/// Makes puzzles for clients, and knows what solves them. It keeps nothing of either: a solution shows by itself to whom its puzzle
/// was given, and when. So it is asked on the loops; an answer takes a few microseconds.
package protocol Challenger: Sendable {
    /// A puzzle that is good for this client alone, as text that may stand in pages and cookies.
    func puzzle(for client: ChallengedClient) -> [UInt8]

    /// What is wrong with the solution that a client shows; `nil` if nothing is.
    /// - Parameter solution: `nil` if it shows none.
    func fault(of solution: [UInt8]?, from client: ChallengedClient) -> ChallengeFault?
}

/// What a client is known by, as far as puzzles are concerned.
package struct ChallengedClient: Sendable, Equatable {
    /// Its address, as IPv6 has it; zero for one on a Unix socket.
    package var high: UInt64 = 0
    package var low: UInt64 = 0
    /// What it calls itself.
    package var userAgent: [UInt8] = []

    package init() {}
}

/// What is wrong with a solution.
package enum ChallengeFault: Sendable {
    /// There is none.
    case missing
    case malformed
    /// Its puzzle was not given to this client, or by nobody here.
    case foreign
    case expired
    /// It does not solve its puzzle.
    case wrong

    /// Words for the log.
    var reason: String {
        switch self {
        case .missing: "no solution was shown"
        case .malformed: "the solution is malformed"
        case .foreign: "the puzzle was not given to this client"
        case .expired: "the solution has expired"
        case .wrong: "the solution is wrong"
        }
    }
}
