"""Nothing half-done stays, nor what style.md says to avoid, as far as a search can see it."""
import pathlib
import re

from lib.finding import CannotCheck, Finding

NAME, SLOW = "leftovers", False
SUMMARY = "no TODOs, stubs or placeholders; no `default:` in state machines; no sleeps in tests"

# As a name, `.unimplemented` is a status of gRPC.
UNDONE = re.compile(
    r"\b(?:TODO|FIXME|XXX|HACK)\b|\bnot (?:yet )?implemented\b|(?<!\.)(?<!case )\b[uU]nimplemented\b"
    r"|\bNot yet implemented\b")
# What a state machine may not have: cells of its table that nobody wrote.
VAGUE = re.compile(r"\bdefault\s*:|\bcase\s+_\s*:|\bcase\s+\.?modifying\b")
SLEEP = re.compile(r"\b\w*[sS]leep\s*\(")
PLACES = ("Sources", "Tests", "Benchmarks", "Package.swift")


def check(tree):
    files = [path for place in PLACES for path in texts(tree, place)]
    if not files:
        raise CannotCheck("no source file found")
    for path in files:
        yield from matches(path, tree.read(path), UNDONE, "is left over")
        name = pathlib.PurePosixPath(path).name
        if name.startswith("Placeholder"):
            yield Finding(path, 1, "a placeholder file is left over")
        if name.endswith("StateMachine.swift"):
            yield from matches(path, tree.masked(path), VAGUE, "in a state machine: write every cell")
        if path.startswith("Tests/") and path.endswith(".swift"):
            yield from matches(path, tree.masked(path), SLEEP, "in a test: wait for what happens instead")


def texts(tree, place):
    return [place] if (tree.root / place).is_file() else tree.files(place, ".swift", ".c", ".h", ".py")


def matches(path, text, pattern, what):
    for number, row in enumerate(text.splitlines(), 1):
        for found in pattern.finditer(row):
            yield Finding(path, number, f"`{found.group().strip()}` {what}")
