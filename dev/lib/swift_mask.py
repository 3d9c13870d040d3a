"""Blanks what is not code in Swift source, so that a search finds code only.

`mask` returns a text of the same length with the same line breaks: comments and the contents of strings, regular
expressions and raw identifiers become spaces, code (also that inside an interpolation) stays where it was.
"""
import re

STARTS = re.compile(r"""//|/\*|["#`/()]""")
HASHES = re.compile(r"#*")
REST_OF_REGEX = re.compile(r"[^\s/*](?:[^/\\\n]|\\.)*/")
OPENS_REGEX_AFTER = re.compile(r"(?:^|[=(,:\[{!&|?;]|\breturn|\bin|\btry)\s*$")


def mask(text):
    out = list(text)
    code(text, 0, out, closing=None)
    return "".join(out)


def blank(out, start, end):
    for at in range(start, end):
        if out[at] != "\n":
            out[at] = " "


def code(text, at, out, closing):
    """Goes through code from `at` to the end, or to the parenthesis that closes an interpolation; returns where that is."""
    depth = 0
    while found := STARTS.search(text, at):
        at, start = found.start(), found.group()
        if start == closing and depth == 0:
            return at
        skip = SKIPS.get(start)
        depth += {"(": 1, ")": -1}.get(start, 0)
        at = skip(text, at, out) if skip else at + 1
    return len(text)


def line_comment(text, at, out):
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    blank(out, at, end)
    return end


def block_comment(text, at, out):
    """Block comments nest in Swift."""
    depth, end = 0, at
    for found in re.compile(r"/\*|\*/").finditer(text, at):
        depth += 1 if found.group() == "/*" else -1
        end = found.end()
        if depth == 0:
            break
    else:
        end = len(text)
    blank(out, at, end)
    return end


def string_or_regex(text, at, out):
    """`at` is at a quote or at `#`, which opens a raw string, an extended regex, or a directive such as `#if`."""
    hashes = HASHES.match(text, at).group()
    after = at + len(hashes)
    if text.startswith('"', after):
        return string(text, after, out, hashes)
    return regex(text, after, out, "/" + hashes) if text.startswith("/", after) else after


def string(text, at, out, hashes):
    quote = '"""' if text.startswith('"""', at) else '"'
    start = at = at + len(quote)
    while at < len(text):
        if text.startswith(quote + hashes, at):
            blank(out, start, at)
            return at + len(quote) + len(hashes)
        if quote == '"' and text[at] == "\n":
            break
        if not text.startswith("\\" + hashes, at):
            at += 1
        elif text.startswith("(", at + 1 + len(hashes)):
            inside = at + 2 + len(hashes)
            blank(out, start, inside - 1)
            start = at = code(text, inside, out, closing=")") + 1
        else:
            at += 2 + len(hashes)
    blank(out, start, min(at, len(text)))
    return at


def raw_identifier(text, at, out):
    """`` `a name with {` `` keeps its letters; what could be taken for code becomes an underscore."""
    end = text.find("`", at + 1)
    if end < 0:
        return at + 1
    out[at + 1:end] = [c if c.isalnum() or c == "\n" else "_" for c in text[at + 1:end]]
    return end + 1


def slash(text, at, out):
    """A slash opens a regular expression if it stands where an operand does and its pair is on the same line."""
    before = text[text.rfind("\n", 0, at) + 1:at]
    opens = OPENS_REGEX_AFTER.search(before) and REST_OF_REGEX.match(text, at + 1)
    return regex(text, at, out, "/") if opens else at + 1


def regex(text, at, out, closing):
    start = at = at + 1
    while at < len(text) and not text.startswith(closing, at):
        at += 2 if text[at] == "\\" else 1
    blank(out, start, min(at, len(text)))
    return at + len(closing)


SKIPS = {
    "//": line_comment, "/*": block_comment, '"': string_or_regex, "#": string_or_regex, "`": raw_identifier, "/": slash,
}
