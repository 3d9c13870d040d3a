// Heads as they leave: every line is put together from parts that a parser understood (RFC 9112 sections 3 to 5).

import MartletHTTPCore

extension HeadWriter {
    /// Writes a request line for the server: "METHOD SP target SP HTTP/1.1".
    ///
    /// Absolute-form becomes origin-form (RFC 9112 section 3.2.1), an empty path "/", or "*" for OPTIONS without a query
    /// (section 3.2.4).
    package mutating func requestLine(_ head: borrowing RequestHead, in arena: Span<UInt8>) {
        write(arena, head.methodName)
        write(byte: 0x20)
        switch head.form {
        case .origin, .asterisk, .authority: write(arena, head.target)
        case .absolute: originForm(head, in: arena)
        }
        write(" HTTP/1.1\r\n")
    }

    private mutating func originForm(_ head: borrowing RequestHead, in arena: Span<UInt8>) {
        if !head.path.isEmpty {
            write(arena, head.path)
        } else {
            write(byte: head.method == .options && !head.hasQuery ? 0x2A : 0x2F)
        }
        guard head.hasQuery else { return }
        write(byte: 0x3F)
        write(arena, head.query)
    }

    /// Writes "HTTP/1.1 SP status SP reason".
    ///
    /// - Parameters:
    ///   - status: 100...599.
    ///   - reason: a reason phrase from a parser, or of bytes allowed in one.
    package mutating func statusLine(_ status: Int, reason: Span<UInt8>) {
        write("HTTP/1.1 ")
        write(byte: digit(status / 100))
        write(byte: digit(status / 10))
        write(byte: digit(status))
        write(byte: 0x20)
        write(reason)
        write("\r\n")
    }

    private func digit(_ number: Int) -> UInt8 { 0x30 + UInt8(truncatingIfNeeded: number % 10) }

    /// The same with the standard reason phrase.
    package mutating func statusLine(_ status: Int) {
        statusLine(status, reason: StatusText.reason(for: status).bytes)
    }

    /// Writes the lines of `table`, except those that end at this hop, those in `dropped`, and always Content-Length and
    /// Transfer-Encoding, which `framing` writes.
    package mutating func fields(
        _ table: borrowing FieldTable, in arena: Span<UInt8>, except dropped: KnownFieldSet = []
    ) {
        _ = fields(table, in: arena, except: dropped, held: FieldNameSet(), of: FieldNameTable())
    }

    /// The same without the lines whose names are in `held`; whether there are any that may have to be written in another
    /// form: those with a number that `held.passing` has, and all without one.
    package mutating func fields(
        _ table: borrowing FieldTable, in arena: Span<UInt8>, except dropped: KnownFieldSet, held: FieldNameSet,
        of names: borrowing FieldNameTable
    ) -> Bool {
        var dropped = dropped.union(held.known)
        dropped.insert(.contentLength)
        dropped.insert(.transferEncoding)
        var isHeld = !table.present.isDisjoint(with: held.passing)
        // Lines that stand in the arena just as they are written here, which is nearly all, are copied as one run.
        var run = 0..<0
        for index in 0..<table.count {
            let line = table[index]
            if line.isHopByHop || dropped.contains(line.known) { continue }
            if line.known == .other && names.contains(line, held, in: arena) {
                isHeld = true
                continue
            }
            if let range = FieldLineText.range(of: line, in: arena) {
                if range.lowerBound == run.upperBound {
                    run = run.lowerBound..<range.upperBound
                } else {
                    write(arena.extracting(run))
                    run = range
                }
            } else {
                write(arena.extracting(run))
                run = 0..<0
                self.line(line, in: arena)
            }
        }
        write(arena.extracting(run))
        return isHeld
    }

    /// Writes `line` as it came.
    package mutating func line(_ line: FieldLine, in arena: Span<UInt8>) {
        write(arena, line.name)
        write(": ")
        write(arena, line.value)
        write("\r\n")
    }

    /// Writes a field line. The value must be of bytes allowed in one.
    package mutating func field(_ name: StaticString, _ value: Span<UInt8>) {
        write(name)
        write(": ")
        write(value)
        write("\r\n")
    }

    /// Writes a field line.
    package mutating func field(name: StaticString, value: StaticString) {
        field(name, value.bytes)
    }

    /// Writes the field that says where the content ends: none for `none` and `untilClose`.
    package mutating func framing(_ framing: ContentFraming) {
        switch framing {
        case .none, .untilClose: return
        case .chunked: write("Transfer-Encoding: chunked\r\n")
        case .length(let length): contentLength(length)
        }
    }

    /// Writes a Content-Length, for answers to HEAD and 304 without regard to their framing (RFC 9110 section 8.6).
    package mutating func contentLength(_ length: UInt64) {
        write("Content-Length: ")
        write(decimal: length)
        write("\r\n")
    }

    /// Writes the blank line.
    package mutating func endOfHead() {
        write("\r\n")
    }
}
