"""From cells to Markdown: medians, ratios per round, the goals, and the page in docs/."""
import dataclasses
import pathlib
import platform
import re
import statistics
import subprocess

TITLES = {"martlet": "Martlet", "martlet-b": "Martlet B", "martlet-uring": "Martlet, io_uring",
          "martlet-epoll": "Martlet, epoll", "martlet-epoll-b": "Martlet B, epoll",
          "martlet-log": "Martlet, JSON log",
          "martlet-turns": "Martlet, turns", "martlet-balanced": "Martlet, balanced", "nginx": "nginx",
          "martlet-routes": "Martlet, 20 routes", "nginx-routes": "nginx, 20 routes",
          "martlet-few": "Martlet, 10 routes", "martlet-many": "Martlet, 10,000 routes",
          "nginx-log": "nginx, JSON log", "haproxy": "HAProxy", "envoy": "Envoy", "floor": "floor",
          "floor-uring": "floor, io_uring", "floor-64k": "floor, 64 KiB buffers"}
OURS = ("martlet", "martlet-uring", "martlet-epoll", "martlet-log", "martlet-turns", "martlet-balanced", "martlet-routes",
        "nginx-routes", "martlet-few", "martlet-many", "nginx-log")  # Not compared with, one by one.
NONE = "–"
QUIET = 0.03  # The most of the machine's time that others may take in a run whose figures are worth keeping.


@dataclasses.dataclass(frozen=True)
class Goal:
    """`subject`'s figure over that of the peers (the lower one for "better"; each for "either") is at most `limit`."""

    text: str
    figure: str
    limit: float
    peers: tuple
    scenarios: str  # A regular expression over scenario names.
    setups: tuple
    subject: str = "martlet"
    better: bool = False


BOTH, SATURATED = ("waiting", "saturated"), ("saturated",)
GOALS = [
    Goal("CPU at most 0.85 of nginx at 1 KiB", "cpu_us", 0.85, ("nginx",), r"1k-\d+", SATURATED),
    Goal("CPU at most 0.75 of HAProxy at 1 KiB", "cpu_us", 0.75, ("haproxy",), r"1k-\d+", SATURATED),
    Goal("CPU at most 0.95 of the better peer at 64 KiB", "cpu_us", 0.95, ("nginx", "haproxy"), r"64k-\d+", SATURATED,
         better=True),
    Goal("CPU at most 1.25 of the floor at 1 KiB", "cpu_us", 1.25, ("floor",), r"1k-\d+", BOTH),
    Goal("CPU at most 1.05 of the floor at 64 KiB", "cpu_us", 1.05, ("floor",), r"64k-\d+", BOTH),
    Goal("p99 not above either peer's", "p99_us", 1.0, ("nginx", "haproxy"), r".*", SATURATED, better=True),
    Goal("JSON access log at most 1.15 of the cost without", "cpu_us", 1.15, ("martlet",), r"1k-\d+", BOTH,
         subject="martlet-log"),
    Goal("least-busy, checks, ejection and limits at most 1.03 of plain turns", "cpu_us", 1.03, ("martlet-turns",),
         r"1k-\d+", SATURATED, subject="martlet-balanced"),
    Goal("20 routes, five edits of fields and a rewrite at most 1.10 of one plain route", "cpu_us", 1.10, ("martlet",),
         r"routes-\d+", SATURATED, subject="martlet-routes"),
    Goal("the same at most 0.85 of nginx with the same routes", "cpu_us", 0.85, ("nginx-routes",), r"routes-\d+",
         SATURATED, subject="martlet-routes"),
    Goal("10,000 routes and 100,000 networks at most 1.10 of 10 and 10", "cpu_us", 1.10, ("martlet-few",), r"routes-\d+",
         SATURATED, subject="martlet-many"),
    Goal("io_uring at most 0.90 of epoll at 1 KiB", "cpu_us", 0.90, ("martlet-epoll",), r"1k-(64|512)", SATURATED,
         subject="martlet-uring"),
    Goal("io_uring at most 0.88 of epoll at 64 KiB", "cpu_us", 0.88, ("martlet-epoll",), r"64k-\d+", SATURATED,
         subject="martlet-uring"),
    Goal("io_uring at most 0.68 of nginx at 1 KiB", "cpu_us", 0.68, ("nginx",), r"1k-\d+", SATURATED,
         subject="martlet-uring"),
    Goal("io_uring at most 0.85 of the better peer at 64 KiB", "cpu_us", 0.85, ("nginx", "haproxy"), r"64k-\d+",
         SATURATED, subject="martlet-uring", better=True),
    Goal("io_uring nowhere above 1.03 of epoll", "cpu_us", 1.03, ("martlet-epoll",), r".*", BOTH,
         subject="martlet-uring"),
]


class Results:
    """The cells that ran, looked up by set-up, scenario and variant."""

    def __init__(self, cells):
        self.rounds = {}
        for c in cells:
            if "cpu_us" in c or "kib" in c:
                self.rounds.setdefault((c["setup"], c["scenario"], c["variant"]), {})[c["round"]] = c

    def values(self, key, figure):
        return {turn: c[figure] for turn, c in self.rounds.get(key, {}).items() if c.get(figure) is not None}

    def median(self, setup, scenario, variant, figure):
        values = self.values((setup, scenario, variant), figure)
        return statistics.median(values.values()) if values else None

    def ratio(self, setup, scenario, subject, peers, figure):
        """Median over the rounds of subject over the lowest of the peers in that round; None without such rounds."""
        above = self.values((setup, scenario, subject), figure)
        below = [self.values((setup, scenario, peer), figure) for peer in peers]
        ratios = [above[turn] / min(b[turn] for b in below) for turn in above if all(turn in b for b in below)]
        return statistics.median(ratios) if ratios else None


def number(value, digits):
    return NONE if value is None else f"{value:.{digits}f}"


def table(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def cpu_table(results, setup, scenarios, names, what="CPU µs/request", figure="cpu_us"):
    """CPU time per request (or another figure) of each variant, then Martlet (or the first of ours) over each other one."""
    subject = "martlet" if "martlet" in names else next((name for name in names if name in OURS), None)
    others = [name for name in names if name not in OURS and subject]
    head = [what, *(TITLES[n] for n in names), *(f"÷ {TITLES[n]}" for n in others)]
    rows = []
    for s in scenarios:
        times = [number(results.median(setup, s.name, n, figure), 1) for n in names]
        ratios = [number(results.ratio(setup, s.name, subject, (n,), figure), 2) for n in others]
        rows.append([s.title, *times, *ratios])
    return table(head, rows)


def detail(results, setup, scenario, name):
    rate, p99, user, busy = (results.median(setup, scenario, name, f) for f in ("rate", "p99_us", "user_us", "busy"))
    if rate is None:
        return NONE
    return f"{rate / 1000:.1f} · {p99 / 1000:.2f} · {number(user, 1)} · {busy * 100:.0f} %"


def detail_table(results, setup, scenarios, names):
    head = ["1000 req/s · p99 ms · user µs · busy", *(TITLES[n] for n in names)]
    return table(head, [[s.title, *(detail(results, setup, s.name, n) for n in names)] for s in scenarios])


def judge(goal, results, scenarios):
    """Each (set-up, scenario, ratio) that the goal speaks of and that was measured."""
    for setup in goal.setups:
        for s in scenarios:
            if not s.post and re.fullmatch(goal.scenarios, s.name) or goal.scenarios == ".*":
                ratio = results.ratio(setup, s.name, goal.subject, goal.peers, goal.figure)
                if ratio is not None:
                    yield setup, s, ratio


def goal_rows(results, scenarios, goals=GOALS):
    """One row for each goal that can be judged: its text, the ratios, and whether all of them reach it."""
    for goal in goals:
        found = list(judge(goal, results, scenarios))
        if not found:
            continue
        met = all(round(ratio, 2) <= goal.limit for _, _, ratio in found)
        worst = max(found, key=lambda entry: entry[2])
        ratios = "; ".join(f"{setup}: " + ", ".join(f"{r:.2f}" for where, _, r in found if where == setup)
                           for setup in goal.setups if any(where == setup for where, _, _ in found))
        yield goal, ratios, f"{worst[2]:.2f} ({worst[1].title}, {worst[0]})", met


def goals_table(results, scenarios, goals=GOALS):
    rows = [[goal.text, ratios, worst, "yes" if met else "**no**"]
            for goal, ratios, worst, met in goal_rows(results, scenarios, goals)]
    return table(["goal", "ratios, in the order of the scenarios", "worst", "met"], rows) if rows else (
        "Martlet was not measured, so no goal is judged.")


def all_met(results, scenarios, goals=GOALS):
    """Whether every goal that was judged is met; False when none was, for then nothing is known."""
    verdicts = [met for *_, met in goal_rows(results, scenarios, goals)]
    return bool(verdicts) and all(verdicts)


def version_of(*command):
    """The first line that a program says of itself."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=10)
        return done.stdout.strip().splitlines()[0]
    except (OSError, IndexError, subprocess.TimeoutExpired):
        return ""


def programs(chosen):
    said = {"nginx": version_of("nginx", "-v").replace("nginx version: ", "").replace("/", " "),
            "haproxy": " ".join(version_of("haproxy", "-v").split()[:3]).replace(" version", ""),
            "envoy": re.sub(r".*/(\d+(\.\d+)+)/.*", r"Envoy \1", version_of("envoy", "--version"))}
    for variant in chosen:
        if variant.name == "martlet":
            said["martlet"] = version_of(variant.program, "version")
    return [said[v.name] for v in chosen if said.get(v.name)]


def facts(chosen, command, others):
    """What a reader must know to repeat the run and to trust it. `others`: the part of the time that others took."""
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    system = f"Linux {platform.release().split('-')[0]}, {cpu[1] if cpu else platform.machine()}"
    disturbed = f"Other work took {others:.0%} of the machine's time" + (
        ": **a disturbed run, its figures are provisional.**" if others > QUIET else ".")
    return f"{system}; {', '.join(programs(chosen))}. Command: `{' '.join(command)}`. {disturbed}"


def markdown(cells, chosen, scenarios, setups, facts_line):
    results, names = Results(cells), [variant.name for variant in chosen]
    parts = [facts_line, goals_table(results, scenarios)]
    for setup in setups:
        parts += [f"### {setup.capitalize()}", cpu_table(results, setup, scenarios, names),
                  detail_table(results, setup, scenarios, names)]
    return "\n\n".join([*parts, *failures(cells)])


def failures(cells):
    """A sentence on the cells that failed, if there are any."""
    failed = [c for c in cells if "failed" in c]
    if failed:
        yield f"{len(failed)} of {len(cells)} cells failed: " + ", ".join(
            sorted({f"{c['variant']} {c['scenario']} {c['setup']}" for c in failed}))


def replace_between(text, section, content):
    """Puts the content between the markers `<!-- section:begin -->` and `<!-- section:end -->`, which must be there."""
    begin, end = f"<!-- {section}:begin -->", f"<!-- {section}:end -->"
    if text.count(begin) != 1 or text.count(end) != 1:
        raise ValueError(f"the page lacks the markers of {section}")
    before, rest = text.split(begin)
    return f"{before}{begin}\n{content}\n{end}{rest.split(end)[1]}"


def update_page(page, section, content):
    page.write_text(replace_between(page.read_text(), section, content))
