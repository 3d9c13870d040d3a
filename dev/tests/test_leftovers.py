import support
from lib.gates import leftovers

BAD = [
    ("Sources/A/A.swift", "// TO" + "DO: later\n", "left over"),
    ("Sources/A/A.c", "/* FIX" + "ME */\n", "left over"),
    ("Benchmarks/lib/a.py", "# XX" + "X\n", "left over"),
    ("Sources/A/A.swift", 'fatalError("not implemen' + 'ted")\n', "left over"),
    ("Sources/A/A.swift", 'fatalError("unimplemen' + 'ted")\n', "left over"),
    ("Sources/A/Placeholder.swift", "\n", "placeholder"),
    ("Sources/A/A+StateMachine.swift", "default: break\n", "write every cell"),
    ("Sources/A/A+StateMachine.swift", "case _: break\n", "write every cell"),
    ("Sources/A/AStateMachine.swift", "case modifying\n", "write every cell"),
    ("Tests/ATests/A.swift", "try await Task.sleep(for: .seconds(1))\n", "wait for what happens"),
    ("Tests/ATests/A.swift", "usleep(100)\n", "wait for what happens"),
]


class LeftoversTests(support.GateTests):
    gate = leftovers

    def test_passes(self):
        self.assertPasses({
            "Sources/A/A.swift": 'case 501: "Not Implemented"\ndefault: break\nusleep(1)\n'
            "case unimplemen" + "ted = 12\nreturn .unimplemen" + "ted\n",
            "Sources/A/A+StateMachine.swift": "// default: no\ncase .a: break\n",
            "Tests/ATests/A.swift": "// sleep(1) would be wrong\nlet asleep = 1\n",
        })

    def test_finds(self):
        for path, text, words in BAD:
            with self.subTest(text):
                self.assertFinds([(f"{path}:1", words)], {path: text})

    def test_needs_files(self):
        self.assertCannotCheck("no source file", {"README.md": ""})
