"""Tests of what the tables say, over cells that are made up: `python3 -m unittest discover Benchmarks`."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from lib import measure, report  # noqa: E402

SCENARIOS = [s for s in measure.SCENARIOS if s.name in ("1k-64", "64k-64", "post-16k-64")] + measure.ROUTED[1:2]


def cells(costs, setup="saturated", scenario="1k-64", p99=None):
    """One cell for each variant and round: `costs` has the CPU times of each variant, round by round."""
    return [{"setup": setup, "scenario": scenario, "variant": name, "round": turn, "cpu_us": cost,
             "p99_us": (p99 or {}).get(name, 1.0)}
            for name, list_of_costs in costs.items() for turn, cost in enumerate(list_of_costs)]


def verdicts(measured):
    return {goal.text: met for goal, _, _, met in report.goal_rows(report.Results(measured), SCENARIOS)}


class Ratios(unittest.TestCase):
    def test_are_taken_within_a_round(self):
        results = report.Results(cells({"martlet": [10, 40, 12], "nginx": [20, 80, 24]}))
        self.assertEqual(results.ratio("saturated", "1k-64", "martlet", ("nginx",), "cpu_us"), 0.5)

    def test_the_better_peer_is_chosen_in_each_round(self):
        results = report.Results(cells({"martlet": [10, 10], "nginx": [20, 10], "haproxy": [10, 20]}))
        self.assertEqual(results.ratio("saturated", "1k-64", "martlet", ("nginx", "haproxy"), "cpu_us"), 1.0)

    def test_a_round_that_one_side_lacks_is_left_out(self):
        results = report.Results(cells({"martlet": [10, 99], "nginx": [20]}))
        self.assertEqual(results.ratio("saturated", "1k-64", "martlet", ("nginx",), "cpu_us"), 0.5)

    def test_there_is_none_without_a_common_round(self):
        results = report.Results(cells({"martlet": [10]}))
        self.assertIsNone(results.ratio("saturated", "1k-64", "martlet", ("nginx",), "cpu_us"))


class Goals(unittest.TestCase):
    def test_each_goal_is_met_at_its_limit_and_missed_above(self):
        for goal in report.GOALS:
            scenario = next((s for s in ("64k-64", "routes-64") if goal.scenarios.startswith(s[:3])), "1k-64")
            for above, expected in ((0.0, True), (0.02, False)):
                cost = 100 * (goal.limit + above)
                if goal.figure == "p99_us":
                    p99 = {goal.subject: cost, **{peer: 100 for peer in goal.peers}}
                    measured = cells({name: [1] for name in p99}, goal.setups[0], scenario, p99)
                else:
                    costs = {goal.subject: [cost], **{peer: [100] for peer in goal.peers}}
                    measured = cells(costs, goal.setups[0], scenario)
                self.assertEqual(verdicts(measured)[goal.text], expected, (goal.text, above))

    def test_one_scenario_missed_is_a_goal_missed(self):
        measured = cells({"martlet": [10], "floor": [10]}) + cells({"martlet": [20], "floor": [10]}, "waiting")
        self.assertFalse(verdicts(measured)["CPU at most 1.25 of the floor at 1 KiB"])

    def test_nothing_judged_is_nothing_met(self):
        self.assertFalse(report.all_met(report.Results(cells({"nginx": [10], "floor": [10]})), SCENARIOS))

    def test_a_failed_cell_without_figures_is_not_judged(self):
        failed = [{"setup": "saturated", "scenario": "1k-64", "variant": "martlet", "round": 0, "failed": "no"}]
        self.assertEqual(verdicts(failed + cells({"nginx": [10], "floor": [10]})), {})


class Page(unittest.TestCase):
    def test_only_what_is_between_the_markers_is_replaced(self):
        page = "a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb"
        self.assertEqual(report.replace_between(page, "x", "new"), "a\n<!-- x:begin -->\nnew\n<!-- x:end -->\nb")

    def test_missing_markers_are_an_error(self):
        with self.assertRaises(ValueError):
            report.replace_between("a", "x", "new")


if __name__ == "__main__":
    unittest.main()
