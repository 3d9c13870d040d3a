// What the admin API says of upgrades.

extension APISchema {
    static let upgradeMembers = [
        JSONMember("process", .count, "The process that serves now."),
        JSONMember("before", .count, "The one that has answered, which finishes what is going on and ends."),
        JSONMember("program", .text(), "What was started."),
        JSONMember("milliseconds", .count, "How long it took."),
    ]

    static let upgradeProgressMembers = [
        JSONMember("stage", .choice(UpgradeProgress.Stage.allCases.map(\.rawValue)), "How far it has come."),
        JSONMember("program", .text(), "What was started; empty if nothing was."),
        JSONMember("process", .nullable(.count), "The new process."),
        JSONMember("milliseconds", .count, "How long it has taken."),
        JSONMember("reason", .text(), "Why nothing has changed; empty if it has not failed."),
        JSONMember("lines", .array(of: .text()), "The last lines of a new process that did not get ready."),
        JSONMember("done", .count, "How often one process has followed another."),
        JSONMember("failed", .count, "How often none did, since this process was started."),
        JSONMember("refused", .count, "How often it was not even tried, since this process was started."),
    ]
}
