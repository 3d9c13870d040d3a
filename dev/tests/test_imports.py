import support
from support import target
from lib.gates import imports
from lib.swift_imports import imports as found_imports

LAYOUT = """\
    # comment
    EventLoop: | Glibc
    TLS:       EventLoop | CNIOBoringSSL
    Proxy:     TLS EventLoop  # all
    martlet:   Proxy
    Tests:     | Testing
    """
TARGETS = [
    target("MartletEventLoop", "Sources/EventLoop"), target("MartletProxy", "Sources/Proxy", "MartletEventLoop"),
    target("MartletProxyTests", "Tests/ProxyTests", "MartletProxy"),
]
GOOD = {
    "dev/layout.txt": LAYOUT,
    "Sources/EventLoop/A.swift": "import Glibc\n",
    "Sources/TLS/A.swift": "@_implementationOnly import CNIOBoringSSL\nimport MartletEventLoop\n",
    "Sources/Proxy/A.swift": "package import struct MartletEventLoop.Token\n",
    "Tests/ProxyTests/A.swift": "@testable import MartletProxy\nimport MartletEventLoop\nimport Testing\n",
    "Tests/ProgramTests/A.swift": "import martlet\n",
}


class ImportsTests(support.GateTests):
    gate = imports

    def assertBad(self, place, text, files, targets=()):
        self.assertFinds([(place, text)], GOOD | files, [*TARGETS, *targets])

    def test_passes(self):
        self.assertPasses(GOOD, TARGETS)

    def test_upwards(self):
        self.assertBad("Sources/EventLoop/B.swift:2", "EventLoop may not import MartletProxy",
                       {"Sources/EventLoop/B.swift": "\nimport MartletProxy\n"})

    def test_outside(self):
        self.assertBad("Sources/Proxy/B.swift:1", "may not import Glibc", {"Sources/Proxy/B.swift": "import Glibc\n"})

    def test_boringssl(self):
        self.assertBad("Sources/Proxy/B.swift:1", "CNIOBoringSSL", {"Sources/Proxy/B.swift": "import CNIOBoringSSL\n"})
        self.assertBad("dev/layout.txt:2", "CNIOBoringSSL is for TLS only",
                       {"dev/layout.txt": LAYOUT.replace("| Glibc", "| Glibc CNIOBoringSSL")})

    def test_tests(self):
        self.assertBad("Tests/EventLoopTests/A.swift:1", "may not import MartletProxy",
                       {"Tests/EventLoopTests/A.swift": "import MartletProxy\n"})

    def test_unknown_folder(self):
        self.assertBad("Sources/New/A.swift:1", "no line for this folder", {"Sources/New/A.swift": ""})

    def test_circle(self):
        self.assertFinds(
            [("dev/layout.txt:2", "EventLoop and Proxy may import each other"),
             ("dev/layout.txt:3", "TLS and EventLoop may import each other"),
             ("dev/layout.txt:4", "Proxy and EventLoop may import each other"),
             ("dev/layout.txt:4", "Proxy and TLS may import each other")],
            GOOD | {"dev/layout.txt": LAYOUT.replace("EventLoop: |", "EventLoop: Proxy |")}, TARGETS)

    def test_dependencies(self):
        self.assertBad("Package.swift:1", "MartletTLS may not depend on MartletProxy", {},
                       [target("MartletTLS", "Sources/TLS", "MartletProxy")])
        self.assertBad("Package.swift:1", "no line for Sources/New", {}, [target("MartletNew", "Sources/New")])

    def test_needs_the_table(self):
        self.assertCannotCheck("dev/layout.txt is missing", {"Sources/A/A.swift": ""}, TARGETS)

    def test_forms(self):
        source = """
import A; import B
@_spi(X) @testable import C.Sub
package import func D.f
    internal import E
#if canImport(F)
let important = imported
"""
        self.assertEqual([(2, "A"), (2, "B"), (3, "C"), (4, "D"), (5, "E")], list(found_imports(source)))
