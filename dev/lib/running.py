"""A Martlet that runs for a check, from a folder of its own."""
import contextlib
import os
import pathlib
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = ROOT / ".build/debug/martlet"


class Failure(Exception):
    """Something does not run, or is not as it should be; the text says what."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process, log, limit=30):
    """Returns when somebody listens; raises when the process ends before."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Failure(f"it ended with {process.returncode} before it listened:\n{log.read_text()}")
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.02)
    raise Failure(f"it did not listen within {limit} s:\n{log.read_text()}")


@contextlib.contextmanager
def martlet(binary, config, port):
    """Runs the program until the `with` ends; its process, with `log` for what it says. `port` is one that it listens on."""
    with tempfile.TemporaryDirectory(prefix="martlet-check-") as name:
        folder = pathlib.Path(name)
        (folder / "martlet.yaml").write_text(config)
        log = folder / "log"
        places = {"RUNTIME_DIRECTORY": name, "STATE_DIRECTORY": name}
        with open(log, "wb") as output:
            process = subprocess.Popen([binary, "run", folder / "martlet.yaml"], cwd=folder, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=output, env={**os.environ, **places})
        process.log = log
        try:
            wait_for(port, process, log)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
