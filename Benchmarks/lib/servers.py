"""Starting and ending the processes under test: pinned to a core, waited for by connecting, always ended."""
import contextlib
import os
import pathlib
import resource
import signal
import socket
import subprocess
import time

START_LIMIT = 10.0  # Seconds until a server must accept connections.
END_LIMIT = 3.0  # Seconds a server has to end by itself before it is killed.


class Failure(Exception):
    """Something did not run; the text says what."""


def end_on_signals():
    """Makes SIGTERM unwind like Ctrl-C, so that every `with` ends its server."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def raise_descriptor_limit(wanted=65536):
    """Raises the limit on open files for this process and its children as far as is allowed, up to `wanted`."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(wanted, soft), max(wanted, hard)))
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def free_ports(count):
    """Ports on loopback that are free now, all different."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [s.getsockname()[1] for s in sockets]


def wait_until_accepting(process, port, limit=START_LIMIT):
    """Connects until somebody answers; raises Failure when the process ends or the limit passes."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Failure(f"{process.args[0]} ended with {process.returncode} before it listened")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.01)
    raise Failure(f"{process.args[0]} did not listen within {limit:.0f} s")


def pin(core):
    """A preexec function that pins the child to one core; None leaves it alone."""
    return None if core is None else lambda: os.sched_setaffinity(0, {core})


@contextlib.contextmanager
def server(command, port, core, log, limit=START_LIMIT):
    """Runs a server in a process group of its own while the `with` lasts; its output goes to the file `log`."""
    with open(log, "w+") as output:
        process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True, preexec_fn=pin(core))
        try:
            wait_until_accepting(process, port, limit)
            yield process
        except Failure as failure:
            output.seek(0)
            raise Failure(f"{failure}\n{output.read()[-2000:]}") from None
        finally:
            end(process)


def end(process, limit=END_LIMIT):
    """Ends the process and its children: politely, then for certain. Returns once they are gone."""
    for sign, patience in ((signal.SIGTERM, limit), (signal.SIGKILL, END_LIMIT)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def family(pid):
    """The process and all its descendants, as numbers: nginx works in a child."""
    found = [pid]
    for parent in found:
        for task in pathlib.Path(f"/proc/{parent}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def wait_for_children(process, count, limit=START_LIMIT):
    """Waits until the process has that many descendants: it listens before it starts them."""
    deadline = time.monotonic() + limit
    while len(family(process.pid)) <= count:
        if time.monotonic() > deadline:
            raise Failure(f"{process.args[0]} has not started its {count} workers within {limit:.0f} s")
        time.sleep(0.01)


def user_share(before, after):
    """Which part of the CPU time between two readings of `ticks` was user time; None when too little passed."""
    user, system = (b - a for a, b in zip(before, after))
    return user / (user + system) if user + system >= 5 else None


def ticks(pids):
    """utime and stime of the processes, in clock ticks: coarse, good for their proportion only."""
    fields = [pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in pids]
    return sum(int(f[11]) for f in fields), sum(int(f[12]) for f in fields)


def get(port, path, timeout=5):
    """One GET on a connection of its own; returns the content."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as s:
        s.sendall(f"GET {path} HTTP/1.1\r\nHost: bench.example\r\nConnection: close\r\n\r\n".encode())
        data = b"".join(iter(lambda: s.recv(65536), b""))
    head, _, content = data.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise Failure(f"GET {path} was answered with {head[:80]!r}")
    return content


def origin_connections(port):
    """How many connections the origin has accepted, this one not counted."""
    return int(get(port, "/connections")) - 1
