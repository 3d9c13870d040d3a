import support
from support import SAFE, target
from lib.gates import memory_safety

FILES = {"Sources/A/A.swift": "", "Sources/C/C.c": ""}


class MemorySafetyTests(support.GateTests):
    gate = memory_safety

    def assertBad(self, text, settings):
        self.assertFinds([("Package.swift:1", text)], FILES, [target("A", "Sources/A", settings=settings)])

    def test_passes(self):
        self.assertPasses(FILES, [target("A", "Sources/A"), target("C", "Sources/C", settings=[])])

    def test_finds(self):
        self.assertBad("A lacks .strictMemorySafety()", SAFE[1:])
        self.assertBad("A lacks .treatAllWarnings(as: .error)", SAFE[:1])
        self.assertBad("A lacks .treatAllWarnings(as: .error)",
                       [SAFE[0], {"tool": "swift", "kind": {"treatAllWarnings": {"_0": "warning"}}}])
        self.assertBad("A lacks .strictMemorySafety()", [SAFE[0] | {"condition": {"config": "debug"}}, SAFE[1]])
        self.assertBad("A may not have .treatWarning", [
            *SAFE, {"tool": "swift", "kind": {"treatWarning": {"_0": "StrictMemorySafety", "_1": "warning"}}}])
        self.assertBad("A may not have .unsafeFlags", [*SAFE, {"tool": "swift", "kind": {"unsafeFlags": {"_0": ["-x"]}}}])

    def test_needs_targets(self):
        self.assertCannotCheck("no Swift target", FILES, [target("C", "Sources/C", settings=[])])

    def test_asks_swiftpm(self):
        manifest = """\
            // swift-tools-version: 6.2
            import PackageDescription
            let package = Package(name: "p", targets: [
                .target(name: "A", swiftSettings: [.strictMemorySafety(), .treatAllWarnings(as: .error)]),
                .target(name: "B", swiftSettings: [.strictMemorySafety()]),
                .target(name: "D"),
            ])
            """
        self.assertFinds(
            [("Package.swift:1", "B lacks .treatAllWarnings"), ("Package.swift:1", "D lacks .strictMemorySafety"),
             ("Package.swift:1", "D lacks .treatAllWarnings")],
            {"Package.swift": manifest, "Sources/A/A.swift": "", "Sources/B/B.swift": "", "Sources/D/D.swift": ""})

    def test_broken_manifest(self):
        self.assertCannotCheck("dump-package` failed", {"Package.swift": "// swift-tools-version: 6.2\nlet = 1"})
