"""Made-up trees for the tests of the gates."""
import pathlib
import sys
import tempfile
import textwrap
import unittest

DEV = pathlib.Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(DEV))

from lib.finding import CannotCheck  # noqa: E402 (needs the path above)
from lib.tree import Tree  # noqa: E402

SAFE = [
    {"tool": "swift", "kind": {"strictMemorySafety": {}}},
    {"tool": "swift", "kind": {"treatAllWarnings": {"_0": "error"}}},
]


def target(name, path, *dependencies, settings=SAFE):
    """A target as `swift package dump-package` prints it."""
    return {
        "name": name, "path": path, "settings": list(settings),
        "dependencies": [{"byName": [dependency, None]} for dependency in dependencies],
    }


class GateTests(unittest.TestCase):
    """What the tests of the gates share: a tree made of texts, and what a gate says about it."""

    gate = None

    def tree(self, files, targets=()):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        for path, text in files.items():
            file = pathlib.Path(place.name, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text), encoding="utf-8")
        tree = Tree(place.name)
        if targets:
            tree.manifest = {"targets": list(targets)}
        return tree

    def findings(self, files, targets=()):
        return sorted(self.gate.check(self.tree(files, targets)))

    def assertPasses(self, files, targets=()):
        self.assertEqual([], [str(finding) for finding in self.findings(files, targets)])

    def assertFinds(self, expected, files, targets=()):
        """The findings are exactly those `expected`: their place, and a piece of their text."""
        found = self.findings(files, targets)
        self.assertEqual([place for place, _ in expected], [f"{f.path}:{f.line}" for f in found], found)
        for (_, text), finding in zip(expected, found):
            self.assertIn(text, str(finding))

    def assertCannotCheck(self, text, files, targets=()):
        with self.assertRaises(CannotCheck) as caught:
            self.findings(files, targets)
        self.assertIn(text, str(caught.exception))
