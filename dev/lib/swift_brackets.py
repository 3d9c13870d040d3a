"""Pairs of brackets and lists between them, in Swift source that `swift_mask.mask` has blanked."""

OPENING = {"(": ")", "[": "]", "{": "}"}


def closing(code, at):
    """The index of the bracket that closes the one at `at`, or the end of the text if none does."""
    depth = 0
    for index in range(at, len(code)):
        if code[index] in OPENING:
            depth += 1
        elif code[index] in ")]}":
            depth -= 1
            if depth == 0:
                return index
    return len(code)


def is_angle(code, at):
    """Whether `<` or `>` at `at` is a bracket of generics: an operator has a space before it, `->` is an arrow."""
    before = code[at - 1:at]
    return before != "-" and (code[at] == ">" or before.isalnum() or before in ("_", ">", "<", "`"))


def closing_angle(code, at):
    """The index of the `>` that closes the generics which open at `at`, or the end of the text."""
    depth = 0
    for index in range(at, len(code)):
        if code[index] in "<>" and (index == at or is_angle(code, index)):
            depth += 1 if code[index] == "<" else -1
            if depth == 0:
                return index
    return len(code)


def items(code, start, end):
    """How many items, separated by commas, stand between `start` and `end`. A comma after the last one adds none."""
    depth, count, content = 0, 0, False
    for index in range(start, end):
        character = code[index]
        if character in "([{" or character == "<" and is_angle(code, index):
            depth += 1
        elif character in ")]}" or character == ">" and is_angle(code, index):
            depth -= 1
        if character == "," and depth == 0:
            count, content = count + content, False
        elif not character.isspace():
            content = True
    return count + content
