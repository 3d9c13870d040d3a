"""Things done to several proxies, one after the other, within a time: what has not ended by then is said not to have."""
import dataclasses
import sys
import time
import typing

from . import servers

NOT_RUN = "not run, the time was over"
LEAST = 8.0  # Seconds that a phase needs to be begun.


@dataclasses.dataclass
class Phase:
    """`work` gets a proxy's name, the options, the servers' ports and a limit in seconds, and may raise servers.Failure.
    `cells` makes cells of what it returns, one for each of `titles`, and says which goals Martlet has missed."""

    name: str
    title: str
    limit: float
    work: typing.Callable
    cells: typing.Callable
    titles: list


@dataclasses.dataclass
class Result:
    cells: list
    missed: list


class Budget:
    """The time that is left for everything."""

    def __init__(self, seconds, clock=time.monotonic):
        self.clock, self.end = clock, clock() + seconds

    def share(self, limit):
        """As much of `limit` as there is; None when that is too little to begin."""
        left = self.end - self.clock()
        return min(limit, left) if left >= min(limit, LEAST) else None


def run(phase, name, budget, wanted, behind):
    limit = budget.share(phase.limit)
    if limit is None:
        return unfinished(phase, NOT_RUN)
    print(f"{name}: {phase.name}, {limit:.0f} s at most", file=sys.stderr, flush=True)
    try:
        return Result(*phase.cells(phase.work(name, wanted, behind, limit)))
    except servers.Failure as failure:
        print(f"{name}: {phase.name}: {failure}", file=sys.stderr, flush=True)
        return unfinished(phase, f"did not finish: {str(failure).splitlines()[0]}")


def unfinished(phase, why):
    return Result([why] + ["—"] * (len(phase.titles) - 1), [why])


def load_cells(outcome):
    missed = ["failed requests"] * (outcome.failed() > 0) + ["broken WebSockets"] * (outcome.sockets[0] > 0)
    missed += [outcome.unfinished] * bool(outcome.unfinished)
    return outcome.rows(), missed


def memory_cells(sizes):
    before, after = sizes
    return ([f"{before / 1024:.1f}", f"{after / 1024:.1f} ({(after / before - 1) * 100:+.1f} %)"],
            ["memory"] * (after > before * 1.05))


def time_cells(limit):
    return lambda ms: ([f"{ms:,.0f}"], [f"{ms:,.0f} ms"] * (ms > limit))


def rows(phases, names, results):
    """Rows of a table with a column for each proxy; the first of a phase's rows says what is done."""
    found = []
    for phase in phases:
        for place, title in enumerate(phase.titles):
            text = f"{phase.title}: {title}" if phase.title and place == 0 else title
            found.append([text, *(results[phase.name, name].cells[place] for name in names)])
    return found
