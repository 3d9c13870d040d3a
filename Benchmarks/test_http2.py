"""Tests of the comparison of HTTP/2: `python3 -m unittest discover Benchmarks`."""
import dataclasses
import os
import pathlib
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from lib import h2load, http2, report, servers, variants  # noqa: E402

ALL = variants.all_variants("martlet", "older")
EVERYTHING = [s for part in http2.SCENARIOS.values() for s in part]
SAID = """\
TLS Protocol: TLSv1.3
Cipher: TLS_AES_128_GCM_SHA256
Application protocol: h2
progress: 100% done

finished in 1.25s, 1600.00 req/s, 1.63MB/s
requests: 2000 total, 2000 started, 2000 done, 2000 succeeded, 0 failed, 0 errored, 0 timeout
status codes: 2000 2xx, 0 3xx, 0 4xx, 0 5xx
traffic: 2.04MB (2134708) total, 49.07KB (50252) headers (space savings 79.90%), 1.95MB (2048000) data
                     min         max         mean         sd        +/- sd
time for request:       39us      5.53ms        83us       195us    99.50%
"""


def template(variant):
    return (HERE / variant.template).read_text()


def configured(make, name):
    return make(ALL[name], "/x/both.pem").edit(template(ALL[name]))


def complaints(text):
    return list(h2load.Summary.of(text).complaints(1024))


def cell(variant, scenario, value, figure="cpu_us"):
    return {"setup": "saturated", "scenario": scenario, "variant": variant, "round": 0, "cpu_us": 1.0, figure: value}


def verdicts(cells):
    return [met for *_, met in report.goal_rows(report.Results(cells), EVERYTHING, http2.GOALS)]


class Load:
    """A load that costs the proxy 20 ms for all connections and 10 µs for each request, and takes twice that time."""

    def __init__(self, fastest=0.0):
        self.asked, self.fastest = [], fastest

    def __call__(self, requests):
        self.asked.append(requests)
        cost = 20_000_000 + 10_000 * requests
        summary = dataclasses.replace(h2load.Summary.of(SAID), total=requests, took=max(cost / 500, self.fastest))
        return h2load.Run(summary, cost, cost // 2, cost // 4, 0.5)


class Configurations(unittest.TestCase):
    def test_every_proxy_gets_http2_for_clients(self):
        for name, word in (("martlet", "maxIdle: 4096"), ("martlet-b", "both.pem"), ("nginx", "ssl http2"),
                           ("haproxy", "alpn h2"), ("envoy", "alpn_protocols: [h2")):
            self.assertIn(word, configured(http2.for_clients, name), name)

    def test_all_but_nginx_speak_it_with_servers(self):
        for name, word in (("martlet", "protocol: h2"), ("martlet-b", "protocol: h2"), ("haproxy", "proto h2"),
                           ("envoy", "{http2_protocol_options:")):
            self.assertIn(word, configured(http2.for_both, name), name)
            self.assertNotIn(word, configured(http2.for_clients, name), name)
        self.assertIsNone(http2.for_both(ALL["nginx"], "/x/both.pem"))

    def test_a_forwarder_of_bytes_takes_no_part(self):
        self.assertIsNone(http2.for_clients(ALL["floor"], "/x/both.pem"))

    def test_a_configuration_without_a_place_is_a_failure(self):
        with self.assertRaises(servers.Failure):
            http2.for_clients(ALL["envoy"], "/x/both.pem").edit("nothing of the kind")


class Summaries(unittest.TestCase):
    def test_are_read(self):
        self.assertEqual(h2load.Summary.of(SAID), h2load.Summary(
            total=2000, succeeded=2000, answered=2000, content=2048000, took=1_250_000.0, slowest=5530.0, protocol="h2",
            suite="TLS_AES_128_GCM_SHA256"))

    def test_a_run_that_did_not_come_to_its_end_is_a_failure(self):
        with self.assertRaises(servers.Failure):
            h2load.Summary.of("starting benchmark...\n")

    def test_whole_responses_are_no_complaint(self):
        self.assertEqual(complaints(SAID), [])

    def test_each_thing_that_is_wrong_is_a_complaint(self):
        for right, wrong in ((" 2000 succeeded, 0 failed", " 1999 succeeded, 1 failed"), ("2000 2xx, 0 3xx", "1999 2xx, 1 3xx"),
                             ("(2048000) data", "(2047999) data"), ("protocol: h2", "protocol: http/1.1"),
                             ("AES_128_GCM_SHA256", "AES_256_GCM_SHA384")):
            self.assertEqual(SAID.count(right), 1)
            self.assertEqual(len(complaints(SAID.replace(right, wrong))), 1, wrong)

    def test_the_clock_of_a_process_is_its_cpu_time(self):
        before = time.process_time_ns()
        between = h2load.cpu_ns([os.getpid()])
        self.assertTrue(before <= between <= time.process_time_ns())


class Differences(unittest.TestCase):
    def measured(self, load, seconds=1.0):
        return http2.difference(load, EVERYTHING[0], seconds)

    def test_have_nothing_of_what_connections_cost(self):
        found = http2.figures(*self.measured(Load()))
        self.assertAlmostEqual(found["cpu_us"], 10.0)
        self.assertAlmostEqual(found["user_us"], 5.0)
        self.assertAlmostEqual(found["rate"], 50_000)
        for who, share in (("busy", 0.5), ("origin_busy", 0.25), ("load_busy", 0.125)):
            self.assertAlmostEqual(found[who], share, msg=who)

    def test_are_as_long_as_was_asked_for(self):
        short, long = self.measured(Load(), 2.0)
        self.assertGreaterEqual((long.summary.took - short.summary.took) / 1e6, http2.LONG_ENOUGH * 2.0)

    def test_a_load_that_is_always_short_is_a_failure(self):
        load = Load(fastest=1e9)  # Each run takes as long as every other.
        with self.assertRaises(servers.Failure):
            self.measured(load)
        self.assertEqual(len(load.asked), 2 + http2.RUNS)


class Scenarios(unittest.TestCase):
    def test_no_two_have_the_same_name(self):
        names = [s.name for s in EVERYTHING]
        self.assertEqual(len(names), len(set(names)))

    def test_the_load_is_told_how_many_of_everything(self):
        words = next(s for s in EVERYTHING if s.name == "h2-64k-64").arguments(4433, 5000)
        self.assertEqual(words[:6], ["-n", 5000, "-c", 64, "-m", 32])
        self.assertEqual(words[-1], "https://127.0.0.1:4433/64k")


class Goals(unittest.TestCase):
    def test_each_is_met_at_its_limit_and_missed_above(self):
        for goal, scenario in zip(http2.GOALS, ("h1-1k-64", "h2-64k-1")):
            for above, expected in ((0.0, True), (0.02, False)):
                cells = [cell("martlet", scenario, goal.limit + above),
                         *(cell(peer, scenario, 1.0 + index) for index, peer in enumerate(goal.peers))]
                self.assertEqual(verdicts(cells), [expected], (goal.text, above))

    def test_a_peer_that_is_missing_leaves_the_goal_open(self):
        self.assertEqual(verdicts([cell("martlet", "h1-1k-1", 0.1), cell("nginx", "h1-1k-1", 1.0)]), [])


class Notes(unittest.TestCase):
    def test_say_where_the_load_set_the_rate(self):
        cells = [cell("haproxy", "h1-1k-1", 0.99, "load_busy"), cell("nginx", "h1-1k-1", 0.5, "load_busy")]
        notes = list(http2.bound_by_load(report.Results(cells), EVERYTHING, ["haproxy", "nginx"]))
        self.assertEqual(len(notes), 1)
        self.assertIn("HAProxy at 1 KiB × 1", notes[0])
        self.assertNotIn("nginx", notes[0])


if __name__ == "__main__":
    unittest.main()
