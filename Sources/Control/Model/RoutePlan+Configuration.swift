// From what the user wrote of a route to what it does.
import MartletProxy
import MartletProxyConfig
import MartletRouting

extension RoutePlan {
    /// All but its place (`setPlace`).
    init(_ route: RouteConfiguration, in context: RouteContext) {
        self = context.common
        request = FieldPlan(route.requestFields)
        response = FieldPlan(route.responseFields)
        rewrite = route.rewrite.map { RewritePlan($0) }
        answer = AnswerPlan(route)
        hiding = context.hiding(of: route)
        body = route.responseBody.map { BodyPlan($0) }
        if let own = route.compression { compression = own.map { CompressionPlan($0) } }
        if let own = route.secureHeaders { secure = own.map { SecureFields($0) } }
        if let own = route.cors { crossOrigin = own.map { CrossOriginPlan($0) } }
        limits = RouteLimits(of: route, in: context)
        if let buffer = route.bufferRequest, answer == nil {
            buffering.limit = buffer.upTo
            buffering.refusesLarger = buffer.beyond == .refuse
        }
    }

    /// What templates may refer to: what the route is called, and the paths that it is for.
    mutating func setPlace(of rule: RouteRule, _ name: String) {
        self.name = name
        switch rule.path {
        case .expression(let expression):
            self.expression = expression
            prefix = ""
        case .pattern(let pattern):
            depth = pattern.segments.count
            segments = pattern.names
            prefix = pattern.writtenPrefix
        }
    }

    /// What is done where there is no route.
    init(common configuration: Configuration) {
        self.init()
        secure = configuration.secureHeaders.map { SecureFields($0) }
        crossOrigin = configuration.cors.map { CrossOriginPlan($0) }
    }
}

extension CrossOriginPlan {
    fileprivate init(_ cors: CORSConfiguration) {
        self.init(origins: cors.origins)
        methods = cors.methods
        headers = cors.headers
        exposed = cors.exposeHeaders
        takesCredentials = cors.credentials
        maxAge = Int(cors.maxAge.components.seconds)
        takesPrivateNetwork = cors.privateNetwork
    }
}

extension SecureFields {
    fileprivate init(_ headers: SecureHeadersConfiguration) {
        let level: Level =
            switch headers.level {
            case .basic: .basic
            case .strict: .strict
            }
        self.init(level)
        replaces = headers.override
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

extension BodyPlan {
    fileprivate init(_ body: ResponseBodyConfiguration) {
        self.init()
        replacements = body.replace.map { Replacement(from: $0.from, to: Template($0.to), once: $0.once) }
        types = body.types
        ignoresCase = body.ignoreCase
        maxRatio = body.maxRatio
    }
}

extension CompressionPlan {
    init(_ compression: CompressionConfiguration) {
        self.init()
        codings = compression.encodings.map(\.coding)
        types = compression.types
        leastBytes = compression.minBytes
        gzipLevel = compression.gzipLevel
        zstdLevel = compression.zstdLevel
        brotliLevel = compression.brotliLevel
    }
}

extension HidingPlan {
    init(_ hiding: HideOriginConfiguration) {
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
