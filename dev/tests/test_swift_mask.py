import unittest

import support  # noqa: F401 (sets the path)
from lib.swift_mask import mask

# (source, what is left of it); a dot stands for a blanked character.
CASES = [
    ("let a = 1 // no {", "let a = 1 ......."),
    ("a /* x { /* y */ z */ b", "a ................... b"),
    ("a /* x\n{ */ b", "a ....\n.... b"),
    ('f("{")', 'f(".")'),
    (r'f("a\"{") {', 'f("....") {'),
    (r'f("\(x) { \(g("}"))")', r'f(".(x)....(g("."))")'),
    (r'f("\\(x)")', r'f(".....")'),
    ('f(#"a\\(x) "b" {"#) {', 'f(#"..........."#) {'),
    ('f(#"a\\#(x){"#)', 'f(#"...(x)."#)'),
    ('f("""\n  a "quoted" {\n  \\(x)\n  """) {', 'f("""\n..............\n...(x)\n..""") {'),
    ('f("")', 'f("")'),
    ('f("a', 'f(".'),
    ("#if os(Linux)\n{\n#endif", "#if os(Linux)\n{\n#endif"),
    ("func `a { b`() {", "func `a___b`() {"),
    ("let r = /[{]\\/x/ + 1", "let r = /....../ + 1"),
    ("let r = #/ a\" { /#", "let r = #/....../#"),
    ("let q = a / b / {", "let q = a / b / {"),
    ("let q = (a) / b // x", "let q = (a) / b ...."),
]


class MaskTests(unittest.TestCase):
    def test_cases(self):
        for source, expected in CASES:
            with self.subTest(source):
                masked = mask(source)
                self.assertEqual(len(source), len(masked))
                self.assertEqual(expected.replace(".", " "), masked.replace(".", " "))

    def test_keeps_lines(self):
        source = 'a\n/* b\n\n*/ c """\n d\n """\n'
        self.assertEqual(source.count("\n"), mask(source).count("\n"))
