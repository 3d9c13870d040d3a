import unittest

import support  # noqa: F401 (sets the path)
from lib.swift_functions import functions, generic_types
from lib.swift_mask import mask
from lib.swift_switch import one_line_arms

# (source, [(name, first line, last line, parameters, generics)])
CASES = [
    ("func f() {}", [("f", 1, 1, 0, 0)]),
    ("func f(a: Int, b: [Int: String] = [:], _ c: (Int, Int)) -> Int {\n  1\n}", [("f", 1, 3, 3, 0)]),
    ("func f<A, B: Sequence<Int>>(_ a: A, b: (B) -> A,) where A: P,\n B: Q {\n}", [("f", 1, 3, 2, 2)]),
    ("func f(\n    a: Dictionary<Int, Int>,\n    b: Int\n)\n    async throws(E) -> Int\n{\n}", [("f", 1, 7, 2, 0)]),
    ("static func == (a: A, b: A) -> Bool { true }", [("==", 1, 1, 2, 0)]),
    ("static func < (a: A, b: A) -> Bool { true }", [("<", 1, 1, 2, 0)]),
    ("func +<T>(a: T, b: T) -> T { a }", [("+", 1, 1, 2, 1)]),
    ("protocol P {\n  func f(a: Int)\n  func g() -> Int\n  var x: Int { get }\n}",
     [("f", 2, 2, 1, 0), ("g", 3, 3, 0, 0), ("x", 4, 4, 0, 0)]),
    ("init(a: Int) {\n}\ninit?<T>(b: T) {\n}\ndeinit {\n}",
     [("init", 1, 2, 1, 0), ("init?", 3, 4, 1, 1), ("deinit", 5, 6, 0, 0)]),
    ("self.init(a: 1)\nsuper.init(b: 2)\nlet x = T.init(c: 3)", []),
    ("subscript(i: Int) -> UInt8 {\n  get { 1 }\n}", [("subscript", 1, 3, 1, 0)]),
    ("var x: Int {\n  1\n}\nvar y: Int = 3\nvar z: [Int] = [1].map { $0 }", [("x", 1, 3, 0, 0)]),
    ("func `a name { of a test`() {\n}", [("a_name___of_a_test", 1, 2, 0, 0)]),
    ("func f(a: Int = 1 < 2 ? 3 : 4, b: Int) {}", [("f", 1, 1, 2, 0)]),
    ("func f() {\n  func g() {\n  }\n  let s = \"}\"\n}", [("f", 1, 5, 0, 0), ("g", 2, 3, 0, 0)]),
    ("func f() -> Int\nvar x = 1", [("f", 1, 1, 0, 0)]),
]

# (function, how many of its lines are one-line arms)
SWITCHES = [
    ("switch a {\ncase .a: 1\ncase .b(let x): x\ndefault: 2\n}", 3),
    ("switch a {\ncase .a:\n  1\ncase .b where x[a: 1]:\n  2\n@unknown default:\n  3\n}", 6),
    ("switch a {\ncase .a:\n  1\n  2\ncase .b:\n  3\n}", 2),
    ("switch a {\ncase .a: f {\n  1\n}\ncase .b: 1\n}", 1),
    ("switch a {\ncase .a,\n  .b:\n  1\n}", 0),
    ("enum E {\n  case a\n  case b\n}", 0),
    ("if x {\n  y\n}", 0),
]


class FunctionTests(unittest.TestCase):
    def test_cases(self):
        for source, expected in CASES:
            with self.subTest(source):
                found = functions(mask(source))
                self.assertEqual(expected, [(f.name, f.first, f.last, f.parameters, f.generics) for f in found])

    def test_generic_types(self):
        source = "struct A<B, C: P<Int, Int>>: D<E> {}\nfinal class F {}\nenum G<H>{}"
        self.assertEqual([("A", 1, 2), ("G", 3, 1)], list(generic_types(source)))

    def test_one_line_arms(self):
        for source, expected in SWITCHES:
            with self.subTest(source):
                self.assertEqual(expected, one_line_arms(mask(source).splitlines()))
