// What Yams says, in words for people who do not know YAML by heart.
import Yams

extension SyntaxError {
    /// The error that Yams threw for `source`.
    init(_ error: any Error, in source: SourceText) {
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            self = SyntaxError.positioned(context, problem, mark, in: source)
        case .reader(let problem, _, _, _): self = SyntaxError(message: "this is not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let names, let context): self = .duplicate(names.first ?? "", at: context.mark)
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded, nil:
            self = SyntaxError(message: "the YAML parser failed: \(Quoting.clean("\(error)"))")
        }
    }

    private static func positioned(
        _ context: YamlError.Context?, _ problem: String, _ mark: Yams.Mark, in source: SourceText
    ) -> SyntaxError {
        let text = (context?.text ?? "").trimmed
        if text.contains("expected a single document") {
            let hint = "keep one, without a line '---' between them"
            return SyntaxError(message: "the file has more than one YAML document", hint: hint, place: place(mark))
        }
        if problem.contains("unexpected end of stream"), let context, text.contains("quoted scalar") {
            return SyntaxError(message: "this quote is never closed", place: place(context.mark))
        }
        if problem.contains("nesting level") { return .tooDeep(at: place(mark)) }
        let character = source.rest(line: mark.line, column: mark.column)?.first
        let hint = hint(problem: problem, context: text, character: character)
        var message = "this is not valid YAML: \(problem)"
        if !text.isEmpty { message += " \(text)" }
        if let context, context.mark.line != mark.line, !text.isEmpty {
            message += " that began on line \(context.mark.line)"
        }
        return SyntaxError(message: message, hint: hint, place: place(mark))
    }

    private static func place(_ mark: Yams.Mark) -> Place { Place(line: mark.line, column: mark.column, length: 1) }

    /// What to do about it, for the slips that are made again and again.
    private static func hint(problem: String, context: String, character: Unicode.Scalar?) -> String? {
        if character == "\t" { return "indent with spaces, not with tabs" }
        if problem.contains("undefined alias") {
            return "no anchor of that name stands above it; a text that begins with '*' must be in quotes"
        }
        if context.contains("alias") {
            return "a text that begins with '*' must be in quotes, such as \"*.example.com\""
        }
        if context.contains("anchor") { return "a text that begins with '&' must be in quotes" }
        if problem.contains("cannot start any token") { return "put the text in quotes" }
        if problem.contains("mapping values are not allowed") {
            return "check the indentation, or put a text that has a colon in quotes"
        }
        if problem.contains("could not find expected ':'") { return "a key is followed by a colon and a space" }
        if problem.contains("expected node content"), character == ":" {
            return "an IPv6 address must be in quotes, such as \"[::1]:8080\""
        }
        if context.contains("parsing a flow") { return "a bracket is not closed, or a comma is missing" }
        if problem.contains("did not find expected") { return "check the indentation of this line and of those above" }
        return nil
    }
}

extension String {
    /// Without spaces at either end.
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
