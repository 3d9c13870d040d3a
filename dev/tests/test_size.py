import support
from lib.gates import size


def function(lines, name="f"):
    return f"func {name}() {{\n" + "  x()\n" * (lines - 2) + "}\n"


def switch(arms):
    return "func f() {\n  switch a {\n" + "".join(f"  case .c{n}: x({n})\n" for n in range(arms)) + "  }\n}\n"


class SizeTests(support.GateTests):
    gate = size

    def test_passes(self):
        self.assertPasses({"Sources/A/A.swift": function(40), "Tests/ATests/A.swift": "// a\n" * 400})

    def test_files(self):
        self.assertFinds(
            [("Sources/A/A.swift:1", "error: file has 801 lines"), ("Sources/A/B.swift:1", "warning: file has 401 lines")],
            {"Sources/A/A.swift": "// a\n" * 801, "Sources/A/B.swift": "// a\n" * 401})

    def test_functions(self):
        self.assertFinds(
            [("Sources/A/A.swift:1", "error: `f` has 81 lines"), ("Tests/ATests/A.swift:3", "warning: `g` has 41 lines")],
            {"Sources/A/A.swift": function(81), "Tests/ATests/A.swift": "\n\n" + function(41, "g")})

    def test_one_line_arms_do_not_count(self):
        self.assertPasses({"Sources/A/A.swift": switch(100)})
        self.assertFinds([("Sources/A/A.swift:1", "`f` has 104 lines")],
                         {"Sources/A/A.swift": switch(100).replace("}\n}", "}\n" + "  x()\n" * 100 + "}")})

    def test_parameters(self):
        self.assertPasses({"Sources/A/A.swift": "func f<A, B, C>(a: A, b: B, c: C, d: Int, e: (Int, Int)) {}"})
        self.assertFinds(
            [("Sources/A/A.swift:1", "`f` has 6 parameters"), ("Sources/A/A.swift:2", "`init` has 4 generic parameters"),
             ("Sources/A/A.swift:3", "`S` has 4 generic parameters")],
            {"Sources/A/A.swift": """\
                func f(a: A, b: B, c: C, d: Int, e: Int, f: Int) {}
                init<A, B, C, D>(a: A) {}
                struct S<A, B, C, D> {}
                """})

    def test_the_one_flow(self):
        flow = "// check: flow\n@inlinable\n" + function(100)
        self.assertPasses({"Sources/A/A.swift": flow})
        self.assertFinds([("Sources/A/B.swift:1", "a second")], {"Sources/A/A.swift": flow, "Sources/A/B.swift": flow})

    def test_needs_files(self):
        self.assertCannotCheck("no Swift file", {"Sources/A/A.c": ""})
