"""User instructions per request, counted by callgrind, which knows no io_uring: two runs with different numbers of
requests, the difference of the counts over the difference of the requests, so that starting and ending cancel out."""
import dataclasses
import pathlib
import re
import shutil
import subprocess
import tempfile

from . import measure, servers, variants

CONNECTIONS = 64
START_LIMIT = 60.0  # Seconds; valgrind is slow.


def without_children(variant):
    """nginx as one process, which is what callgrind can count as one number."""
    if variant.name != "nginx":
        return variant
    return dataclasses.replace(variants.nginx(variant.name, more=("-g", "master_process off;")), children=0)


def without_debug_info(variant, directory):
    """The program without what valgrind cannot read: it gives up on Swift's debug information."""
    if not variant.name.startswith("martlet"):
        return variant
    stripped = pathlib.Path(directory) / "martlet"
    subprocess.run(["strip", "-g", "-o", stripped, shutil.which(variant.program)], check=True, timeout=60)
    return dataclasses.replace(variant, program=str(stripped))


def total(directory):
    """The instructions in the output files of a run; there is one for each process."""
    texts = [path.read_text(errors="replace") for path in pathlib.Path(directory).glob("callgrind.*")]
    sums = [int(found[1]) for text in texts if (found := re.search(r"^(?:summary|totals): (\d+)", text, re.M))]
    if not sums:
        raise servers.Failure("callgrind wrote no count")
    return sum(sums)


def count(variant, requests, limit):
    """Instructions of a whole run of the proxy with exactly so many requests."""
    with tempfile.TemporaryDirectory(prefix="martlet-callgrind-") as directory:
        variant = without_debug_info(variant, directory)
        wrapper = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={directory}/callgrind.%p"]
        with variants.running(variant, 0, 1, wrapper, START_LIMIT) as bench:
            arguments = ["--path", "/1k", "--expect", 1024, "--connections", CONNECTIONS, "--requests", requests]
            raw = measure.load(bench.port, arguments, limit)
            if raw["requests"] != requests or raw["errors"]:
                raise servers.Failure(f"{raw['requests']} of {requests} requests, {raw['errors']} errors")
            servers.end(bench.process, limit=START_LIMIT)
        return total(directory)


def per_request(variant, few, many, limit=60.0):
    """`few` and `many`: how many requests the two runs make. `limit`: seconds for each."""
    variant = without_children(variant)
    return (count(variant, many, limit) - count(variant, few, limit)) / (many - few)
