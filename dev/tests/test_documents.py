import json

import support
from lib.gates import documents
from lib.markdown import anchors

SCHEMA = json.dumps({
    "properties": {"listeners": {"items": {"$ref": "#/$defs/listener"}}},
    "$defs": {"listener": {"properties": {"address": {"type": "string"}}}},
})
GOOD = {
    "README.md": """\
        # A title: with `code`
        [a](docs/a.md) [b](<docs/a.md> "title") [c](#a-title-with-code) [d](docs/a.md#more-1) [e](https://example.com/x.md)
        `Sources/A/A.swift` `Sources/NAME/x` `[no](link.md)`

            [no](indented.md)

        ```
        [no](fenced.md)
        ```

        [ref]: docs
        """,
    "docs/a.md": "# More\n# More\n[up](../README.md)\n",
    "docs/config.md": "`listeners` and `address: x`\n",
    "docs/config.schema.json": SCHEMA,
    "Sources/A/A.swift": "",
}


class DocumentsTests(support.GateTests):
    gate = documents

    def assertBad(self, place, text, files):
        self.assertFinds([(place, text)], GOOD | files)

    def test_passes(self):
        self.assertPasses(GOOD)

    def test_links(self):
        self.assertBad("docs/a.md:2", "gone.md leads nowhere", {"docs/a.md": "# More\n[x](gone.md)\n# More"})
        self.assertBad("docs/a.md:3", "../../x leads nowhere", {"docs/a.md": "# More\n# More\n[x](../../x)\n"})
        self.assertBad("docs/b.md:1", "docs/a.md has no heading #less", {"docs/b.md": "[x](a.md#less)\n"})
        self.assertBad("docs/b.md:1", "gone.md leads nowhere", {"docs/b.md": "[x]: gone.md\n"})

    def test_paths(self):
        self.assertBad("docs/b.md:1", "there is no Sources/A/B.swift", {"docs/b.md": "See `Sources/A/B.swift`.\n"})

    def test_keys(self):
        self.assertBad("docs/config.md:1", "the key `address`", {"docs/config.md": "`listeners`, address\n"})

    def test_half(self):
        files = {path: text for path, text in GOOD.items() if path != "docs/config.md"}
        self.assertFinds([("docs/config.schema.json:1", "one is missing")], files)

    def test_needs_pages(self):
        self.assertCannotCheck("no Markdown", {"Sources/A/A.swift": ""})

    def test_anchors(self):
        self.assertEqual({"its-cpu-µs-a-b", "twice", "twice-1"}, anchors("# It's CPU µs: [a](x) `b`\n## Twice\n## Twice ##\n"))
