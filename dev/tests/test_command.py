import contextlib
import io
import subprocess
import unittest

import support
from lib import command, gates

GOOD = {
    ".swift-format": (support.DEV.parent / ".swift-format").read_text(),
    "Package.swift": """\
        // swift-tools-version: 6.2
        import PackageDescription

        let package = Package(
            name: "p",
            targets: [
                .target(
                    name: "MartletHTTPCore", path: "Sources/HTTPCore",
                    swiftSettings: [.strictMemorySafety(), .treatAllWarnings(as: .error)])
            ])
        """,
    "README.md": "# Title\n",
    "dev/layout.txt": "HTTPCore:\n",
    "Sources/HTTPCore/A.swift": "let a = 1\n",
}
BAD = GOOD | {"Sources/HTTPCore/B.swift": "import Foundation\n"}
LONG = "func f() {\n" + "    x()\n" * 50 + "}\n"


class CommandTests(support.GateTests):
    def run_on(self, files, *words):
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
            status = command.main(["--root", str(self.tree(files).root), *words], support.DEV.parent)
        return status, out.getvalue(), err.getvalue()

    def test_good_tree(self):
        status, out, err = self.run_on(GOOD)
        self.assertEqual((0, ""), (status, err), out)
        quick = [gate.NAME for gate in gates.ALL if not gate.SLOW]
        self.assertEqual([["ok", name] for name in quick], [row.split()[:2] for row in out.splitlines()])

    def test_bad_tree(self):
        status, out, _ = self.run_on(BAD)
        self.assertEqual(1, status)
        self.assertIn("FAIL  foundation        1 error\n", out)
        self.assertIn("FAIL  imports           1 error\n", out)
        self.assertIn("\n  Sources/HTTPCore/B.swift:1: error: Foundation in a target", out)

    def test_named_gate(self):
        status, out, _ = self.run_on(BAD, "size", "leftovers")
        self.assertEqual((0, ["size", "leftovers"]), (status, [row.split()[1] for row in out.splitlines()]))

    def test_warnings(self):
        files = GOOD | {"Sources/HTTPCore/B.swift": LONG}
        status, out, err = self.run_on(files, "size")
        self.assertEqual((0, 1, True), (status, len(out.splitlines()), "1 warning not shown" in err))
        status, out, _ = self.run_on(files, "size", "--warnings")
        self.assertEqual((0, True), (status, "B.swift:1: warning: `f` has 52 lines" in out))

    def test_gate_that_cannot_look(self):
        status, out, _ = self.run_on({"README.md": ""}, "size")
        self.assertEqual((1, True), (status, "cannot check: no Swift file" in out))

    def test_update(self):
        self.assertEqual((0, "wrote dev/unsafe-allowed.txt\n", ""), self.run_on(GOOD, "unsafe", "--update"))

    def test_usage(self):
        for words in (["nonsense"], ["--update"], ["size", "--update"]):
            with self.subTest(words), self.assertRaises(SystemExit) as caught:
                self.run_on(GOOD, *words)
            self.assertEqual(2, caught.exception.code)

    def test_list(self):
        _, out, _ = self.run_on(GOOD, "--list")
        self.assertEqual([gate.NAME for gate in gates.ALL], [row.split()[0] for row in out.splitlines()])

    def test_as_a_program(self):
        done = subprocess.run([support.DEV / "check", "--list"], capture_output=True, text=True)
        self.assertEqual((0, ""), (done.returncode, done.stderr))


class GatesHaveTests(unittest.TestCase):
    def test_each_gate_has_a_file_of_tests(self):
        for gate in gates.ALL:
            name = gate.__name__.rpartition(".")[2]
            text = (support.DEV / "tests" / f"test_{name}.py").read_text()
            self.assertIn("def test_passes", text, name)
            self.assertRegex(text, "assertFinds|assertBad|test_finds", name)
