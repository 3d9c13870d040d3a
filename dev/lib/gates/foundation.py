"""The data plane does without Foundation: it allocates, counts references and hides costs."""
from lib import swift_imports
from lib.finding import CannotCheck, Finding

NAME, SLOW = "foundation", False
SUMMARY = "no Foundation in the targets of the data plane"

DATA_PLANE = ("EventLoop", "HTTPCore", "HTTP1", "HTTP2", "Routing", "Balancing", "Telemetry", "Proxy", "TLS")


def check(tree):
    folders = [f"Sources/{folder}" for folder in DATA_PLANE if tree.exists(f"Sources/{folder}")]
    if not folders:
        raise CannotCheck("none of the data plane's folders is there")
    for path in tree.swift_files(*folders):
        for line, module in swift_imports.imports(tree.masked(path)):
            if module.startswith("Foundation"):
                yield Finding(path, line, f"{module} in a target of the data plane")
