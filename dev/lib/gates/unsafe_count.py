"""Each `unsafe` is counted: the list says how many each file has, so that one more is a decision that a reviewer sees."""
import re

from lib.finding import Finding

NAME, SLOW = "unsafe", False
SUMMARY = "as many `unsafe`, @safe and @unchecked in each file as dev/unsafe-allowed.txt says"

FILE = "dev/unsafe-allowed.txt"
HEAD = """\
# How many `unsafe`, `@unsafe`, `@safe`, `@unchecked` and `(unsafe)` each file has; a file that is not listed has none.
# Written by `dev/check unsafe --update`; a count that grows is a decision, and needs a reason in the commit message.
"""
# `unsafe` also finds @unsafe, nonisolated(unsafe) and unowned(unsafe).
MARK = re.compile(r"(?<![.\w])unsafe\b(?!:)|@safe\b|@unchecked\b")


def check(tree):
    listed, counted = read(tree), count(tree)
    for path, (line, allowed) in listed.items():
        if path not in counted:
            yield Finding(FILE, line, f"{path} has none now: remove this line")
        elif counted[path] < allowed:
            yield Finding(FILE, line, f"{path} has fewer now: put `{counted[path]} {path}`")
    for path, number in counted.items():
        allowed = listed.get(path, (0, 0))[1]
        if number > allowed:
            yield Finding(path, 1, f"{number} times `unsafe` or the like, {allowed} allowed by {FILE}")


def count(tree):
    counts = {path: len(MARK.findall(tree.masked(path))) for path in tree.swift_files()}
    return {path: number for path, number in sorted(counts.items()) if number}


def read(tree):
    """(line, count) by path. A missing list allows nothing."""
    listed = {}
    for line, text in enumerate(tree.read(FILE).splitlines() if tree.exists(FILE) else (), 1):
        if text.strip() and not text.startswith("#"):
            number, _, path = text.strip().partition(" ")
            listed[path] = line, int(number)
    return listed


def update(tree):
    rows = [f"{number} {path}\n" for path, number in count(tree).items()]
    (tree.root / FILE).write_text(HEAD + "".join(rows), encoding="utf-8")
    return FILE
