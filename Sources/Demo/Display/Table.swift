// The table. Pure.

/// Shows figures as lines of at most 78 characters.
package struct Table: Sendable {
    private static let barWidth = 14
    private let style: Style

    /// A table in this style.
    package init(_ style: Style) { self.style = style }

    /// A heading, a line for each server, and one for all.
    /// - Parameters:
    ///   - earlier: what the rates are counted from; `nil` for the beginning.
    ///   - seconds: the time between them.
    package func lines(_ now: Figures, since earlier: Figures?, seconds: Double) -> [String] {
        let total = now.total
        var lines = [style.dim(line("server", ["requests", "req/s", "in flight", "mean", "errors"]) + "  share")]
        for (index, server) in now.servers.enumerated() {
            let rate = Self.rate(server, since: earlier?.servers[index], seconds)
            let share = total.requests == 0 ? 0 : Double(server.requests) / Double(total.requests)
            let bar = Bar.text(share, width: Self.barWidth)
            lines.append(row(server, rate) + (bar.isEmpty ? "" : "  " + style.blue(bar)))
        }
        lines.append(style.bold(row(total, Self.rate(total, since: earlier?.total, seconds))))
        return lines
    }

    /// Rate and latencies in a line.
    package func summary(_ now: Figures, since earlier: Figures?, seconds: Double) -> String {
        let rate = Self.rate(now.total, since: earlier?.total, seconds)
        return "  \(NumberText.rate(rate)) requests/s   \(Self.percentiles(now.latencies))"
    }

    /// The median, and what 99 of 100 do not exceed.
    static func percentiles(_ latencies: Latencies) -> String {
        let texts = [("p50", 0.5), ("p99", 0.99)].map { name, share in
            "\(name) \(latencies.percentile(share).map(NumberText.time) ?? "-")"
        }
        return texts.joined(separator: "   ")
    }

    private static func rate(_ now: ServerFigures, since earlier: ServerFigures?, _ seconds: Double) -> Double {
        seconds <= 0 ? 0 : Double(now.requests - min(now.requests, earlier?.requests ?? 0)) / seconds
    }

    private func row(_ server: ServerFigures, _ rate: Double) -> String {
        let row = line(
            server.name,
            [
                NumberText.grouped(server.requests), NumberText.rate(rate), NumberText.grouped(server.inFlight),
                server.mean.map(NumberText.time) ?? "-", NumberText.grouped(server.errors),
            ])
        return server.errors == 0 ? row : style.red(row)
    }

    private func line(_ name: String, _ cells: [String]) -> String {
        let widths = [12, 10, 11, 11, 9]
        return "  " + name.left(7) + zip(cells, widths).map { " " + $0.right($1 - 1) }.joined()
    }
}
