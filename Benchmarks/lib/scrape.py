"""What it costs to be scraped: a Martlet with many servers, and a Prometheus that asks it for its metrics."""
import asyncio
import contextlib
import http.client
import pathlib
import tempfile
import threading
import time

from . import servers

ACCEPTS = {"text 0.0.4": "text/plain;version=0.0.4", "OpenMetrics 1.0": "application/openmetrics-text;version=1.0.0"}


def config(ports, upstreams, each):
    """Each upstream has a route; each server an address of its own, behind which is the same origin."""
    lines = [f'listeners: [{{ address: "127.0.0.1:{ports[0]}", name: web }}]',
             f'admin: {{ address: "127.0.0.1:{ports[1]}" }}', "workers: 2", "accessLog: off", "routes:"]
    lines += [f"  - {{ path: /u{place}/*, name: route-{place}, upstream: upstream-{place} }}" for place in range(upstreams)]
    lines.append("upstreams:")
    for place in range(upstreams):
        listed = ", ".join(f'"127.1.{place}.{number + 1}:{ports[2]}"' for number in range(each))
        lines.append(f"  upstream-{place}: {{ servers: [{listed}] }}")
    return "\n".join(lines) + "\n"


@contextlib.contextmanager
def origin(port):
    """Answers every request on every address of the loopback network; in a thread of its own, for the warm-up alone."""
    async def serve(reader, writer):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        writer.close()

    loop = asyncio.new_event_loop()
    listening = loop.run_until_complete(asyncio.start_server(serve, "0.0.0.0", port, backlog=1024))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        def end():
            listening.close()
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.call_later(0.1, loop.stop)

        loop.call_soon_threadsafe(end)
        thread.join(5)


@contextlib.contextmanager
def running(binary, upstreams, each):
    """Martlet with so many servers, each of which has answered a few requests; its process and its ports."""
    ports = servers.free_ports(3)
    with tempfile.TemporaryDirectory(prefix="martlet-scrape-") as text, origin(ports[2]):
        folder = pathlib.Path(text)
        (folder / "martlet.yaml").write_text(config(ports, upstreams, each))
        command = [pathlib.Path(binary).resolve(), "run", folder / "martlet.yaml"]
        with servers.server(command, ports[0], None, folder / "out", 60) as process:
            for place in range(upstreams):
                connection = http.client.HTTPConnection("127.0.0.1", ports[0], timeout=10)
                for _ in range(3 * each):
                    connection.request("GET", f"/u{place}/x")
                    answer = connection.getresponse()
                    answer.read()
                    if answer.status != 200:
                        raise servers.Failure(f"a request was answered with {answer.status}")
                connection.close()
            yield process, ports


def cpu_seconds(pid):
    """What all threads of a process have had of a core (/proc/PID/task/*/schedstat, which counts nanoseconds)."""
    tasks = pathlib.Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


class Scraper:
    """Asks as Prometheus does: on a connection that is kept."""

    def __init__(self, port, accept):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.accept = accept
        self.size, self.series, self.times = 0, 0, []

    def scrape(self):
        start = time.monotonic()
        self.connection.request("GET", "/metrics", headers={"Accept": self.accept})
        answer = self.connection.getresponse()
        content = answer.read()
        self.times.append(time.monotonic() - start)
        if answer.status != 200 or self.accept.split(";")[0] not in answer.getheader("Content-Type", ""):
            raise servers.Failure(f"/metrics was answered with {answer.status}, {answer.getheader('Content-Type')}")
        self.size, self.series = len(content), sum(not line.startswith(b"#") for line in content.splitlines())
        return content


def share(pid, seconds, ask):
    """Which part of a core the process has had in so many seconds, in each of which `ask` was called once."""
    start, before = time.monotonic(), cpu_seconds(pid)
    for second in range(seconds):
        ask()
        time.sleep(max(0.0, start + second + 1 - time.monotonic()))
    return (cpu_seconds(pid) - before) / (time.monotonic() - start)


def turns(text):
    """How many turns of the event loops were not longer than so many seconds (martlet_loop_turn_seconds)."""
    lines = [line for line in text.decode().splitlines() if line.startswith("martlet_loop_turn_seconds_bucket")]
    return {float(line.split('le="')[1].split('"')[0]): int(line.rsplit(" ", 1)[1]) for line in lines}


def longest_turn(before, after, part=0.9):
    """The bound in seconds that this part of the turns between two scrapes has not exceeded."""
    counts = {bound: count - turns(before)[bound] for bound, count in turns(after).items()}
    return next(bound for bound, count in sorted(counts.items()) if count >= part * max(counts.values()))
