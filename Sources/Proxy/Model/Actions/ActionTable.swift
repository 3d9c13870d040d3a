// All that routes do, compiled: what a request needs of it lies side by side in a few lists.
import MartletCoding
import MartletHTTPCore
import MartletRouting

/// What all routes do.
package struct ActionTable: Sendable {
    /// Texts and names.
    private(set) var text: [UInt8] = []
    private var places: [String: ByteRange] = [:]
    private(set) var names = FieldNameTable()
    private(set) var parts: [TemplatePart] = []
    private(set) var steps: [FieldStep] = []
    private(set) var renames: [FieldRename] = []
    /// Names of parameters: slices of `text`.
    private(set) var parameters: [ByteRange] = []
    private(set) var maps: [PrefixMap] = [PrefixMap()]
    private(set) var defaults: [DefaultLine] = []
    /// The first is of no route.
    private(set) var limits: [RouteLimits] = [RouteLimits(ProxySettings())]
    /// The first is none.
    private(set) var policies: [CrossOriginPolicy] = [CrossOriginPolicy()]
    private(set) var origins: [AllowedOrigin] = []
    private(set) var answers: [RouteAnswer] = []
    private(set) var captures: [CaptureActions] = []
    private(set) var codings: [CodingActions] = []
    private var codingPlans: [CompressionPlan] = []
    private(set) var mediaTypes = MediaTypeTable()
    private(set) var bodies: [BodyActions] = []
    /// By the places that routes refer to. Those of the first are for requests that no route was found for: they do nothing, or what all routes
    /// do that say nothing else.
    private(set) var requests: [RequestActions] = [RequestActions()]
    private(set) var responses: [ResponseActions] = [ResponseActions()]
    /// What they are made from: each stands before its place.
    private(set) var plans: [RoutePlan] = []
    /// The places of plans that several routes may have.
    private var shared: [Int] = []
    /// How many plans are compared with one.
    private static let mostLooks = 16
    /// Whether any template has `{tls.sni}`.
    private(set) var usesServerNames = false

    package init() {}

    /// Puts in what is done where no route was found: of `plan`, what it says of responses.
    package mutating func setCommon(_ plan: RoutePlan) {
        var kept: [TemplatePart] = []
        requests[0].policy = insert(plan.crossOrigin, keeping: &kept)
        responses[0] = response(of: plan, requests[0].policy, keeping: &kept)
        requests[0].kept = append(kept)
    }

    /// Puts in what a route does, or finds another one that does the same; its place.
    /// - Parameter setPlace: says what the route is called and which paths it is for. Plans that do not depend on it are there without.
    package mutating func insertShared(_ plan: RoutePlan, _ setPlace: (inout RoutePlan) -> Void) -> Int {
        if plan.dependsOnPlace {
            var plan = plan
            setPlace(&plan)
            return insert(plan)
        }
        if let known = shared.suffix(Self.mostLooks).last(where: { plans[$0 - 1] == plan }) { return known }
        shared.append(insert(plan))
        return requests.count - 1
    }

    /// The place of a plan that is there already, if that is soon found.
    func find(_ plan: RoutePlan) -> Int? {
        plans.prefix(Self.mostLooks).firstIndex(of: plan).map { $0 + 1 }
    }

    /// Puts in what a route does; its place.
    package mutating func insert(_ plan: RoutePlan) -> Int {
        var request = RequestActions()
        request.depth = UInt32(plan.depth)
        request.buffering = plan.buffering
        if let own = plan.limits {
            request.limits = UInt32(limits.count)
            limits.append(own)
        }
        insert(plan.request, of: plan, into: &request)
        var captures = CaptureActions(plan)
        if let rewrite = plan.rewrite { insert(rewrite, of: plan, into: &request, &captures) }
        if !captures.isEmpty {
            request.captures = Int32(self.captures.count)
            self.captures.append(captures)
        }
        let coding = plan.compression.map { insert($0) } ?? -1
        if let answer = plan.answer { insert(answer, of: plan, coding: coding, into: &request) }
        var kept: [TemplatePart] = []
        request.policy = insert(plan.crossOrigin, keeping: &kept)
        var response = response(of: plan, request.policy, keeping: &kept)
        response.coding = Int16(coding)
        if let body = plan.body {
            response.body = Int16(insert(body, of: plan, keeping: &kept))
            request.restrictsCodings = true
        }
        request.kept = append(kept)
        requests.append(request)
        responses.append(response)
        plans.append(plan)
        return requests.count - 1
    }

    /// Forgets what is needed only while routes are put in.
    package mutating func close() {
        places = [:]
        codingPlans = []
        shared = []
    }

    /// Puts in how responses are compressed, once for all routes that do the same. Its place.
    private mutating func insert(_ plan: CompressionPlan) -> Int {
        if let place = codingPlans.firstIndex(of: plan) { return place }
        codingPlans.append(plan)
        codings.append(CodingActions(plan, types: mediaTypes.insert(plan.types)))
        return codings.count - 1
    }

    // MARK: Requests

    private mutating func insert(_ fields: FieldPlan, of plan: RoutePlan, into request: inout RequestActions) {
        request.held = names.insert(fields.touched, aliases: true)
        for name in fields.set.map(\.name) + fields.remove {
            request.unwritten.insert(KnownField(token: name.utf8.span))
        }
        request.unwritten.remove(.other)
        request.steps = append((fields.set + fields.add).map { step($0.name + ": ", $0.value, .requestField, plan) })
        request.renames = append(fields.rename)
    }

    private mutating func insert(
        _ rewrite: RewritePlan, of plan: RoutePlan, into request: inout RequestActions,
        _ captures: inout CaptureActions
    ) {
        if let replacement = rewrite.replacement {
            request.path = .replacement
            captures.replace(replacement)
            let groups = GroupScope(expression: replacement.match, first: captures.firstReplaced)
            request.template = append(compiled(replacement.path, .path, plan, groups))
        } else if let path = rewrite.path {
            request.path = .template
            captures.checksPath = path.hasChosenParts
            request.template = append(compiled(path, .path, plan))
        } else if !rewrite.stripPrefix.isEmpty || !rewrite.addPrefix.isEmpty {
            request.path = .prefix
            request.stripped = append(rewrite.stripPrefix)
            request.added = append(rewrite.addPrefix)
        }
        let first = parameters.count
        for name in rewrite.removeParameters + rewrite.setParameters.map(\.name) { parameters.append(append(name)) }
        request.removedParameters = ByteRange(from: first, to: parameters.count)
        request.setParameters = append(
            rewrite.setParameters.map { step(PercentEncoding.encoded($0.name) + "=", $0.value, .parameter, plan) })
        guard let host = rewrite.host else { return }
        if case .text(let text)? = host.parts.first, host.parts.count == 1 {
            request.host = append(text)
        } else {
            captures.host = append(compiled(host, .host, plan))
        }
    }

    private mutating func insert(
        _ plan: AnswerPlan, of route: RoutePlan, coding: Int, into request: inout RequestActions
    ) {
        var answer: RouteAnswer
        switch plan {
        case .redirect(let location, let status):
            answer = RouteAnswer(status: status)
            answer.location = append(compiled(location, .location, route))
            if case .text(let text)? = location.parts.first { answer.leadsElsewhere = text.hasPrefix("//") }
            answer.needsHost = location.variables.contains(.host)
        case .content(let status, let contentType, let content):
            answer = RouteAnswer(status: status, content: content)
            answer.contentType = append(contentType)
            if coding >= 0 && content.count >= codings[coding].leastBytes
                && mediaTypes.contains(contentType.utf8.span, codings[coding].types)
            {
                answer.coded = CodedAnswer.all(content, codings[coding].offers)
            }
        case .files(let site):
            answer = RouteAnswer(status: 200)
            answer.site = Int32(site)
        }
        request.answer = Int32(answers.count)
        answers.append(answer)
    }

    // MARK: Responses

    /// Fields that may refer to a server.
    private static let references = ["Location", "Content-Location", "Refresh", "Link", "Set-Cookie"]

    private mutating func response(
        of plan: RoutePlan, _ policy: UInt32, keeping kept: inout [TemplatePart]
    ) -> ResponseActions {
        var response = ResponseActions()
        response.policy = policy
        let hidden = plan.answer == nil ? plan.hiding : nil
        let secure = secureLines(of: plan)
        var gone = plan.response.touched + (hidden?.fields ?? [])
        if plan.secure?.replaces == true { gone += secure.map(\.name) }
        if plan.crossOrigin != nil { gone += CrossOriginPlan.fields }
        let references = hidden?.rewritesReferences == true ? Self.references : []
        // Whoever keeps responses has to know that they depend on who asks: that is said in one line with what the server says.
        let joined = plan.crossOrigin?.isForAll == false ? ["Vary"] : []
        response.gone = names.insert(gone)
        let held = gone + references + joined
        response.held = names.insert(held)
        let passing = held.filter { name in !gone.contains { $0.lowercased() == name.lowercased() } }
        response.held.passing = KnownFieldSet()
        for name in passing + plan.response.rename.map(\.from) {
            response.held.passing.insert(KnownField(token: name.utf8.span))
        }
        response.held.passing.remove(.other)
        var steps: [FieldStep] = []
        for (name, value) in plan.response.set + plan.response.add {
            let parts = compiled(value, .responseField, plan).map { keep($0, in: &kept) }
            steps.append(FieldStep(name: append(name + ": "), value: append(parts)))
        }
        response.steps = append(steps)
        response.renames = append(plan.response.rename)
        insert(secure, besides: gone, into: &response)
        response.addsFields = !response.steps.isEmpty || !response.defaults.isEmpty || policy != 0
        guard let hidden else { return response }
        response.rewritesReferences = hidden.rewritesReferences
        response.leaks = hidden.leaks
        response.replaced = hidden.replaced
        response.replacesErrors = hidden.replaced != StatusSet()
        if hidden.rewritesReferences, let map = plan.rewrite?.wayBack(from: plan) {
            response.map = UInt32(maps.count)
            maps.append(map)
        }
        return response
    }

    /// Puts in what is allowed to pages of other sites; its place.
    private mutating func insert(_ plan: CrossOriginPlan?, keeping kept: inout [TemplatePart]) -> UInt32 {
        guard let plan else { return 0 }
        var policy = CrossOriginPolicy()
        policy.isForAll = plan.isForAll
        if !plan.isForAll { kept.append(TemplatePart(kind: .allowedOrigin)) }
        policy.origins = ByteRange(from: origins.count, to: origins.count + plan.origins.count)
        for origin in plan.origins { insert(origin: origin) }
        policy.answerLines = append(plan.answerLines)
        policy.preflightLines = append(plan.preflightLines)
        policy.takesAnyMethod = plan.methods.contains("*")
        policy.takesAnyField = plan.headers.contains("*")
        policy.takesPrivateNetwork = plan.takesPrivateNetwork
        policies.append(policy)
        return UInt32(policies.count - 1)
    }

    private mutating func insert(origin: String) {
        guard let star = origin.firstRange(of: "://*.") else {
            return origins.append(AllowedOrigin(start: append(origin)))
        }
        let host = origin[star.upperBound...]
        let start = append(String(origin[..<star.lowerBound]) + "://")
        origins.append(AllowedOrigin(start: start, end: append("." + host)))
    }

    /// The secure fields that the route does not see to by itself.
    private func secureLines(of plan: RoutePlan) -> [(name: String, value: String, kind: SecureFields.Kind)] {
        let own = Set((plan.response.touched + plan.response.add.map(\.name)).map { $0.lowercased() })
        return (plan.secure?.fields ?? []).filter { !own.contains($0.name.lowercased()) }
    }

    /// - Parameter gone: names of fields that do not pass, so that it does not count whether servers have sent them.
    private mutating func insert(
        _ lines: [(name: String, value: String, kind: SecureFields.Kind)], besides gone: [String],
        into response: inout ResponseActions
    ) {
        let gone = Set(gone.map { $0.lowercased() })
        response.defaults = ByteRange(from: defaults.count, to: defaults.count + lines.count)
        for (name, value, kind) in lines {
            let set = names.insert(gone.contains(name.lowercased()) ? [] : [name])
            defaults.append(DefaultLine(name: set, line: append("\(name): \(value)\r\n"), kind: kind))
        }
        response.defaultNames = names.insert(lines.map(\.name))
    }

    /// What is gone when the response comes is kept, each value once.
    private func keep(_ part: TemplatePart, in kept: inout [TemplatePart]) -> TemplatePart {
        if !part.kind.isOfRequest { return part }
        let place = kept.firstIndex(of: part) ?? kept.count
        if place == kept.count { kept.append(part) }
        return TemplatePart(kind: .kept, text: ByteRange(start: UInt32(place), count: 0))
    }

    private mutating func insert(
        _ body: BodyPlan, of plan: RoutePlan, keeping kept: inout [TemplatePart]
    ) -> Int {
        var templates: [ByteRange] = []
        if body.replacements.contains(where: { !$0.to.variables.isEmpty }) {
            for replacement in body.replacements {
                let parts = compiled(replacement.to, .content, plan).map { keep($0, in: &kept) }
                templates.append(append(parts))
            }
        }
        bodies.append(BodyActions(body, types: mediaTypes.insert(body.types), templates: templates))
        return bodies.count - 1
    }

    // MARK: Templates

    private mutating func step(
        _ name: String, _ value: Template, _ use: TemplateUse, _ plan: RoutePlan
    ) -> FieldStep {
        let name = append(name)
        return FieldStep(name: name, value: append(compiled(value, use, plan)))
    }

    /// - Parameter groups: what `{match.…}` is of; without it, the route's expression.
    private mutating func compiled(
        _ template: Template, _ use: TemplateUse, _ plan: RoutePlan, _ groups: GroupScope? = nil
    ) -> [TemplatePart] {
        let groups = groups ?? GroupScope(expression: plan.expression, first: 0)
        return compiled(template, use, plan, in: groups)
    }

    private mutating func compiled(
        _ template: Template, _ use: TemplateUse, _ plan: RoutePlan, in groups: GroupScope
    ) -> [TemplatePart] {
        template.parts.map { part in
            switch part {
            case .text(let text):
                // Texts of URLs are written as they are; of a parameter, the value is.
                return TemplatePart(kind: .text, text: append(use == .parameter ? PercentEncoding.encoded(text) : text))
            case .variable(let variable):
                var part = TemplatePart(kind: .text)
                part.coding = use.coding(of: variable)
                if case .group(let name) = variable {
                    groups.place(name, in: &part)
                } else {
                    place(variable, in: &part, plan)
                }
                return part
            }
        }
    }

    private mutating func place(_ variable: TemplateVariable, in part: inout TemplatePart, _ plan: RoutePlan) {
        switch variable {
        case .clientAddress: part.kind = .clientAddress
        case .clientPort: part.kind = .clientPort
        case .requestID: part.kind = .requestID
        case .method: part.kind = .method
        case .host: part.kind = .host
        case .path: part.kind = .path
        case .query: part.kind = .query
        case .uri: part.kind = .uri
        case .scheme: part.kind = .scheme
        case .tlsSubject: part.kind = .tlsSubject
        case .tlsVersion: part.kind = .tlsVersion
        case .tlsServerName:
            part.kind = .tlsServerName
            usesServerNames = true
        case .serverAddress: part.kind = .serverAddress
        case .rest: part.kind = .rest
        case .route: part.text = append(part.coding == .field ? plan.name : PercentEncoding.encoded(plan.name))
        case .upstream: part.kind = .upstream
        case .segment(let name): plan.place(segment: name, in: &part)
        case .group: preconditionFailure("groups are of a scope")
        case .field(let name):
            part.kind = .field
            part.known = KnownField(token: name.utf8.span)
            part.text = append(name)
        case .cookie(let name): (part.kind, part.text) = (.cookie, append(name))
        case .parameter(let name): (part.kind, part.text) = (.parameter, append(name))
        }
    }

    // MARK: Lists

    /// Each text is there once, so that parts that are alike are the same.
    private mutating func append(_ string: String) -> ByteRange {
        if let known = places[string] { return known }
        let range = ByteRange(from: text.count, to: text.count + string.utf8.count)
        text += Array(string.utf8)
        places[string] = range
        return range
    }

    private mutating func append(_ list: [TemplatePart]) -> ByteRange {
        parts += list
        return ByteRange(from: parts.count - list.count, to: parts.count)
    }

    private mutating func append(_ list: [FieldStep]) -> ByteRange {
        steps += list
        return ByteRange(from: steps.count - list.count, to: steps.count)
    }

    private mutating func append(_ list: [(from: String, to: String)]) -> ByteRange {
        for (from, to) in list {
            let name = names.insert([from])
            renames.append(FieldRename(from: name, to: append(to + ": ")))
        }
        return ByteRange(from: renames.count - list.count, to: renames.count)
    }

    /// Writes a slice of the texts.
    @inline(__always)
    func write(_ slice: ByteRange, into writer: inout HeadWriter) {
        writer.write(text.span, slice)
    }
}

extension RewritePlan {
    /// From servers' paths to clients', where that can be told: where one prefix takes the place of another.
    func wayBack(from plan: RoutePlan) -> PrefixMap? {
        guard let path else { return PrefixMap(inner: addPrefix, outer: stripPrefix) }
        guard let outer = plan.prefix, path.parts.count == 2, path.parts[1] == .variable(.rest),
            case .text(let text) = path.parts[0], text.hasSuffix("/")
        else { return nil }
        return PrefixMap(inner: String(text.dropLast()), outer: outer)
    }
}
