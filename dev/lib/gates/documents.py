"""The documents are true where a program can tell: links and paths lead somewhere, the reference has every key."""
import json
import posixpath
import re

from lib import markdown
from lib.finding import CannotCheck, Finding

NAME, SLOW = "docs", False
SUMMARY = "links and paths in Markdown exist; docs/config.md has every key of docs/config.schema.json"

SCHEMA, REFERENCE = "docs/config.schema.json", "docs/config.md"
# A code span that is a path of this repository; one with a word in capitals or an ellipsis stands for many.
PATH = re.compile(r"(?:Sources|Tests|docs|dev|Benchmarks|\.ci)/[\w./+-]*")
EXTERNAL = re.compile(r"[a-z][a-z0-9+.-]*:")


def check(tree):
    pages = tree.files(".", ".md")
    if not pages:
        raise CannotCheck("no Markdown file found")
    for page in pages:
        text = tree.read(page)
        for line, target in markdown.links(text):
            if not EXTERNAL.match(target):
                yield from link(tree, page, line, target)
        for line, span in markdown.code_spans(text):
            if PATH.fullmatch(span) and not re.search(r"\b[A-Z]{4,}\b(?!\.md)", span) and not tree.exists(span):
                yield Finding(page, line, f"there is no {span}")
    yield from keys(tree)


def link(tree, page, line, target):
    path, _, anchor = target.partition("#")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
    if path.startswith("..") or not tree.exists(path):
        yield Finding(page, line, f"the link to {target} leads nowhere")
    elif anchor and path.endswith(".md") and anchor not in markdown.anchors(tree.read(path)):
        yield Finding(page, line, f"{path} has no heading #{anchor}")


def keys(tree):
    if tree.exists(SCHEMA) != tree.exists(REFERENCE):
        yield Finding(SCHEMA, 1, f"{SCHEMA} and {REFERENCE} go together, and one is missing")
    elif tree.exists(SCHEMA):
        words = {word for _, span in all_spans(tree.read(REFERENCE)) for word in re.findall(r"\w+", span)}
        for key in sorted(set(schema_keys(json.loads(tree.read(SCHEMA)))) - words):
            yield Finding(REFERENCE, 1, f"the key `{key}` of {SCHEMA} is not explained")


def all_spans(text):
    return ((0, span) for span in markdown.CODE.findall(text))


def schema_keys(node):
    if isinstance(node, list):
        node = dict(enumerate(node))
    if isinstance(node, dict):
        properties = node.get("properties")
        yield from properties if isinstance(properties, dict) else ()
        for value in node.values():
            yield from schema_keys(value)
