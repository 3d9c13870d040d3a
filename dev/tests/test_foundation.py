import support
from lib.gates import foundation


class FoundationTests(support.GateTests):
    gate = foundation

    def test_passes(self):
        self.assertPasses({
            "Sources/HTTPCore/A.swift": "// import Foundation\nlet a = \"\"\"\nimport Foundation\n\"\"\"\n",
            "Sources/Control/A.swift": "import Foundation\n",
        })

    def test_finds(self):
        for folder in foundation.DATA_PLANE:
            with self.subTest(folder):
                self.assertFinds([(f"Sources/{folder}/X/A.swift:2", "FoundationEssentials in a target")],
                                 {f"Sources/{folder}/X/A.swift": "import Glibc\nimport FoundationEssentials\n"})

    def test_needs_folders(self):
        self.assertCannotCheck("none of the data plane's folders", {"Sources/Control/A.swift": ""})
