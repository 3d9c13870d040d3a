"""Links, paths and headings of a Markdown file."""
import re

FENCE = re.compile(r"^\s*(```|~~~)")
LINK = re.compile(r"\[[^\]]*\]\(<?([^)\s>]+)>?[^)]*\)")
DEFINITION = re.compile(r"^\s*\[[^\]]+\]:\s*(\S+)")
CODE = re.compile(r"`([^`]+)`")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*\s*$")


def prose(text):
    """(line, row) of each row outside code blocks, fenced or indented."""
    fenced = blank = False
    for number, row in enumerate(text.splitlines(), 1):
        if FENCE.match(row):
            fenced = not fenced
        elif not fenced and not (blank and row.startswith("    ")):
            blank = not row.strip()
            yield number, row


def links(text):
    """(line, target) of each link."""
    for number, row in prose(text):
        row = CODE.sub("", row)
        for target in LINK.findall(row) + DEFINITION.findall(row):
            yield number, target


def code_spans(text):
    for number, row in prose(text):
        for span in CODE.findall(row):
            yield number, span


def anchors(text):
    """The anchors of the headings, made as GitHub does: lower case, punctuation dropped, spaces become hyphens."""
    found = {}
    for _, row in prose(text):
        heading = HEADING.match(row)
        if heading:
            words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading[1]).lower()
            anchor = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
            found[anchor] = found.get(anchor, -1) + 1
    return {f"{anchor}-{n}" if n else anchor for anchor, last in found.items() for n in range(last + 1)}
