// Which texts of responses' content are replaced, as a config has it and as loops use it.
import MartletCoding
import MartletHTTPCore
import MartletRouting

/// What is replaced in the content of a route's responses.
package struct BodyPlan: Sendable, Equatable {
    /// A text, and what takes its place.
    package struct Replacement: Sendable, Equatable {
        package let from: String
        package let to: Template
        /// Only the first of a response.
        package let once: Bool

        package init(from: String, to: Template, once: Bool) {
            self.from = from
            self.to = to
            self.once = once
        }
    }

    package var replacements: [Replacement] = []
    /// The types of content in which texts are replaced.
    package var types: [String] = []
    /// Letters A to Z are the same in either case.
    package var ignoresCase = false
    /// How many times as long as what came decoded content may be.
    package var maxRatio = 200

    package init() {}
}

/// The same for loops.
struct BodyActions: Sendable {
    /// What takes the texts' places holds where nothing depends on the request.
    let rules: SubstitutionRules
    /// What takes their places as templates, each some places in `ActionTable.parts`; none where nothing depends on the request.
    let templates: [ByteRange]
    /// A list of `ActionTable.mediaTypes`.
    let types: ByteRange
    let maxRatio: Int

    init(_ plan: BodyPlan, types: ByteRange, templates: [ByteRange]) {
        let table = SubstitutionTable(
            plan.replacements.map { Array($0.from.utf8) }, once: plan.replacements.map(\.once),
            ignoresCase: plan.ignoresCase)
        var texts = SubstituteTexts()
        for replacement in plan.replacements {
            var text = ""
            for case .text(let part) in replacement.to.parts { text += part }
            texts.append(text.utf8.span)
        }
        rules = SubstitutionRules(table, texts)
        self.templates = templates
        self.types = types
        maxRatio = plan.maxRatio
    }
}
