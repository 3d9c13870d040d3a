// Which errors there are: what clients were answered with 4xx and 5xx, or not at all, and why.
import MartletTelemetry

/// A kind of error, how often it has come, and the request that had it last.
package struct ErrorEntry: Sendable {
    /// What makes it a kind of its own.
    struct Kind: Equatable, Sendable, BitwiseCopyable {
        let status: UInt16
        let failure: FailureKind?
        let systemError: Int32
        let upstream: Int32
        let server: Int32
        let route: UInt16
    }

    let kind: Kind
    package let upstream: String?
    package let server: String?
    /// In words, with what is known of it.
    package let reason: String
    package internal(set) var count: UInt64 = 0
    /// When it has come last, in milliseconds of the wall clock, and from whom.
    package internal(set) var last: UInt64 = 0
    package internal(set) var client = ""
    /// The request that had it last, if it is known.
    package internal(set) var request: (host: String, path: String)?

    /// 0 for no answer.
    package var status: Int { Int(kind.status) }
    /// The block of counters of its route.
    package var route: Int { Int(kind.route) }
    /// Who has caused it: `nil` if Martlet has passed on, or given, an answer as it was to do.
    package var side: FailureSide? { kind.failure?.side }
}

/// Kinds of errors. When there are too many, the one that has not come for longest goes.
package struct ErrorTable: Sendable {
    static var limit: Int { 128 }

    package private(set) var entries: [ErrorEntry] = []
    /// All errors, and kinds that went.
    package private(set) var total: UInt64 = 0
    package private(set) var replaced: UInt64 = 0

    /// The place of a kind that has come again; `nil` if it is not there.
    func place(of kind: ErrorEntry.Kind, upstream: String?, server: String?) -> Int? {
        // Places in the model are given to others in time, so names are looked at, too.
        entries.indices.first {
            entries[$0].kind == kind && entries[$0].upstream == upstream && entries[$0].server == server
        }
    }

    /// A place for a new kind.
    mutating func add(_ entry: ErrorEntry) -> Int {
        if entries.count < Self.limit {
            entries.append(entry)
            return entries.count - 1
        }
        replaced &+= 1
        let oldest = entries.indices.min { entries[$0].last < entries[$1].last } ?? 0
        entries[oldest] = entry
        return oldest
    }

    /// Counts an error.
    mutating func count(at place: Int, now: UInt64, client: String, request: (host: String, path: String)?) {
        total &+= 1
        entries[place].count &+= 1
        entries[place].last = now
        entries[place].client = client
        if let request { entries[place].request = request }
    }
}
