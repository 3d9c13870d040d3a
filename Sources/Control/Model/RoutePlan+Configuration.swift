// From what the user wrote of a route to what it does.
import MartletProxy
import MartletProxyConfig
import MartletRouting

extension RoutePlan {
    /// - Parameter name: what the route is called.
    init(_ route: RouteConfiguration, _ name: String, in configuration: Configuration) {
        self.init()
        self.name = name
        let segments = route.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        let front = segments.last == "*" ? segments.dropLast() : segments[...]
        depth = front.count
        if !front.contains(where: { $0 == "*" || $0.contains("{") }) { prefix = front.map { "/" + $0 }.joined() }
        if let regex = route.regex {
            expression = try? Expression(parsing: regex)
        } else {
            self.segments = (try? PathPattern(parsing: route.path))?.names ?? []
        }
        request = FieldPlan(route.requestFields)
        response = FieldPlan(route.responseFields)
        rewrite = route.rewrite.map { RewritePlan($0) }
        answer = AnswerPlan(route)
        hiding = configuration.hiding(of: route).map { HidingPlan($0) }
    }
}

extension Template {
    /// A template of the config, which has been found to be one; as text if it is made in code and is none.
    fileprivate init(_ text: String) {
        do throws(TemplateError) {
            try self.init(parsing: text)
        } catch {
            self.init(literal: text)
        }
    }
}

extension FieldPlan {
    fileprivate init(_ fields: RequestFieldsConfiguration) {
        self.init()
        set = fields.set.map { ($0.name, Template($0.value)) }
        add = fields.add.map { ($0.name, Template($0.value)) }
        remove = fields.remove
        rename = fields.rename.map { ($0.name, $0.value) }
    }

    fileprivate init(_ fields: ResponseFieldsConfiguration) {
        self.init()
        set = fields.set.map { ($0.name, Template($0.value)) }
        add = fields.add.map { ($0.name, Template($0.value)) }
        remove = fields.remove
        rename = fields.rename.map { ($0.name, $0.value) }
    }
}

extension RewritePlan {
    fileprivate init(_ rewrite: RewriteConfiguration) {
        self.init()
        stripPrefix = rewrite.stripPrefix ?? ""
        addPrefix = rewrite.addPrefix ?? ""
        path = rewrite.path.map { Template($0) }
        replacement = rewrite.regex.flatMap { regex in
            (try? Expression(parsing: regex.match)).map { PathReplacement(match: $0, path: Template(regex.to)) }
        }
        setParameters = rewrite.query.set.map { ($0.name, Template($0.value)) }
        removeParameters = rewrite.query.remove
        host = rewrite.host.map { Template($0) }
    }
}

extension AnswerPlan {
    /// `nil` for a route to an upstream.
    fileprivate init?(_ route: RouteConfiguration) {
        if let redirect = route.redirect {
            self = .redirect(to: Template(redirect.to), status: redirect.status)
        } else if let respond = route.respond {
            let contentType = respond.body == nil ? "" : respond.contentType
            self = .content(status: respond.status, contentType: contentType, Array((respond.body ?? "").utf8))
        } else {
            return nil
        }
    }
}

extension HidingPlan {
    fileprivate init(_ hiding: HideOriginConfiguration) {
        self.init()
        fields = hiding.fields
        rewritesReferences = hiding.references
        replaced = StatusSet(hiding.replaceErrors.flatMap(Array.init))
        leaks =
            switch hiding.leaks {
            case .off: .off
            case .count: .count
            case .log: .log
            case .block: .block
            }
    }
}
