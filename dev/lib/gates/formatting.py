"""The format is that of swift-format with .swift-format; nothing is exempt without naming the rule."""
import re

from lib.finding import CannotCheck, Finding

NAME, SLOW = "format", False
SUMMARY = "swift-format has nothing to change or to say"

PLACES = ("Sources", "Tests", "Package.swift")
MESSAGE = re.compile(r"(?P<path>[^:]+):(?P<line>\d+):\d+: (?:error|warning): (?P<text>.*)")
SILENCER = re.compile(r"//\s*swift-format-ignore(?!:\s*\w)")


def check(tree):
    if not tree.exists(".swift-format"):
        raise CannotCheck(".swift-format is missing")
    yield from silencers(tree)
    done = tree.run(
        "swift", "format", "lint", "--strict", "--recursive", "--parallel", "--configuration", ".swift-format",
        *(place for place in PLACES if tree.exists(place)))
    findings = [finding(row) for row in done.stderr.splitlines() if row.strip()]
    if done.returncode != 0 and not findings:
        raise CannotCheck(f"swift format ended with {done.returncode} and said nothing")
    yield from findings


def finding(row):
    found = MESSAGE.match(row)
    return Finding(found["path"], int(found["line"]), found["text"]) if found else Finding(".", 0, row)


def silencers(tree):
    for path in tree.swift_files():
        for number, row in enumerate(tree.read(path).splitlines(), 1):
            if SILENCER.search(row):
                yield Finding(path, number, "swift-format-ignore has to name the rule it is about")
