import Testing

@testable import MartletRouting

@Suite struct ExpressionTests {
    private func groups(_ expression: String, in text: String) throws -> [String?]? {
        var memory = ExpressionMemory()
        let expression = try Expression(parsing: expression)
        guard expression.find(in: text.utf8.span, &memory) else { return nil }
        let bytes = Array(text.utf8)
        return (0...expression.groups.count).map { group in
            memory.range(of: group).map { String(decoding: bytes[$0], as: UTF8.self) }
        }
    }

    @Test(
        arguments: [
            ("^/users/([0-9]+)$", "/users/42", ["/users/42", "42"]), ("^/users/([0-9]+)$", "/users/me", nil),
            ("\\.(php|asp)$", "/a/b.php", [".php", "php"]), ("(a)|(b)", "b", ["b", nil, "b"]),
            ("(?P<id>\\d+)-(?<name>\\w+?)", "x7-abc", ["7-a", "7", "a"]), ("(?i)^/API(/.*)?", "/api", ["/api", nil]),
            ("a*?$", "aaa", ["aaa"]), ("(a*)(a*)", "aaa", ["aaa", "aaa", ""]), ("^ü[ö-ü]$", "üö", ["üö"]),
            ("(a|ab)(c|bcd)", "abcd", ["abcd", "a", "bcd"]), ("\\bx\\b", "a x b", ["x"]), ("^$", "", [""]),
        ] as [(String, String, [String?]?)])
    func findsTheMatchAndItsGroups(expression: String, text: String, expected: [String?]?) throws {
        #expect(try groups(expression, in: text) == expected)
    }

    @Test func knowsTheNamesOfItsGroups() throws {
        #expect(try Expression(parsing: "(?P<a>x)(y)(?:z)(?<b_1>w)").groups == ["a", nil, "b_1"])
    }

    /// The message begins with what was expected, for whoever has written it.
    @Test(arguments: [
        ("a(b", 1, "a `)`"), ("ab)", 2, "no `)`"), ("*a", 0, "something to repeat"), ("a|+", 2, "something to repeat"),
        ("a**", 2, "no repetition of"), ("a+{2}", 2, "no repetition of"), ("a{", 1, "a count such"),
        ("{", 0, "a count such"),
        ("/{id}", 1, "a count such"), ("a{2,1}", 1, "a count whose"), ("a{1001}", 2, "a count of at most 1000"),
        ("[a", 0, "a `]`"), ("[b-a]", 1, "a range"), ("[\\d-z]", 1, "a character before"), ("[[:no:]]", 1, "a class"),
        ("a\\", 1, "a character behind"), ("\\1", 0, "no back references"), ("x\\pL", 1, "no classes of Unicode"),
        ("\\q", 0, "an escape"), ("\\x4", 0, "a character's number"), ("\\x{D800}", 0, "a character's number"),
        ("\\x{110000}", 0, "a character's number"), ("a(?=b)", 1, "no look-ahead"), ("(?<!a)", 0, "no look-ahead"),
        ("(?<=a)", 0, "no look-ahead"), ("(?>a)", 0, "no atomic"), ("(?z)", 2, "flags among"),
        ("(?)", 2, "flags among"),
        ("(?i", 0, "a `)`"), ("(?P<1>a)", 4, "a name"), ("(?P<a>b)(?P<a>c)", 8, "another name"),
        ("((a{1000}){1000}){1000}", 0, "a smaller expression"), ("((){1000}){1000}", 0, "a smaller expression"),
    ])
    func refuses(expression: String, offset: Int, message: String) {
        #expect {
            try Expression(parsing: expression)
        } throws: { error in
            guard let error = error as? PatternError else { return false }
            return error.offset == offset && error.message.hasPrefix(message)
        }
    }

    @Test func hasBounds() throws {
        let deep = String(repeating: "(?:", count: 101) + String(repeating: ")", count: 101)
        #expect(throws: PatternError.self) { try Expression(parsing: deep) }
        let groups = String(repeating: "()", count: 33)
        #expect(throws: PatternError.self) { try Expression(parsing: groups) }
        #expect(try Expression(parsing: String(groups.dropLast(2))).groups.count == 32)
        #expect(throws: PatternError.self) { try Expression(parsing: String(repeating: "a", count: 1025)) }
        #expect(try Expression(parsing: "^[^/]{1,255}$").size < ExpressionProgram.most)
    }

    /// The classes of bytes keep the tables of usual expressions small.
    @Test func usualExpressionsHaveAnAutomaton() throws {
        for text in ["^/users/\\d+(/posts)?$", "\\.(png|jpe?g|css|js)$", "(?i)^/api/v[0-9]+/[^/]+$", "[a-z]{1,63}"] {
            let table = try #require(try Expression(parsing: text).automaton?.table)
            #expect(table.count < 4000, "\(text)")
        }
    }

    /// Doubling the text at most doubles the steps, with and without an automaton, for expressions that make engines which
    /// step back take exponential time.
    @Test(arguments: ["(a*)*b", "(a|aa)+$", "(a|a)*c", "(x+x+)+y", "^(.*?,){11}P", "(a?){20}a{20}"])
    func hostileTextsTakeLinearTime(expression: String) throws {
        let slow = try Expression(parsing: expression, hasAutomaton: false)
        var memory = ExpressionMemory()
        func steps(_ count: Int) -> Int {
            let before = memory.steps
            let text = String(repeating: "a", count: count)
            _ = slow.matches(text.utf8.span, &memory)
            return memory.steps - before
        }
        let (few, many) = (steps(4_000), steps(8_000))
        #expect(many <= 2 * few + 100)
        #expect(many <= 8_001 * 3 * slow.size)
    }

    /// The same with the places of groups, of which only those are kept that are asked for.
    @Test(arguments: ["((a*)*)b", "((a|aa)+)$", "^(.*?,){11}(P)", "(a?){20}(a{20})", "^(.*)(.*)(.*)a(.*)$"])
    func groupsTakeLinearTime(expression: String) throws {
        let slow = try Expression(parsing: expression, hasAutomaton: false)
        var memory = ExpressionMemory()
        func steps(_ count: Int) -> Int {
            let before = memory.steps
            let text = String(repeating: "a", count: count)
            _ = slow.find(in: text.utf8.span, upTo: 1, &memory)
            return memory.steps - before
        }
        let (few, many) = (steps(4_000), steps(8_000))
        #expect(many <= 2 * few + 100)
        #expect(memory.range(of: 2) == nil)
    }

    @Test func groupsOfAMebibyteAreNoTrouble() throws {
        let text = String(repeating: "a", count: 1 << 20) + "!"
        var memory = ExpressionMemory()
        for (expression, first) in [("^(a*)(!)$", 0..<1 << 20), ("(a|aa)+(!)", (1 << 20) - 1..<1 << 20)] {
            let isFound = try Expression(parsing: expression).find(in: text.utf8.span, &memory)
            #expect(isFound)
            #expect(memory.range(of: 1) == first)
            #expect(memory.range(of: 2) == 1 << 20..<(1 << 20) + 1)
        }
    }

    @Test func groupsHaveNumbersAndNames() throws {
        let expression = try Expression(parsing: "(a)(?:b)(?<c>d)(?P<e>f)")
        let found = ["0", "1", "2", "3", "4", "c", "e", "b", ""].map { expression.group($0) }
        #expect(found == [0, 1, 2, 3, nil, 2, 3, nil, nil])
    }

    @Test func aMebibyteIsNoTrouble() throws {
        let text = String(repeating: "a", count: 1 << 20) + "!"
        var memory = ExpressionMemory()
        let clock = ContinuousClock()
        let taken = try clock.measure {
            for expression in ["(a*)*b", "(a|aa)+$", "(x+x+)+y", "^(a+)+$"] {
                let expression = try Expression(parsing: expression)
                #expect(expression.automaton != nil)
                let isMatch = expression.matches(text.utf8.span, &memory)
                #expect(!isMatch)
            }
        }
        // Milliseconds when optimised; what steps back would take longer than the world has stood.
        #expect(taken < .seconds(60))
    }

    /// `(a|b)*a(a|b){n}` has an automaton of two to the n states: it is not made, and the answer is the same.
    @Test func whatIsTooLargeForAnAutomatonStillMatches() throws {
        let expression = try Expression(parsing: "^(a|b)*a(a|b){14}$")
        #expect(expression.automaton == nil)
        var memory = ExpressionMemory()
        for (letter, expected) in [("a", true), ("b", false)] {
            let text = "bb" + letter + String(repeating: "b", count: 14)
            let isMatch = expression.matches(text.utf8.span, &memory)
            #expect(isMatch == expected)
        }
        #expect(memory.range(of: 0) == nil)
    }

    @Test func bytesThatAreNoTextMatchOnlyWhatNamesNone() throws {
        var memory = ExpressionMemory()
        let bytes: [UInt8] = [0x61, 0xFF, 0x62, 0xED, 0xA0, 0x80]
        for (text, isMatch) in [("a", true), ("^a.", false), ("b$", false), ("[^x]$", false), ("a[^x]b", false)] {
            let expression = try Expression(parsing: text)
            let matches = expression.matches(bytes.span, &memory)
            #expect(matches == isMatch, "\(text)")
            let isFound = expression.find(in: bytes.span, &memory)
            #expect(isFound == isMatch, "\(text)")
        }
    }

    @Test func knowsWhatMatchesBeginWith() throws {
        for (text, prefix) in [
            ("^/users/[0-9]+", "/users/"), ("/users/", ""), ("^(?:/a/b)c*", "/a/b"), ("^/a/|^/b/", ""),
            ("(?i)^/users/", "/"), ("\\A(/a)?", ""), ("^/a\\.b/", "/a.b/"), ("^/ü/", "/"),
        ] {
            #expect(try Expression(parsing: text).prefix == Array(prefix.utf8), "\(text)")
        }
    }
}
