import MartletControl
import Testing

/// The checker must be able to fail.
@Suite struct PrometheusCheckerTests {
    private static let head = "# HELP martlet_a_total Some text.\n# TYPE martlet_a_total counter\n"
    private static let histogram = "# HELP martlet_h Some text.\n# TYPE martlet_h histogram\n"

    @Test func takesWhatIsRight() throws {
        let text =
            Self.head + "martlet_a_total{x=\"a\\\"\\\\\\n\",y=\"\"} 3\n" + Self.histogram
            + "martlet_h_bucket{le=\"0.5\"} 1\nmartlet_h_bucket{le=\"+Inf\"} 2\nmartlet_h_sum 1.5\nmartlet_h_count 2\n"
        let checker = try PrometheusChecker(text)
        #expect(checker.types == ["martlet_a_total": "counter", "martlet_h": "histogram"])
        #expect(checker.samples["martlet_h_sum"] == 1.5)
    }

    private static let violations: [(text: String, rule: String)] = [
        ("\(head)martlet_a_total 1", "ends with a line feed"),
        ("# HELP martlet_a_total x\n", "HELP has a name and a text"),
        ("martlet_a_total 1\n", "HELP and TYPE before a sample"),
        ("# HELP a_total Some text.\n", "a name in lower case with the prefix"),
        ("# HELP martlet_a Some text.\n# TYPE martlet_a counter\n", "_total for counters and for nothing else"),
        ("# HELP martlet_a Some text.\n# TYPE martlet_a number\n", "a known kind"),
        ("# HELP martlet_a Some text.\n# TYPE martlet_b gauge\n", "one TYPE, right behind HELP"),
        (head, "a family has samples"),
        ("\(head)martlet_a_total x\n", "a sample ends with a number"),
        ("\(head)martlet_a_total 1\nmartlet_a_total 1\n", "no sample twice"),
        ("\(head)martlet_a_total -1\n", "a counter is not negative"),
        ("\(head)martlet_b_total 1\n", "a sample stands in its family"),
        ("\(head)martlet_a_total{x=\"a\\b\"} 1\n", "labels in their syntax"),
        ("\(head)martlet_a_total{x=\"a\",} 1\n", "labels in their syntax"),
        ("\(head)martlet_a_total{x=\"a\",x=\"b\"} 1\n", "no label twice"),
        ("\(head)martlet_a_total 1\n\(head)", "one HELP for a family"),
        ("\(head)martlet_a_total 1\n\n", "a sample ends with a number"),
        ("\(histogram)martlet_h_bucket 1\n", "a bucket has a bound"),
        ("\(histogram)martlet_h_bucket{le=\"1\"} 2\nmartlet_h_bucket{le=\"2\"} 1\n", "buckets grow"),
        ("\(histogram)martlet_h_bucket{le=\"1\"} 2\nmartlet_h_sum 1\n", "the last bucket is +Inf"),
        (
            histogram + "martlet_h_bucket{le=\"+Inf\"} 2\nmartlet_h_sum 1\nmartlet_h_count 3\n",
            "the count is that of the last bucket"
        ),
        ("\(histogram)martlet_h_bucket{le=\"+Inf\"} 2\n", "a histogram has sum and count"),
        ("# UNIT martlet_a seconds\n", "UNIT has a name and a unit"),
    ]

    private static let openViolations: [(text: String, rule: String)] = [
        ("\(head)martlet_a_total 1\n", "ends with EOF"),
        ("\(head)martlet_a_total 1\n# EOF\n", "_total for counters and for nothing else"),
        (
            "# HELP martlet_a Some text.\n# TYPE martlet_a counter\nmartlet_a 1\n# EOF\n",
            "a sample stands in its family"
        ),
        (
            "# HELP martlet_a Some text.\n# TYPE martlet_a gauge\n# UNIT martlet_a bytes\n# EOF\n",
            "a name ends with its unit"
        ),
        ("\(histogram)martlet_h_bucket{le=\"1\"} 1\n# EOF\n", "a bound has a point"),
    ]

    @Test(arguments: openViolations)
    func refusesWhatIsNotOpenMetrics(text: String, rule: String) {
        #expect { try PrometheusChecker(text, .openMetrics) } throws: {
            ($0 as? PrometheusChecker.Violation)?.rule == rule
        }
    }

    @Test(arguments: ["martlet_gauge", "martlet_wait_ms", "martlet_wait_milliseconds", "martlet_request_count"])
    func advisesAgainstNames(name: String) throws {
        let text = "# HELP \(name) Some text.\n# TYPE \(name) gauge\n\(name) 1\n"
        #expect(try PrometheusChecker(text).advice.count == 1)
    }

    @Test(arguments: violations)
    func refusesWhatIsWrong(text: String, rule: String) {
        #expect { try PrometheusChecker(text) } throws: { ($0 as? PrometheusChecker.Violation)?.rule == rule }
    }
}
