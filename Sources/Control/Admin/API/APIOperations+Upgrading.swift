// Being replaced by another process.

extension APIOperation {
    static let upgrading: [APIOperation] = [
        APIOperation(
            id: .upgradeProgress, method: "GET", path: "/v1/upgrade", tag: "proxy",
            summary: "How far the upgrade has come, or what came of the last one.",
            answer: (200, .json(.named(.upgradeProgress))), problems: [503]),
        APIOperation(
            id: .upgrade, method: "POST", path: "/v1/upgrade", tag: "proxy",
            summary: "Have the program that is on disk now take over, without a client noticing, as SIGUSR2 does.",
            about:
                "The answer comes when the new process serves, or nothing has changed: 409, with the last lines of the new "
                + "process if there was one. Changes of servers and reloads wait meanwhile.",
            answer: (200, .json(.named(.upgrade))), problems: [409, 503]),
    ]
}
