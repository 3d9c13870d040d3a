// From the arguments to the exit code.

enum Program {
    /// What can be fuzzed.
    static var targets: [any FuzzTarget.Type] {
        [
            RequestTarget.self, ResponseTarget.self, ChunksTarget.self, TrailersTarget.self, StreamTarget.self,
            LoadReportTarget.self, AgentReplyTarget.self, ProxyHeaderTarget.self, ProxyWriterTarget.self,
            ClientHelloTarget.self, TLSSessionTarget.self, TLSRecordTarget.self, FramesTarget.self,
            FramePairTarget.self, CallTimeoutTarget.self, CallMessagesTarget.self, GzipTarget.self,
            AcceptedCodingsTarget.self, SubstitutionTarget.self, WebTextTarget.self,
            HealthAnswerTarget.self,
            DNSMessageTarget.self, ExpressionTarget.self, PathTarget.self, FileRangeTarget.self, FilePathTarget.self,
        ]
    }

    /// Runs what the arguments ask for. 0: all properties held; 1: one was violated; 64: the arguments are wrong.
    static func run(_ arguments: [String]) -> Int32 {
        do throws(UsageError) {
            let options = try Options(arguments)
            say("seed \(options.seed)")
            return fuzz(options) ? 0 : 1
        } catch {
            say("martlet-fuzz: \(error.message)\n\n\(Usage.text)")
            return 64
        }
    }

    /// Whether all properties held.
    private static func fuzz(_ options: Options) -> Bool {
        var total = 0
        let begin = ContinuousClock.now
        for target in options.targets {
            let run = FuzzRun(target, options)
            guard let executions = run.run() else { return false }
            total += executions
        }
        say("total: \(total) executions in \(inSeconds(ContinuousClock.now - begin)) s, all properties held")
        return true
    }
}
