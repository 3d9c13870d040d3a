"""Cells: one variant under one scenario in one set-up for a few seconds; and the rounds that interleave them."""
import dataclasses
import json
import subprocess
import sys
import time

from . import servers, variants

PROXY_CORE, LOAD_CORE = 0, 1
# Where the origin runs. Waiting: beside the load. Saturated: beside the proxy, which then never waits for anything.
ORIGIN_CORE = {"waiting": LOAD_CORE, "saturated": PROXY_CORE}
WARM_UP = 0.4  # Seconds of load before the window: connections are open, pools filled, caches warm.
WELL_LOGGED = 0.99  # The part of the requests that an access log must have, for its cost to count.


@dataclasses.dataclass(frozen=True)
class Scenario:
    """What the clients ask for, and over how many connections."""

    path: str
    content: int
    connections: int
    post: int = 0
    program = "load"  # The load generator.

    @property
    def name(self):
        return f"{'post-' if self.post else ''}{self.size}-{self.connections}"

    @property
    def size(self):
        return f"{(self.post or self.content) // 1024}k"

    @property
    def title(self):
        what = f"POST {self.post // 1024} KiB" if self.post else f"{self.content // 1024} KiB"
        return f"{what} × {self.connections}"

    def arguments(self):
        return ["--path", self.path, "--expect", self.content, "--connections", self.connections, "--post", self.post]

    @property
    def most_connections(self):
        """How many connections to the origin are still no sign of one that is not reused."""
        return 2 * self.connections + 8

    def measured(self, variant, setup, seconds):
        """The figures of a variant."""
        return cell(variant, self, setup, seconds)

    def complaints(self, _):
        """What is wrong with a result besides what can be wrong with every one."""
        return []


SCENARIOS = [
    *(Scenario("/1k", 1024, n) for n in (1, 64, 512)),
    *(Scenario("/64k", 65536, n) for n in (1, 64, 512)),
    Scenario("/post", 1024, 64, post=16384),
]


class Routed(Scenario):
    """1 KiB, asked for by the path of one route among twenty."""

    @property
    def name(self):
        return f"routes-{self.connections}"


# Measured when they are asked for: `--only routes-1,routes-64,routes-512`.
ROUTED = [Routed("/app7/items/1k", 1024, n) for n in (1, 64, 512)]


def load(port, arguments, seconds, warm_up=0.0, pids=(), core=LOAD_CORE, limit=15.0, program="load"):
    """Runs the load generator and returns what it printed. `limit`: seconds it may take beyond what was asked."""
    words = [variants.TOOLS / program, "--port", port, *arguments, "--seconds", seconds, "--warmup", warm_up]
    words += [word for pid in pids for word in ("--pid", pid)]
    try:
        done = subprocess.run(
            [str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            timeout=seconds + warm_up + limit, preexec_fn=servers.pin(core))
    except subprocess.TimeoutExpired:
        raise servers.Failure("the load generator did not end") from None
    if done.returncode != 0:
        raise servers.Failure(f"the load generator: {done.stderr.strip() or done.returncode}")
    return json.loads(done.stdout)


def figures(raw, share):
    """The figures of one cell, from what the load generator printed."""
    if not raw["requests"]:
        raise servers.Failure("not one request was answered")
    if not raw["cpu_ns"]:
        raise servers.Failure("the proxy seems to have used no CPU: its processes are not the ones that were watched")
    cpu = raw["cpu_ns"] / raw["requests"] / 1000
    return {
        "cpu_us": cpu,
        "user_us": None if share is None else cpu * share,
        "busy": raw["cpu_ns"] / raw["seconds"] / 1e9,
        "rate": raw["requests"] / raw["seconds"],
        **{key: raw[key] for key in ("p50_us", "p99_us", "requests", "errors", "stalled", "resumed")},
    }


def cell(variant, scenario, setup, seconds):
    """Measures one cell on freshly started servers."""
    with variants.running(variant, PROXY_CORE, ORIGIN_CORE[setup]) as bench:
        known, pids = servers.origin_connections(bench.origin_port), bench.pids
        before = servers.ticks(pids)
        raw = load(bench.port, scenario.arguments(), seconds, WARM_UP, pids, program=scenario.program)
        share = servers.user_share(before, servers.ticks(pids))
        logged = variant.log == "off" or wait_for_lines(bench.directory / "access.log", raw["all"])
        opened = servers.origin_connections(bench.origin_port) - known
    return {**figures(raw, share), "origin_connections": opened - 1, "logged": logged}


def wait_for_lines(path, requests, limit=5.0):
    """Whether the access log has its line for (nearly) every request, at the latest `limit` seconds after the load."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if path.exists() and sum(part.count(b"\n") for part in pieces(path)) >= WELL_LOGGED * requests:
            return True
        time.sleep(0.1)
    return False


def pieces(path):
    with open(path, "rb") as file:
        yield from iter(lambda: file.read(1 << 20), b"")


def rotated(items, by):
    by %= len(items)
    return items[by:] + items[:by]


def complaints(scenario, result):
    """What is wrong with a cell that did run."""
    if result["errors"] or result["stalled"]:
        yield f"{result['errors']} errors, {result['stalled']} stalled"
    if not result["logged"]:
        yield f"less than {WELL_LOGGED:.0%} of the requests are in the access log"
    if result["origin_connections"] > scenario.most_connections:
        yield f"opened {result['origin_connections']} connections to the origin: it does not reuse them"
    yield from scenario.complaints(result)


def wanted(variant, scenario):
    """Variants with an access log are compared at 1 KiB only, where a line weighs most."""
    return not variant.name.endswith("-log") or (scenario.size == "1k" and not scenario.post)


def run_rounds(chosen, scenarios, setups, rounds, seconds):
    """Runs everything, interleaved, and returns the list of cells: dictionaries, a failed one with the key `failed`."""
    cells = []
    for setup in setups:
        for scenario in scenarios:
            here = [variant for variant in chosen if wanted(variant, scenario)]
            for turn in range(rounds):
                for variant in rotated(here, turn):
                    key = {"setup": setup, "scenario": scenario.name, "variant": variant.name, "round": turn}
                    cells.append({**key, **attempt(variant, scenario, setup, seconds)})
                    print_progress(cells[-1])
    return cells


def attempt(variant, scenario, setup, seconds):
    try:
        result = scenario.measured(variant, setup, seconds)
        found = list(complaints(scenario, result))
        return {**result, "failed": "; ".join(found)} if found else result
    except (servers.Failure, OSError) as failure:
        return {"failed": str(failure)}


def print_progress(c):
    where = f"{c['setup']:9} {c['scenario']:10} round {c['round'] + 1} {c['variant']:12}"
    text = "" if "cpu_us" not in c else " ".join(progress(c))
    print(where, text, f"FAILED: {c['failed']}" if "failed" in c else "", file=sys.stderr, flush=True)


def progress(c):
    yield f"{c['cpu_us']:6.2f} µs {c['rate']:8.0f}/s"
    if c["p99_us"] is not None:
        yield f"p99 {c['p99_us'] / 1000:6.2f} ms"
    yield f"busy {c['busy']:4.0%}"
    if "load_busy" in c:
        yield f"load {c['load_busy']:4.0%}"
    yield f"origin connections {c['origin_connections']}"
