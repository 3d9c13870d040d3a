import support
from lib.gates import explicit_imports


def package(dependencies):
    return {
        "Package.swift": f"""\
            // swift-tools-version: 6.2
            import PackageDescription
            let package = Package(name: "p", targets: [
                .target(name: "A"), .target(name: "B", dependencies: [{dependencies}]), .testTarget(name: "T", dependencies: ["B", "A"]),
            ])
            """,
        "Sources/A/A.swift": "public let a = 1\n",
        "Sources/B/B.swift": "import A\npublic let b = a\n",
        "Tests/T/T.swift": "import A\nimport B\n",
    }


class ExplicitImportsTests(support.GateTests):
    gate = explicit_imports

    def test_passes(self):
        self.assertPasses(package('"A"'))

    def test_finds(self):
        found = self.findings(package(""))
        self.assertTrue(found and "A" in found[0].text, found)
