"""Finds the functions of a Swift file: where they are, how long, with how many parameters. For the size gate."""
import dataclasses
import re

from lib import swift_brackets

DECLARATION = re.compile(
    r"(?<![.\w`])(?:"
    r"func\s+(?P<func>`[^`]+`|\w+|[-+*/%=<>!&|^~?.]+)"
    r"|(?P<init>(?:init[?!]?|subscript))(?=\s*[<(])"
    r"|(?P<deinit>deinit)(?=\s*\{)"
    r"|var\s+(?P<var>`[^`]+`|\w+)(?=\s*:[^=\n{]*\{)"
    r")")
TYPE = re.compile(r"(?<![.\w`])(?:struct|class|enum|actor|typealias)\s+(?P<name>\w+)\s*(?=<)")
HEAD_GOES_ON = re.compile(r"\s*(?:async|throws|rethrows|where|->|\{|,|&)")
HEAD_LEAVES_OPEN = re.compile(r"(?:->|\bwhere|,|:|&|==)\s*$")


@dataclasses.dataclass(frozen=True)
class Function:
    """Lines count from 1. `last` is the line of the closing brace; without a body it is the line of the name."""

    name: str
    first: int
    last: int
    parameters: int
    generics: int

    @property
    def lines(self):
        return self.last - self.first + 1


def functions(code):
    """The functions, initializers, subscripts and computed properties of masked source, nested ones included."""
    return [function(code, found) for found in DECLARATION.finditer(code)]


def generic_types(code):
    """(name, line, number of generic parameters) of each generic type."""
    for found in TYPE.finditer(code):
        count = swift_brackets.items(code, found.end() + 1, swift_brackets.closing_angle(code, found.end()))
        yield found.group("name"), line(code, found.start()), count


def line(code, at):
    return code.count("\n", 0, at) + 1


def function(code, found):
    name, at, parameters, generics = next(filter(None, found.groups())), found.end(), 0, 0
    if found.group("func") and len(name) > 1 and name.endswith("<"):
        name, at = name[:-1], at - 1
    if found.group("func") or found.group("init"):
        at = skip_space(code, at)
        if code.startswith("<", at):
            end = swift_brackets.closing_angle(code, at)
            generics, at = swift_brackets.items(code, at + 1, end), skip_space(code, end + 1)
        end = swift_brackets.closing(code, at)
        parameters, at = swift_brackets.items(code, at + 1, end), end + 1
    first = line(code, found.start())
    return Function(name.strip("`"), first, last_line(code, at, first), parameters, generics)


def skip_space(code, at):
    while at < len(code) and code[at].isspace():
        at += 1
    return at


def last_line(code, at, first):
    opening = body(code, at)
    return first if opening is None else line(code, swift_brackets.closing(code, opening))


def body(code, at):
    """The index of the brace that opens the body of the declaration whose head goes on at `at`; None if it has none."""
    while at < len(code):
        end = code.find("\n", at)
        end = len(code) if end < 0 else end
        row = code[at:end]
        if "{" in row or "}" in row:
            opening = row.find("{")
            return None if "}" in row[:opening if opening >= 0 else None] else at + opening
        if not HEAD_LEAVES_OPEN.search(row) and not HEAD_GOES_ON.match(code, end):
            return None
        at = end + 1
    return None
