// What stands above all views: the proxy as a whole. Pure.

extension Report {
    /// A few lines, the most important first.
    func header(width: Int?) -> [Line] { [about, requests, latency, answers, busy(width)] }

    private var about: Line {
        var line = Line("martlet \(PlainText.clean(process.version))", .bold)
        line.add("  ")
        line.add(PlainText.clean(process.state), process.state == "serving" ? .good : .odd)
        let loops = "\(self.loops.count) loop\(self.loops.count == 1 ? "" : "s")"
        line.add(
            "  up \(NumberText.span(Double(process.uptime)))  process \(process.pid)  "
                + "\(PlainText.clean(process.engine)), \(loops)")
        return line
    }

    private var requests: Line {
        var line = Line("requests  ")
        line.add("\(NumberText.short(total.rate))/s", .bold)
        line.add("  in flight \(inFlight)  connections \(connections) (+\(NumberText.short(connectionRate))/s)")
        if tunnels > 0 { line.add("  tunnels \(tunnels)") }
        line.add("  in \(NumberText.bytes(bytesIn))/s  out \(NumberText.bytes(bytesOut))/s")
        return line
    }

    private var latency: Line {
        var line = Line("latency   ")
        for (name, value) in [("p50", total.p50), ("p90", total.p90), ("p99", total.p99)] {
            line.add("\(name) ")
            line.add(NumberText.time(value), .bold)
            line.add("  ")
        }
        line.add("mean \(NumberText.time(total.mean))  ")
        line.add("first byte p50 \(NumberText.time(firstByte.p50))  p99 \(NumberText.time(firstByte.p99))", .dim)
        return line
    }

    private var answers: Line {
        var line = Line("answers   ")
        let inks: [Ink] = [.bad, .dim, .plain, .plain, .odd, .bad]
        for index in [2, 3, 4, 5, 1, 0] {
            let rate = total.classRate(index)
            if rate == 0 && index < 2 { continue }
            line.add("\(Counts.classNames[index]) \(NumberText.short(rate))/s  ", rate > 0 ? inks[index] : .dim)
        }
        let failures = total.rate(total.counts.failures)
        line.add("failed \(NumberText.short(failures))/s", failures > 0 ? .bad : .dim)
        return line
    }

    /// A bar for each loop, or how busy they are all in all where there is no room for that.
    private func busy(_ width: Int?) -> Line {
        var line = Line("loops    ")
        for loop in loops {
            let full = Int((loop.busy * 10).rounded())
            line.add(" \(loop.number) [")
            line.add(String(repeating: "|", count: full), loop.busy > 0.9 ? .bad : loop.busy > 0.7 ? .odd : .good)
            line.add(String(repeating: " ", count: 10 - full) + "] " + NumberText.share(loop.busy))
        }
        if line.count <= width ?? .max { return line }
        let mean = loops.reduce(0) { $0 + $1.busy } / Double(max(loops.count, 1))
        let most = loops.map(\.busy).max() ?? 0
        var short = Line("loops     mean \(NumberText.share(mean)) busy, ")
        short.add("the busiest \(NumberText.share(most))", most > 0.9 ? .bad : .plain)
        return short
    }
}

extension Report.Items {
    /// What stands below the rows of a view: what they do not have.
    func rest(_ shown: Int) -> String {
        let listed = entries.prefix(shown).reduce(0) { $0 + $1.requests }
        let others = max(0, total - listed)
        let share = total == 0 ? 0 : Double(others) / Double(total)
        return "others: \(NumberText.share(share)) of the requests; \(tracked) are followed, \(replaced) had to go"
    }
}
