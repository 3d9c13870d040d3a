"""Runs of h2load: what each of them made the proxy and the others use, from its beginning to its end."""
import ctypes
import dataclasses
import os
import re
import subprocess
import threading
import time

from . import servers

SUITE, GROUP = "TLS_AES_128_GCM_SHA256", "X25519"  # All proxies do the same work, as in Benchmarks/tls.
UNITS = {"us": 1, "ms": 1_000, "s": 1_000_000, "m": 60_000_000}  # In µs.


def cpu_ns(pids):
    """The CPU time that processes have used so far with all their threads, from the clocks that have nanoseconds."""
    clock, total = ctypes.c_int(), 0
    for pid in pids:
        if ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock)) != 0:
            raise servers.Failure(f"process {pid} has no CPU clock: it ended")
        total += time.clock_gettime_ns(clock.value)
    return total


def microseconds(text):
    """A time as h2load writes it, such as 5.53ms."""
    figure, unit = re.fullmatch(r"([\d.]+)([a-z]+)", text).groups()
    return float(figure) * UNITS[unit]


@dataclasses.dataclass(frozen=True)
class Summary:
    """What h2load says at its end."""

    total: int
    succeeded: int
    answered: int  # With a status of 2xx.
    content: int  # Bytes, of all responses.
    took: float  # µs.
    slowest: float  # µs until the last byte of the slowest response.
    protocol: str
    suite: str

    @classmethod
    def of(cls, text):
        def found(pattern, otherwise="no figures"):
            match = re.search(pattern, text, re.M)
            if not match:
                raise servers.Failure(f"h2load: {otherwise}\n{text.strip()[:1000]}")
            return match[1]
        return cls(
            protocol=found(r"^Application protocol: (\S+)", "no connection came about with HTTP/2"), suite=found(r"^Cipher: (\S+)"),
            took=microseconds(found(r"^finished in (\w[\w.]*),")), total=int(found(r"^requests: (\d+) total")),
            succeeded=int(found(r"^requests: .* (\d+) succeeded")), answered=int(found(r"^status codes: (\d+) 2xx")),
            content=int(found(r"^traffic: .*\((\d+)\) data")), slowest=microseconds(found(r"^time for request: +\S+ +(\S+)")))

    def complaints(self, size):
        """What is wrong: every one of the responses must be whole."""
        if (self.protocol, self.suite) != ("h2", SUITE):
            yield f"h2load spoke {self.protocol} with {self.suite}"
        if not self.total == self.succeeded == self.answered:
            yield f"of {self.total} requests {self.succeeded} succeeded, {self.answered} with status 2xx"
        if self.content != self.total * size:
            yield f"{self.content} bytes of content came instead of {self.total} times {size}"


@dataclasses.dataclass(frozen=True)
class Run:
    """A run with the CPU time that it cost, in ns. `user_share`: the user part of the proxy's, if it is known."""

    summary: Summary
    proxy: int
    origin: int
    load: int
    user_share: float | None


def run(words, proxy, origin, core, limit):
    """Runs h2load with these words on a core. `proxy` and `origin` are the processes whose time is counted."""
    words = ["h2load", f"--tls13-ciphers={SUITE}", f"--groups={GROUP}", "--npn-list=h2", *words]
    ticks, before = servers.ticks(proxy), (cpu_ns(proxy), cpu_ns(origin))
    process = subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, preexec_fn=servers.pin(core))
    watch = threading.Timer(limit, process.kill)
    watch.start()
    try:
        text = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        watch.cancel()
        process.kill()
    after = cpu_ns(proxy), cpu_ns(origin)
    if process.returncode != 0:
        raise servers.Failure(f"h2load ended with {process.returncode}: {text.strip()[-500:]}")
    return Run(Summary.of(text), after[0] - before[0], after[1] - before[1], round(1e9 * (used.ru_utime + used.ru_stime)),
               servers.user_share(ticks, servers.ticks(proxy)))
