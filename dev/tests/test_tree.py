import support
from lib.finding import CannotCheck


class TreeTests(support.GateTests):
    def test_files(self):
        tree = self.tree({"Sources/B/b.swift": "", "Sources/A/a.swift": "", "Sources/A/a.c": "", "Sources/.build/c.swift": "",
                          "Tests/__pycache__/d.swift": "", "Tests/T/e.swift": ""})
        self.assertEqual(["Sources/A/a.swift", "Sources/B/b.swift", "Tests/T/e.swift"], tree.swift_files())
        self.assertEqual(["Sources/A/a.c"], tree.files("Sources", ".c", ".h"))

    def test_a_missing_tool_is_a_failure(self):
        with self.assertRaisesRegex(CannotCheck, "`martlet-no-such-tool` is not installed"):
            self.tree({"a": ""}).run("martlet-no-such-tool")

    def test_a_tool_that_hangs_is_a_failure(self):
        with self.assertRaisesRegex(CannotCheck, "more than 0.1 seconds"):
            self.tree({"a": ""}).run("sleep", "60", seconds=0.1)
