// How the requests of a route are shared out between upstreams.

/// Upstreams with their shares.
package struct SplitModel: Sendable {
    /// An upstream with its share.
    package struct Share: Sendable, Equatable {
        /// An index of `Model.upstreams`.
        package let upstream: Int
        package let name: String
        package let weight: UInt64

        package init(upstream: Int, name: String, weight: UInt64) {
            self.upstream = upstream
            self.name = name
            self.weight = weight
        }
    }

    package let shares: [Share]
    /// What a request is placed by; `nil` is chance.
    package var key: KeySource?
    /// The field that names an upstream, in lower case; `nil` for none.
    package var override: String?
    /// The cookie that keeps a client at an upstream, with a value for each share.
    package var sticky: StickyModel?
    /// The route that it is of, as metrics name it.
    package var route = ""
    /// How many requests each share has had.
    package private(set) var counts: SharedCounts

    package init(_ shares: [Share]) {
        self.shares = shares
        counts = SharedCounts(shares.count)
    }

    /// Goes on counting where another one is, for upstreams that both have.
    package mutating func count(with other: SplitModel) {
        let places = shares.map { share in other.shares.firstIndex { $0.name == share.name } }
        counts = SharedCounts(places, of: other.counts)
    }

    /// The share that a number leads to. Numbers are spread evenly over all 64 bits; the first shares have the lowest.
    package func share(for number: UInt64) -> Int {
        let total = shares.reduce(0) { $0 + $1.weight }
        var place = number.multipliedFullWidth(by: total).high
        for (index, share) in shares.enumerated() {
            if place < share.weight { return index }
            place -= share.weight
        }
        return 0
    }
}
