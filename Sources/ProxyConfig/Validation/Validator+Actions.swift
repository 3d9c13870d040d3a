// What routes do with requests and responses.
import MartletCoding
import MartletRouting

extension Validator {
    /// A route leads to an upstream, or is answered here; and what it changes fits to that.
    mutating func checkActions(of route: RouteConfiguration, at path: String) {
        checkAction(of: route, at: path)
        checkRewrite(of: route, at: path + ".rewrite")
        checkFields(EditList(route.requestFields), at: path + ".requestFields")
        checkFields(EditList(route.responseFields), at: path + ".responseFields")
        checkVariables(of: route, at: path)
        if route.redirect != nil, route.compression != nil {
            let message = "'compression' does nothing for a route with 'redirect'"
            error(path + ".compression", message, isAboutKey: true)
        }
        checkBody(of: route, at: path + ".responseBody.replace")
        checkCompression(of: route.compression ?? nil, at: path + ".compression")
        if let respond = route.respond { checkContent(of: respond, at: path + ".respond") }
        checkTimes(of: route, at: path + ".timeouts")
        if let buffer = route.bufferRequest, buffer.upTo > configuration.limits.bufferedRequests {
            let all = SizeText.write(configuration.limits.bufferedRequests)
            error(
                path + ".bufferRequest.upTo", "all requests together may take no more than \(all)",
                hint: "raise 'limits.bufferedRequests'")
        }
        checkFiles(of: route, at: path)
    }

    private mutating func checkAction(of route: RouteConfiguration, at path: String) {
        let actions = [
            ("upstream", !route.upstream.isEmpty), ("split", route.split != nil), ("redirect", route.redirect != nil),
            ("respond", route.respond != nil), ("files", route.files != nil),
        ]
        // One that could not be read is one all the same.
        var written = actions.filter { $0.1 || !isReadable("\(path).\($0.0)") }.map(\.0)
        if written.isEmpty {
            let hint =
                "add 'upstream', or 'split' for several, or 'redirect', 'respond' or 'files' for an answer from here"
            return error(path, "this route leads nowhere", hint: hint)
        }
        // What is said of these two together, `checkTarget` says.
        if written.starts(with: ["upstream", "split"]) { written.removeFirst() }
        if written.count > 1 {
            error(
                "\(path).\(written[1])", "a route has only one of \(Quoting.list(written))", hint: "write two routes",
                isAboutKey: true)
        }
        guard route.upstreams.isEmpty, let action = written.first, action != "upstream" else { return }
        let isInVain = [
            ("rewrite", route.rewrite != nil), ("hideOrigin", route.hideOrigin != nil),
            ("responseBody", route.responseBody != nil),
            ("timeouts.response", route.timeouts.response != nil), ("timeouts.stall", route.timeouts.stall != nil),
            ("timeouts.tunnelIdle", route.timeouts.tunnelIdle != nil), ("bufferRequest", route.bufferRequest != nil),
        ]
        for (key, isThere) in isInVain where isThere {
            error("\(path).\(key)", "'\(key)' does nothing for a route with '\(action)'", isAboutKey: true)
        }
        if route.requestFields != RequestFieldsConfiguration() {
            let message = "'requestFields' does nothing for a route with '\(action)'"
            error("\(path).requestFields", message, isAboutKey: true)
        }
    }

    private mutating func checkTimes(of route: RouteConfiguration, at path: String) {
        if route.timeouts.tunnelIdle != nil && (route.upgrades ?? []).isEmpty && !route.upstreams.isEmpty {
            let message = "'tunnelIdle' does nothing for a route without 'upgrades'"
            error(path + ".tunnelIdle", message, isAboutKey: true)
        }
        guard let time = route.timeouts.response else { return }
        for name in route.upstreams {
            guard let retry = upstream(name)?.retry,
                let tryTime = retry.tryTimeout, tryTime >= time
            else { continue }
            let message = "the upstream's 'tryTimeout' of \(DurationText.write(tryTime)) is not shorter"
            warning(path + ".response", message, hint: "no other server is tried after that time")
        }
    }

    private mutating func checkRewrite(of route: RouteConfiguration, at path: String) {
        guard let rewrite = route.rewrite else { return }
        if rewrite.path != nil {
            for (key, value) in [("stripPrefix", rewrite.stripPrefix), ("addPrefix", rewrite.addPrefix)]
            where value != nil {
                error("\(path).\(key)", "'\(key)' does nothing beside 'path'", isAboutKey: true)
            }
        }
        if rewrite.regex != nil {
            for (key, value) in [
                ("stripPrefix", rewrite.stripPrefix), ("addPrefix", rewrite.addPrefix), ("path", rewrite.path),
            ] where value != nil {
                error("\(path).\(key)", "'\(key)' does nothing beside 'regex'", isAboutKey: true)
            }
        }
        if let prefix = rewrite.stripPrefix, !isWithin(prefix, route.path) {
            error(
                path + ".stripPrefix", "no path of this route begins with \(Quoting.quote(prefix))",
                hint: "the route is for \(Quoting.quote(route.path))")
        }
        let names = rewrite.query.set.map(\.name)
        for (index, name) in rewrite.query.remove.enumerated() where names.contains(name) {
            error("\(path).query.remove[\(index)]", "parameter \(Quoting.quote(name)) is set as well")
        }
    }

    /// Whether paths of a pattern can begin with a prefix.
    private func isWithin(_ prefix: String, _ pattern: String) -> Bool {
        let segments = pattern.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        let wanted = prefix.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        for (index, segment) in wanted.enumerated() {
            guard index < segments.count else { return false }
            if segments[index] == "*" && index == segments.count - 1 { return true }
            if segments[index] != "*" && !segments[index].contains("{") && segments[index] != segment { return false }
        }
        return true
    }

    // MARK: Fields

    /// The names in changes of fields, with their places.
    private struct EditList {
        var names: [(name: String, path: String)] = []
        /// Those whose key is `add` or `rename`.
        var extended: [(name: String, path: String)] = []

        init(_ fields: RequestFieldsConfiguration) {
            self.init(set: fields.set, add: fields.add, remove: fields.remove, rename: fields.rename)
        }

        init(_ fields: ResponseFieldsConfiguration) {
            self.init(set: fields.set, add: fields.add, remove: fields.remove, rename: fields.rename)
            extended = []
        }

        private init(set: [FieldTemplate], add: [FieldTemplate], remove: [String], rename: [FieldTemplate]) {
            names += set.map { ($0.name, ".set.\($0.name)") }
            names += add.map { ($0.name, ".add.\($0.name)") }
            names += remove.enumerated().map { ($1, ".remove[\($0)]") }
            names += rename.flatMap { [($0.name, ".rename.\($0.name)"), ($0.value, ".rename.\($0.name)")] }
            extended = add.map { ($0.name, ".add.\($0.name)") }
            extended += rename.flatMap { [($0.name, ".rename.\($0.name)"), ($0.value, ".rename.\($0.name)")] }
        }
    }

    private mutating func checkFields(_ list: EditList, at path: String) {
        var seen: Set<String> = []
        for (name, place) in list.names where isReadable(path + place) {
            if !seen.insert(name.lowercased()).inserted {
                error(path + place, "field \(Quoting.quote(name)) is changed twice")
            }
        }
        for (name, place) in list.extended where EditedField.forwarding.contains(name.lowercased()) {
            error(path + place, "the field \(Quoting.quote(name)) is Martlet's own", hint: "use 'set' or 'remove'")
        }
        let identity = identityFields
        for (name, place) in list.extended where identity.contains(Self.spelling(name)) {
            let message = "the field \(Quoting.quote(name)) says who a client has proved to be"
            error(path + place, message, hint: "give this one another name")
        }
    }

    // MARK: Variables

    private mutating func checkVariables(of route: RouteConfiguration, at path: String) {
        var texts: [(String, TemplateUse, String)] = []
        texts += route.requestFields.set.map { ($0.value, .requestField, ".requestFields.set.\($0.name)") }
        texts += route.requestFields.add.map { ($0.value, .requestField, ".requestFields.add.\($0.name)") }
        let response = route.responseFields.set.map { ($0.value, ".responseFields.set.\($0.name)") }
        let added = route.responseFields.add.map { ($0.value, ".responseFields.add.\($0.name)") }
        texts += (response + added).map { ($0.0, .responseField, $0.1) }
        if let rewrite = route.rewrite {
            if let template = rewrite.path { texts.append((template, .path, ".rewrite.path")) }
            if let template = rewrite.host { texts.append((template, .host, ".rewrite.host")) }
            texts += rewrite.query.set.map { ($0.value, .parameter, ".rewrite.query.set.\($0.name)") }
        }
        if let redirect = route.redirect { texts.append((redirect.to, .location, ".redirect.to")) }
        if texts.isEmpty && route.rewrite == nil { return }
        let scope = scope(of: route, at: path)
        if let regex = route.rewrite?.regex, let match = try? Expression(parsing: regex.match) {
            checkTemplate(regex.to, .path, in: scope.with(groupsOf: match), at: path + ".rewrite.regex.to")
        }
        for (text, use, place) in texts {
            checkTemplate(text, use, in: scope, at: path + place)
            guard let template = try? Template(parsing: text) else { continue }
            if template.variables.contains(.serverAddress), use == .responseField, hidesOrigin(route) {
                error(path + place, "'{server.address}' would show what 'hideOrigin' hides", hint: "turn it off here")
            }
        }
    }

    private mutating func checkTemplate(_ text: String, _ use: TemplateUse, in scope: TemplateScope, at path: String) {
        guard let template = try? Template(parsing: text) else { return }
        do throws(TemplateError) {
            try use.check(template, in: scope)
        } catch {
            self.error(path, error.message, hint: error.hint)
        }
    }

    /// What templates of a route may refer to.
    private func scope(of route: RouteConfiguration, at path: String) -> TemplateScope {
        guard isReadable(path + ".path"), isReadable(path + ".regex") else { return .unknown }
        let hasRest = route.path.hasSuffix("/*")
        if let regex = route.regex {
            return (try? Expression(parsing: regex)).map { TemplateScope(expression: $0, hasRest: hasRest) } ?? .unknown
        }
        return (try? PathPattern(parsing: route.path)).map { TemplateScope(path: $0, hasRest: hasRest) } ?? .unknown
    }

    private func hidesOrigin(_ route: RouteConfiguration) -> Bool {
        configuration.hiding(of: route, to: route.upstreams.first.flatMap { upstream($0) }) != nil
    }

    /// No text twice, and no more than there may be.
    private mutating func checkBody(of route: RouteConfiguration, at path: String) {
        guard let body = route.responseBody else { return }
        var seen: Set<String> = []
        for (index, replacement) in body.replace.enumerated() where isReadable("\(path)[\(index)].from") {
            let text = body.ignoreCase ? replacement.from.lowercased() : replacement.from
            if !seen.insert(text).inserted {
                error("\(path)[\(index)].from", "text \(Quoting.quote(replacement.from)) is replaced twice")
            }
        }
        if body.replace.count > SubstitutionTable.mostTexts {
            error(path, "\(body.replace.count) texts are more than \(SubstitutionTable.mostTexts)")
        }
    }

    /// No coding twice.
    mutating func checkCompression(of compression: CompressionConfiguration?, at path: String) {
        guard let compression else { return }
        for (index, coding) in compression.encodings.enumerated()
        where compression.encodings[..<index].contains(coding) && isReadable("\(path).encodings[\(index)]") {
            error("\(path).encodings[\(index)]", "coding \(Quoting.quote(coding.rawValue)) is there twice")
        }
    }

    private mutating func checkContent(of respond: RespondConfiguration, at path: String) {
        if respond.body != nil, respond.status == 204 || respond.status == 205 || respond.status == 304 {
            error(path + ".body", "a response with status \(respond.status) has no content")
        }
    }
}

extension Configuration {
    /// What responses of a route's servers do not show; `nil` for nothing.
    package func hiding(of route: RouteConfiguration) -> HideOriginConfiguration? {
        hiding(of: route, to: upstreams.first { $0.name == route.upstreams.first })
    }

    /// The same, for whoever has found the upstream.
    /// - Parameter upstream: the first that the route leads to.
    package func hiding(
        of route: RouteConfiguration, to upstream: UpstreamConfiguration?
    ) -> HideOriginConfiguration? {
        if let own = route.hideOrigin { return own }
        if let upstream, let own = upstream.hideOrigin { return own }
        return hideOrigin
    }
}
