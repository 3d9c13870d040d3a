import support
from lib.gates import unsafe_count

SOURCE = """\
    // unsafe in a comment
    @safe struct A: @unchecked Sendable {
        nonisolated(unsafe) static var x = "unsafe"
        @unsafe func f(unsafe: Int) { unsafe g(); try unsafe h(); k.unsafe(); withUnsafeBytes {} }
    }
    """
COUNT = 6


class UnsafeTests(support.GateTests):
    gate = unsafe_count

    def files(self, *listed):
        return {"Sources/A/A.swift": SOURCE, "Tests/ATests/B.swift": "let a = 1\n",
                "dev/unsafe-allowed.txt": "# list\n" + "".join(f"{row}\n" for row in listed)}

    def test_passes(self):
        self.assertPasses(self.files(f"{COUNT} Sources/A/A.swift"))

    def test_more(self):
        self.assertFinds([("Sources/A/A.swift:1", "6 times `unsafe` or the like, 5 allowed")],
                         self.files("5 Sources/A/A.swift"))

    def test_unlisted(self):
        self.assertFinds([("Sources/A/A.swift:1", "6 times `unsafe` or the like, 0 allowed")], self.files())
        self.assertFinds([("Sources/A/A.swift:1", "0 allowed")], {"Sources/A/A.swift": SOURCE})

    def test_fewer(self):
        self.assertFinds([("dev/unsafe-allowed.txt:2", "put `6 Sources/A/A.swift`")], self.files("7 Sources/A/A.swift"))

    def test_stale(self):
        self.assertFinds([("dev/unsafe-allowed.txt:3", "Sources/A/Gone.swift has none now")],
                         self.files("6 Sources/A/A.swift", "1 Sources/A/Gone.swift"))

    def test_update(self):
        tree = self.tree(self.files("1 Sources/A/Gone.swift"))
        unsafe_count.update(tree)
        self.assertEqual([], list(unsafe_count.check(tree)))
        self.assertIn("6 Sources/A/A.swift\n", tree.read("dev/unsafe-allowed.txt"))
