"""Reads dev/layout.txt: which folder may import what."""
import dataclasses

from lib.finding import CannotCheck

FILE = "dev/layout.txt"
PREFIX = "Martlet"


@dataclasses.dataclass(frozen=True)
class Row:
    """One line: the folders and the outside modules that a folder may import."""

    line: int
    folders: frozenset
    outside: frozenset


def read(tree):
    """The rows by folder, in the order of the file."""
    if not tree.exists(FILE):
        raise CannotCheck(f"{FILE} is missing")
    rows = {}
    for number, text in enumerate(tree.read(FILE).splitlines(), 1):
        text = text.split("#")[0].strip()
        if text:
            folder, _, allowed = text.partition(":")
            folders, _, outside = allowed.partition("|")
            rows[folder.strip()] = Row(number, frozenset(folders.split()), frozenset(outside.split()))
    return rows


def allowed(rows, path):
    """The row for the file at `path` (Sources/X/… or Tests/XTests/…); None if the table has no line for it."""
    kind, folder = path.split("/")[:2]
    if kind == "Sources":
        return rows.get(folder)
    target = {"Program": "martlet"}.get(folder.removesuffix("Tests"), folder.removesuffix("Tests"))
    row, tests = rows.get(target), rows.get("Tests")
    return row and tests and Row(row.line, row.folders | tests.folders | {target}, row.outside | tests.outside)


def folder_of(module):
    """`MartletHTTP1` is the folder HTTP1; CEventLoop and the executables have no prefix."""
    return module.removeprefix(PREFIX)


def circles(rows):
    """(line, folder, below) of each import that would point up: `below` may import `folder`, too, at once or on a way."""
    for folder, row in rows.items():
        for below in sorted(row.folders):
            if folder in reach(rows, below):
                yield row.line, folder, below


def reach(rows, start):
    seen, left = set(), [start]
    while left:
        folder = left.pop()
        if folder not in seen:
            seen.add(folder)
            left += rows[folder].folders if folder in rows else ()
    return seen
