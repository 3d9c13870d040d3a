"""Files and functions stay small: a reader holds one at a time in mind."""
from lib import swift_functions, swift_switch
from lib.finding import Finding

NAME, SLOW = "size", False
SUMMARY = "files up to 800 lines (warns from 400), functions up to 80 (40), 5 parameters, 3 generic parameters"

FILE_WARN, FILE_MOST = 400, 800
FUNCTION_WARN, FUNCTION_MOST = 40, 80
PARAMETERS_MOST, GENERICS_MOST = 5, 3
# Right above the one numbered flow of the program, the life of a request, which may be longer than a function.
FLOW_MARK = "// check: flow"


def check(tree):
    flows = []
    for path in tree.swift_files():
        text, code = tree.read(path), tree.masked(path)
        rows, masked_rows = text.splitlines(), code.splitlines()
        yield from over(path, 1, "file", len(rows), FILE_WARN, FILE_MOST)
        flows += [(path, number) for number, row in enumerate(rows, 1) if row.strip().startswith(FLOW_MARK)]
        yield from types(path, code)
        for function in swift_functions.functions(code):
            yield from signature(path, function)
            if not is_flow(rows, function):
                lines = function.lines - swift_switch.one_line_arms(masked_rows[function.first - 1:function.last])
                yield from over(path, function.first, f"`{function.name}`", lines, FUNCTION_WARN, FUNCTION_MOST)
    for path, number in flows[1:]:
        yield Finding(path, number, f"a second `{FLOW_MARK}`: there is one numbered flow ({flows[0][0]})")


def over(path, line, what, lines, warn, most):
    if lines > warn:
        yield Finding(path, line, f"{what} has {lines} lines, at most {most} (aim below {warn})", warning=lines <= most)


def is_flow(rows, function):
    """Whether the mark stands among the comments and attributes right above the function."""
    for row in reversed(rows[:function.first - 1]):
        if row.strip().startswith(FLOW_MARK):
            return True
        if not row.strip().startswith(("//", "@")):
            return False
    return False


def signature(path, function):
    for count, most, what in (
            (function.parameters, PARAMETERS_MOST, "parameters"), (function.generics, GENERICS_MOST, "generic parameters")):
        if count > most:
            yield Finding(path, function.first, f"`{function.name}` has {count} {what}, at most {most}")


def types(path, code):
    for name, line, count in swift_functions.generic_types(code):
        if count > GENERICS_MOST:
            yield Finding(path, line, f"`{name}` has {count} generic parameters, at most {GENERICS_MOST}")
