"""Clients that are served while something is done to a proxy: wrk in the clear, h2load by HTTP/2 over TLS, connections that are
kept, and WebSockets; and what became of their requests."""
import contextlib
import re
import subprocess
import threading
import time

from . import keepalive, servers, websockets

CONNECTIONS, SOCKETS = 48, 20
RUN = 2  # Seconds of one run of h2load.


def wrk_figures(text):
    """Requests, and those that failed: without an answer, or with a status that is none of success."""
    found = re.search(r"(\d+) requests in", text)
    if not found:
        raise servers.Failure(f"wrk says:\n{text[-800:]}")
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    statuses = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    failed = sum(int(number) for number in errors.groups()) if errors else 0
    return int(found.group(1)), failed + (int(statuses.group(1)) if statuses else 0)


def h2load_figures(text):
    """The same of h2load, whose `failed` has wrong statuses and broken requests in it."""
    found = re.search(r"requests: (\d+) total, \d+ started, (\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored", text)
    if not found:
        raise servers.Failure(f"h2load says:\n{text[-800:]}")
    _, done, succeeded, failed, _ = (int(number) for number in found.groups())
    return done, max(failed, done - succeeded)


class Outcome:
    """What became of all clients. Sums of several can be made."""

    def __init__(self, plain=(0, 0), secure=(0, 0), kept=(0, 0, 0, 0), sockets=(0, 0), processes=0, unfinished=""):
        self.plain, self.secure = plain, secure  # Requests, failed ones.
        self.kept = kept  # Requests, failed ones, connections that are still the first ones, connections.
        self.sockets = sockets  # Broken ones, all.
        self.processes = processes
        self.unfinished = unfinished  # Why what was to be done was not.

    def failed(self):
        return self.plain[1] + self.secure[1] + self.kept[1]

    def rows(self):
        """Cells for a table, in the order of `TITLES`."""
        return [f"{self.failed():,} of {self.plain[0] + self.secure[0] + self.kept[0]:,}"
                + (f"; did not finish: {self.unfinished}" if self.unfinished else ""),
                f"{self.plain[1]:,} + {self.secure[1]:,} + {self.kept[1]:,}",
                f"{self.sockets[0]} of {self.sockets[1]}", f"{self.kept[2]} of {self.kept[3]}", f"{self.processes}"]


TITLES = ["failed requests", "of wrk + h2load + kept connections", "broken WebSockets", "connections kept", "processes then"]


def wrk(ports, seconds):
    """It tries nothing twice, and makes a new connection where one was closed."""
    return ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "--timeout", "20s", f"http://127.0.0.1:{ports[0]}/1k"]


def h2load(ports, seconds):
    """It tries nothing twice either, and is done with a connection whose server says GOAWAY: so it has to be run again and again."""
    return ["h2load", "-t1", f"-c{CONNECTIONS}", "-m1", f"-D{seconds:.0f}", f"https://127.0.0.1:{ports[1]}/1k"]


class Repeated:
    """Runs a command again and again for so many seconds; what each run has said."""

    def __init__(self, words, seconds):
        self.words, self.end, self.texts, self.is_over = words, time.monotonic() + seconds, [], threading.Event()
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()

    def work(self):
        while time.monotonic() < self.end and not self.is_over.is_set():
            with load(self.words) as process:
                self.texts.append(process.communicate()[0])

    def outputs(self, deadline):
        self.thread.join(max(1.0, deadline - time.monotonic()))
        if self.thread.is_alive():
            raise servers.Failure(f"{self.words[0]} has not ended in time")
        return self.texts

    def close(self):
        self.is_over.set()
        self.thread.join(30)


def total(figures):
    """The sums of several runs."""
    return tuple(sum(column) for column in zip(*figures))


def during(proxy, seconds, work, limit):
    """Serves all kinds of clients for so long, and calls `work` a second after they have begun; what became of them.
    `work` gets the moment at which it must have ended."""
    deadline = time.monotonic() + limit
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(contextlib.closing(websockets.Client(proxy.ports[0]))) for _ in range(SOCKETS)]
        kept = [stack.enter_context(contextlib.closing(keepalive.Client(proxy.ports[0]))) for _ in range(SOCKETS)]
        plain = stack.enter_context(load(wrk(proxy.ports, seconds + 2)))
        secure = stack.enter_context(contextlib.closing(Repeated(h2load(proxy.ports, RUN), seconds + 2 - RUN)))
        time.sleep(1)
        unfinished = ""
        try:
            work(deadline)
        except servers.Failure as failure:
            unfinished = str(failure).splitlines()[0]
        text, texts = communicate(plain, deadline), secure.outputs(deadline)
        processes = len(proxy.group())
        for client in [*sockets, *kept]:
            client.end()
        return Outcome(
            wrk_figures(text), total(h2load_figures(text) for text in texts),
            (sum(client.requests for client in kept), sum(client.failed for client in kept),
             sum(client.is_first for client in kept), len(kept)),
            (sum(client.broken is not None for client in sockets), len(sockets)), processes, unfinished)


@contextlib.contextmanager
def load(words):
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, preexec_fn=servers.pin(1))
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def communicate(process, deadline):
    try:
        return process.communicate(timeout=max(1.0, deadline - time.monotonic()))[0]
    except subprocess.TimeoutExpired:
        raise servers.Failure(f"{process.args[0]} has not ended in time") from None


def paced(count, seconds, step, deadline):
    """Calls `step` with 1, 2, … count, evenly spread over so many seconds."""
    start = time.monotonic()
    for number in range(1, count + 1):
        if time.monotonic() > deadline:
            raise servers.Failure(f"{number - 1:,} of {count:,} in time")
        try:
            step(number)
        except servers.Failure as failure:
            raise servers.Failure(f"{number - 1:,} of {count:,}, then {failure}") from None
        threading.Event().wait(max(0.0, start + number * seconds / count - time.monotonic()))
