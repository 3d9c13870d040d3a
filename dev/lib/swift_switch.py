"""Counts the one-line arms of switches, which the size gate leaves out of a function's length."""
import re

ARM = re.compile(r"\s*(?:@unknown\s+)?(?:case\b|default\s*:)")


def one_line_arms(rows):
    """How many of `rows` (masked source, one function) are one-line arms: `case` and one statement, on one line or two."""
    rows = [row for row in rows if row.strip()]
    total, at = 0, 0
    while at < len(rows):
        lines = arm_lines(rows, at) if ARM.match(rows[at]) else 0
        total += lines
        at += lines or 1
    return total


def arm_lines(rows, at):
    """The lines of the arm at `at` if it is a one-line arm (1 or 2), else 0."""
    colon = colon_of(rows[at])
    if colon is None:
        return 0
    statement = rows[at][colon + 1:]
    lines = 1 if statement.strip() else 2
    last = at + lines - 1
    if last + 1 >= len(rows) or not is_balanced(rows[last] if lines == 2 else statement):
        return 0
    ends = ARM.match(rows[last + 1]) or rows[last + 1].strip().startswith("}")
    return lines if ends and not (lines == 2 and ARM.match(rows[last])) else 0


def colon_of(row):
    """The index of the colon that ends the arm's patterns, outside all brackets."""
    depth = 0
    for index, character in enumerate(row):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(character, 0)
        if character == ":" and depth == 0:
            return index
    return None


def is_balanced(text):
    return all(text.count(a) == text.count(b) for a, b in ("()", "[]", "{}"))
