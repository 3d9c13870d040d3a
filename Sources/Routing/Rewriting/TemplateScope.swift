// What templates of a route may refer to.

/// What a route has that its templates may name.
package struct TemplateScope: Sendable, Equatable {
    /// The route's path ends with `/*`.
    package var hasRest = true
    /// The names of segments in the route's path; `nil` where they are not known.
    package var segments: [String]?
    /// The groups of the expression that has matched, from group 1 on, `nil` for one without a name. Empty with
    /// `hasExpression` where it has none; `nil` where that is not known.
    package var groups: [String?]?
    /// There is an expression.
    package var hasExpression = true
    /// The route is for what an expression matches, and not for a path.
    private var isForExpression = false

    /// Nothing is known: whatever might be there is.
    package static let unknown = TemplateScope()

    private init() {}

    /// What a route for `path` has.
    package init(path: PathPattern, hasRest: Bool) {
        self.hasRest = hasRest
        segments = path.names.map(\.name)
        groups = []
        hasExpression = false
    }

    /// What a route for the paths that `expression` matches has.
    package init(expression: Expression, hasRest: Bool) {
        self.hasRest = hasRest
        segments = []
        groups = expression.groups
        isForExpression = true
    }

    /// The same with the groups of another expression.
    package func with(groupsOf expression: Expression) -> TemplateScope {
        var scope = self
        scope.groups = expression.groups
        scope.hasExpression = true
        return scope
    }

    /// Why a variable may not stand in a template of this route, and what may.
    func complaint(_ variable: TemplateVariable) -> (message: String, hint: String?)? {
        switch variable {
        case .rest where !hasRest: ("the route's path has no '/*' at its end, which '{rest}' stands for", nil)
        case .segment(let name): complaint(segment: name)
        case .group(let name): complaint(group: name)
        default: nil
        }
    }

    private func complaint(segment name: String) -> (message: String, hint: String?)? {
        guard let segments, !segments.contains(name) else { return nil }
        let message = "no segment of the route's path is called '\(name)'"
        if isForExpression { return (message, "the route has 'regex', whose groups are '{match.1}' and so on") }
        if segments.isEmpty { return (message, "give one that name, as in /users/{\(name)}/*") }
        return (message, "there is " + Self.list(segments.map { "'{path.\($0)}'" }))
    }

    private func complaint(group name: String) -> (message: String, hint: String?)? {
        guard let groups else { return nil }
        if !hasExpression { return ("this route has no 'regex' that '{match.\(name)}' could be of", nil) }
        if let number = Int(name) {
            if number <= groups.count { return nil }
        } else if groups.contains(name) {
            return nil
        }
        let names = groups.enumerated().map { $1 ?? "\($0 + 1)" }
        let message = "the expression has no group '\(name)'"
        return (message, "there is " + Self.list((["0"] + names).map { "'{match.\($0)}'" }))
    }

    private static func list(_ names: [String]) -> String {
        if names.count < 2 { return names.joined() }
        return names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
    }
}
