// What templates have of paths: segments with names, and groups of expressions.
import MartletHTTPCore
import MartletRouting

/// Parts of a path, and of what they make, of which clients choose the text.
struct CaptureActions: Sendable {
    /// The route's expression, if its groups are wanted, and up to which one.
    private(set) var expression: Expression?
    private(set) var lastGroup = 0
    /// The expression whose match decides whether the path is replaced. Its groups stand behind those of the other one.
    private(set) var replaced: Expression?
    private(set) var lastReplacedGroup = 0
    /// Values stand in the path that a request gets: it must not lead upwards.
    var checksPath = false
    /// The value of Host, places in `ActionTable.parts`: it must be a host.
    var host = ByteRange()

    /// What the templates of a route ask for, but for its replacement of paths.
    init(_ plan: RoutePlan) {
        guard let expression = plan.expression else { return }
        guard let last = plan.templates.compactMap({ $0.lastGroup(of: expression) }).max() else { return }
        self.expression = expression
        lastGroup = last
    }

    /// Where the groups of `replaced` begin.
    var firstReplaced: Int { expression == nil ? 0 : lastGroup + 1 }

    /// Whether there is anything to be done.
    var isEmpty: Bool { expression == nil && replaced == nil && !checksPath && host.isEmpty }

    mutating func replace(_ replacement: PathReplacement) {
        replaced = replacement.match
        lastReplacedGroup = replacement.path.lastGroup(of: replacement.match) ?? 0
        checksPath = replacement.path.hasChosenParts
    }
}

/// What `{match.…}` stands for.
struct GroupScope {
    let expression: Expression?
    /// Where its groups begin among those that are found for a request.
    let first: Int

    /// Makes `part` the group called `name`; nothing if there is none, as in a config that is made in code.
    func place(_ name: String, in part: inout TemplatePart) {
        guard let number = expression?.group(name) else { return }
        part.kind = .group
        part.text = ByteRange(start: UInt32(first + number), count: 0)
    }
}

extension Template {
    /// The last group of `expression` in it; `nil` if there is none.
    fileprivate func lastGroup(of expression: Expression) -> Int? {
        variables.compactMap { if case .group(let name) = $0 { expression.group(name) } else { nil } }.max()
    }

    /// Whether there is more in it than what has been a path before.
    var hasChosenParts: Bool { variables.contains { $0 != .path && $0 != .rest } }
}

extension RoutePlan {
    /// All templates in which `{match.…}` is of the route's expression.
    fileprivate var templates: [Template] {
        var all = (request.set + request.add + response.set + response.add).map(\.value)
        if let rewrite {
            all += rewrite.setParameters.map(\.value)
            all += [rewrite.path, rewrite.host].compactMap { $0 }
        }
        if case .redirect(let location, _) = answer { all.append(location) }
        return all
    }

    /// Makes `part` the segment called `name`; nothing if there is none, as in a config that is made in code.
    func place(segment name: String, in part: inout TemplatePart) {
        guard let segment = segments.first(where: { $0.name == name }) else { return }
        part.kind = .segment
        part.text = ByteRange(start: UInt32(segment.segment), count: 0)
    }
}
