"""Tests of what the reload table says, over outputs that are made up: `python3 -m unittest discover Benchmarks`."""
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from lib import keepalive, phases, reload, servers, steady  # noqa: E402

WRK = """Running 22s test @ http://127.0.0.1:1/1k
  594000 requests in 22.00s, 600.00MB read
{more}Requests/sec:  27000.00
"""
H2LOAD = """finished in 22.00s, 18000.00 req/s
requests: {total} total, {total} started, {done} done, {good} succeeded, {failed} failed, {errored} errored, 0 timeout
status codes: 1 2xx, 0 3xx, 0 4xx, 0 5xx
"""


class Figures(unittest.TestCase):
    def test_wrk_without_an_error(self):
        self.assertEqual(steady.wrk_figures(WRK.format(more="")), (594000, 0))

    def test_every_kind_of_error_counts(self):
        more = "  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 50\n"
        self.assertEqual(steady.wrk_figures(WRK.format(more=more)), (594000, 60))

    def test_what_wrk_does_not_say_is_a_failure(self):
        with self.assertRaises(servers.Failure):
            steady.wrk_figures("unable to connect to 127.0.0.1:1 Connection refused")

    def test_h2load_without_an_error(self):
        text = H2LOAD.format(total=100, done=90, good=90, failed=0, errored=0)
        self.assertEqual(steady.h2load_figures(text), (90, 0))

    def test_failed_and_errored_are_not_counted_twice(self):
        text = H2LOAD.format(total=100, done=100, good=93, failed=7, errored=3)
        self.assertEqual(steady.h2load_figures(text), (100, 7))
        text = H2LOAD.format(total=100, done=93, good=93, failed=7, errored=7)
        self.assertEqual(steady.h2load_figures(text), (93, 7))

    def test_runs_are_added(self):
        self.assertEqual(steady.total([(100, 1), (20, 0), (3, 2)]), (123, 3))

    def test_a_command_is_run_again_until_the_time_is_over(self):
        repeated = steady.Repeated(["echo", "x"], 0.3)
        texts = repeated.outputs(time.monotonic() + 30)
        self.assertGreater(len(texts), 1)
        self.assertEqual(set(texts), {"x\n"})

    def test_what_h2load_does_not_say_is_a_failure(self):
        with self.assertRaises(servers.Failure):
            steady.h2load_figures("client could not connect to host")


class Heads(unittest.TestCase):
    def test_a_connection_stays_unless_it_is_told_to_close(self):
        self.assertEqual(keepalive.head_of(b"HTTP/1.1 200 OK\r\nContent-Length: 7"), (200, 7, True))
        self.assertEqual(keepalive.head_of(b"HTTP/1.1 503 No\r\ncontent-length:0\r\nConnection: Close"), (503, 0, False))


class Outcomes(unittest.TestCase):
    def test_all_failures_are_added(self):
        outcome = steady.Outcome((1000, 1), (2000, 2), (300, 3, 15, 20), (4, 20), 2)
        self.assertEqual(outcome.rows(), ["6 of 3,300", "1 + 2 + 3", "4 of 20", "15 of 20", "2"])
        self.assertEqual(phases.load_cells(outcome)[1], ["failed requests", "broken WebSockets"])

    def test_nothing_is_missed_when_nothing_fails(self):
        outcome = steady.Outcome((1000, 0), (2000, 0), (300, 0, 0, 20), (0, 20), 1)
        self.assertEqual(phases.load_cells(outcome)[1], [])

    def test_what_was_not_done_is_said(self):
        outcome = steady.Outcome((10, 0), unfinished="1 of 5, then no new master")
        self.assertEqual(outcome.rows()[0], "0 of 10; did not finish: 1 of 5, then no new master")
        self.assertEqual(phases.load_cells(outcome)[1], ["1 of 5, then no new master"])

    def test_a_cell_for_every_title(self):
        self.assertEqual(len(steady.Outcome().rows()), len(steady.TITLES))

    def test_memory_may_grow_by_a_twentieth(self):
        self.assertEqual(phases.memory_cells((102400, 107520)), (["100.0", "105.0 (+5.0 %)"], []))
        self.assertEqual(phases.memory_cells((102400, 107521))[1], ["memory"])

    def test_times_have_a_goal(self):
        self.assertEqual(phases.time_cells(50)(49.6), (["50"], []))
        self.assertEqual(phases.time_cells(1000)(2548), (["2,548"], ["2,548 ms"]))


class Bounds(unittest.TestCase):
    def phase(self, work, limit=20):
        return phases.Phase("p", "10 things", limit, work, lambda value: ([value, "b"], []), ["first", "second"])

    def test_a_phase_gets_what_is_left(self):
        now = [0.0]
        budget = phases.Budget(30, lambda: now[0])
        self.assertEqual(budget.share(20), 20)
        now[0] = 15
        self.assertEqual(budget.share(20), 15)
        now[0] = 23
        self.assertIsNone(budget.share(20))
        self.assertEqual(budget.share(5), 5, "a short one still fits")

    def test_what_does_not_end_is_said_not_to_have(self):
        def work(*_):
            raise servers.Failure("312 of 1,000 reloads in 40 s\nand more")
        result = phases.run(self.phase(work), "haproxy", phases.Budget(100), None, None)
        self.assertEqual(result.cells, ["did not finish: 312 of 1,000 reloads in 40 s", "—"])
        self.assertTrue(result.missed)

    def test_what_there_is_no_time_for_is_not_run(self):
        def work(*_):
            raise AssertionError("it was run")
        result = phases.run(self.phase(work), "haproxy", phases.Budget(1), None, None)
        self.assertEqual(result.cells[0], phases.NOT_RUN)

    def test_rows_have_a_column_for_each_proxy(self):
        phase = self.phase(None)
        results = {("p", "a"): phases.Result(["1", "2"], []), ("p", "b"): phases.Result(["3", "4"], [])}
        self.assertEqual(phases.rows([phase], ["a", "b"], results), [["10 things: first", "1", "3"], ["second", "2", "4"]])

    def test_steps_stop_at_the_deadline(self):
        with self.assertRaisesRegex(servers.Failure, "0 of 5 in time"):
            steady.paced(5, 0, lambda number: None, 0)

    def test_a_step_that_fails_says_how_many_did_not(self):
        def step(number):
            if number == 3:
                raise servers.Failure("no")
        with self.assertRaisesRegex(servers.Failure, "2 of 5, then no"):
            steady.paced(5, 0, step, float("inf"))


class Configs(unittest.TestCase):
    def test_a_mark_changes_the_servers(self):
        for make in (reload.martlet_config, reload.nginx_config, reload.haproxy_config):
            one, two = (make("/f", [1, 2], [11, 12, 13, 14], mark, 0) for mark in (0, 1))
            self.assertNotIn("127.0.0.1:13", one)
            self.assertIn("127.0.0.1:13", two)


if __name__ == "__main__":
    unittest.main()
