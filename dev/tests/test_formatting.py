import subprocess

import support
from lib.gates import formatting

FORMAT = (support.DEV.parent / ".swift-format").read_text()
GOOD = {
    ".swift-format": FORMAT,
    "Sources/A/A.swift": """\
        func f(x: Int) -> Int {
            switch x {
            case 0: 1
            case 1: return 2
            default: 3
            }
        }
        // swift-format-ignore: NeverForceUnwrap
        let one = Int("1")!
        """,
}


class FormattingTests(support.GateTests):
    gate = formatting

    def test_passes(self):
        self.assertPasses(GOOD)

    def test_finds(self):
        self.assertFinds([("Tests/ATests/B.swift:2", "[Indentation]")],
                         GOOD | {"Tests/ATests/B.swift": "func f() {\n  g()\n}\n"})
        self.assertFinds([("Sources/A/B.swift:1", "[LineLength]")],
                         GOOD | {"Sources/A/B.swift": f"let a = \"{'a' * 120}\"\n"})
        self.assertFinds([("Package.swift:1", "[NeverForceUnwrap]")],
                         GOOD | {"Package.swift": "let one = Int(\"1\")!\n"})

    def test_silencer(self):
        for words in ("swift-format-ignore", "swift-format-ignore-file"):
            self.assertFinds([("Sources/A/B.swift:1", "has to name the rule")],
                             GOOD | {"Sources/A/B.swift": f"// {words}\nlet a = 1\n"})

    def test_needs_configuration(self):
        self.assertCannotCheck(".swift-format is missing", {"Sources/A/A.swift": ""})

    def test_a_formatter_that_fails_without_a_word(self):
        tree = self.tree(GOOD)
        tree.run = lambda *words, **_: subprocess.CompletedProcess(words, 1, "", "")
        with self.assertRaisesRegex(support.CannotCheck, "ended with 1 and said nothing"):
            list(formatting.check(tree))
