// What servers say of themselves: reports of their load, and replies of their agents.

import MartletBalancing

enum LoadReportTarget: FuzzTarget {
    static let name = "load-reports"
    static let corpus = [
        "TEXT cpu_utilization=0.3, mem_utilization=0.8, application_utilization=0.4, rps_fractional=10.0",
        "cpu_utilization:1.5e-1,named_metrics.cpu_utilization=9", "application_utilization=0,cpu_utilization=1",
        #"JSON {"cpu_utilization": 0.3, "named_metrics": {"a": 1, "b": [1, {"c": null}]}, "eps": "2"}"#,
        #"{"applicationUtilization":"0.5","cpuUtilization":1e3,"x\"":true}"#, "BIN CgUNAACAPw==",
    ]

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        let load = LoadReport.parse(input.span)
        if let load { try require(load <= LoadReport.most, "a load has a bound") }
        let padded = Array(" \t".utf8) + input + Array("  ".utf8)
        if padded.count <= LoadReport.limit {
            try require(LoadReport.parse(padded.span) == load, "blanks around it mean nothing")
        }
        // A report without the word in front is one of the two.
        guard let load, !input.starts(with: "TEXT ".utf8), !input.starts(with: "JSON ".utf8) else { return load != nil }
        if input.count + 5 > LoadReport.limit { return true }
        let (text, json) = (Array("TEXT ".utf8) + input, Array("JSON ".utf8) + input)
        try require(
            LoadReport.parse(text.span) == load || LoadReport.parse(json.span) == load
                || input.first.map { $0 == 0x20 || $0 == 0x09 } ?? false, "the word in front only tells the form")
        return true
    }
}

enum AgentReplyTarget: FuzzTarget {
    static let name = "agent-replies"
    static let corpus = [
        "75%\n", "up,ready\t50%  maxconn:7\r\n", "down #out of disk \nup", "stopped\n", "FAIL#\u{1b}[2J",
        "maint drain\n",
        "maxconn:0 100% up # x\n",
    ]

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        let reply = AgentReply.parse(input.span)
        let line = Array(input.prefix(AgentReply.limitBytes).prefix { $0 != 0x0A && $0 != 0x0D })
        try require(AgentReply.parse(line.span) == reply, "nothing behind the first line counts")
        let isComplete = line.count < input.count || input.count >= AgentReply.limitBytes
        try require(AgentReply.isComplete(input.span) == isComplete, "the line is complete when it has ended")
        guard let reply else { return false }
        try require(reply.percent ?? 0 <= AgentReply.highestPercent, "a share has a bound")
        if case .down(let words) = reply.condition {
            let isPrintable = words.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
            try require(isPrintable && words.utf8.count <= 140, "what goes to the log is printable and short")
        }
        return true
    }
}
