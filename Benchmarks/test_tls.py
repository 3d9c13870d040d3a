"""Tests of the comparison of TLS and TCP mode: `python3 -m unittest discover Benchmarks`."""
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from lib import report, servers, tls, variants  # noqa: E402

ALL = variants.all_variants("martlet", "older")
EVERYTHING = [*tls.REQUESTS, *tls.HANDSHAKES, *tls.PASSED, tls.Idle(2000)]


def template(variant):
    return (HERE / variant.template).read_text()


def cell(variant, scenario, value, figure="cpu_us"):
    return {"setup": "saturated", "scenario": scenario, "variant": variant, "round": 0, figure: value}


def verdicts(cells):
    return [met for *_, met in report.goal_rows(report.Results(cells), EVERYTHING, tls.GOALS)]


class Configurations(unittest.TestCase):
    def test_every_proxy_gets_tls(self):
        for name in ("martlet", "martlet-b", "nginx", "haproxy"):
            self.assertIn("/x/both.pem", tls.secured(ALL[name], "/x/both.pem").edit(template(ALL[name])), name)

    def test_a_configuration_without_a_place_is_a_failure(self):
        with self.assertRaises(servers.Failure):
            tls.secured(ALL["nginx"], "/x/both.pem").edit("nothing of the kind")

    def test_every_proxy_has_a_configuration_for_tcp(self):
        for name in ("martlet", "martlet-b", "haproxy"):
            self.assertIn("@PORT@", template(tls.passing(ALL[name])), name)
        self.assertTrue((HERE / "peers/nginx-tcp.conf").exists())

    def test_the_floor_passes_tcp_as_it_is(self):
        self.assertEqual(tls.passing(ALL["floor"]), ALL["floor"])


class Scenarios(unittest.TestCase):
    def test_no_two_have_the_same_name(self):
        names = [s.name for s in EVERYTHING]
        self.assertEqual(len(names), len(set(names)))

    def test_a_handshake_of_the_other_kind_is_a_complaint(self):
        full, resumed = tls.HANDSHAKES[:2]
        for scenario, count, fine in ((full, 0, True), (full, 1, False), (resumed, 1000, True), (resumed, 900, False)):
            found = list(scenario.complaints({"resumed": count, "requests": 1000}))
            self.assertEqual(not found, fine, (scenario.name, count))

    def test_the_load_is_told_version_and_handshake(self):
        words = next(s for s in tls.HANDSHAKES if s.name == "resumed-1.2").arguments()
        self.assertEqual(words[-4:], ["--tls", "1.2", "--fresh", "resumed"])


class Goals(unittest.TestCase):
    def test_each_is_met_at_its_limit_and_missed_above(self):
        for goal, scenario in zip(tls.GOALS, ("tls-1k-64", "full-1.3", "resumed-1.2", "idle", "tcp-64k-64")):
            for above, expected in ((0.0, True), (0.02, False)):
                cells = [cell("martlet", scenario, goal.limit + above, goal.figure),
                         cell(goal.peers[0], scenario, 1.0, goal.figure)]
                self.assertEqual(verdicts(cells), [expected], (goal.text, above))

    def test_a_request_in_the_clear_is_no_request_over_tls(self):
        self.assertEqual(verdicts([cell("martlet", "1k-64", 1.0), cell("nginx", "1k-64", 1.0)]), [])


if __name__ == "__main__":
    unittest.main()
