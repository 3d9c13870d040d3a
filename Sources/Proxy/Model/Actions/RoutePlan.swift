// What routes do with requests and responses, as a config has it. `ActionTable` is what loops use of it.
import MartletHTTPCore
import MartletRouting

/// What a route does, besides leading somewhere.
package struct RoutePlan: Sendable, Equatable {
    /// What `{route}` stands for.
    package var name = ""
    /// How many segments of the path stand before what `{rest}` stands for.
    package var depth = 0
    /// What those segments are, as a path without "/" at its end; `nil` if they are not the same for all requests.
    package var prefix: String?
    /// The segments of its path that have names.
    package var segments: [PathPattern.Name] = []
    /// What its paths are matched by, if not by a pattern.
    package var expression: Expression?
    package var request = FieldPlan()
    package var response = FieldPlan()
    package var rewrite: RewritePlan?
    /// What Martlet answers itself; without it a server is asked.
    package var answer: AnswerPlan?
    /// What responses of servers must not show; `nil` for nothing.
    package var hiding: HidingPlan?
    /// What browsers are told to be careful about; `nil` for nothing.
    package var secure: SecureFields?
    /// Which pages of other sites may ask, and see the answers; without it servers say that.
    package var crossOrigin: CrossOriginPlan?
    /// What its requests may take; `nil` for what all may.
    package var limits: RouteLimits?
    /// What is read of its requests before a server is chosen.
    package var buffering = RequestBuffering()
    /// How responses are compressed; `nil` for not at all.
    package var compression: CompressionPlan?
    /// What is replaced in the content of servers' responses; `nil` for nothing.
    package var body: BodyPlan?

    package init() {}
}

/// Changes of a head's fields. Each name is in one of them only.
package struct FieldPlan: Sendable, Equatable {
    /// In the place of what was there.
    package var set: [(name: String, value: Template)] = []
    /// Besides what was there.
    package var add: [(name: String, value: Template)] = []
    package var remove: [String] = []
    package var rename: [(from: String, to: String)] = []

    package init() {}

    /// Names whose lines do not stay as they came.
    var touched: [String] { self.set.map(\.name) + remove + rename.flatMap { [$0.from, $0.to] } }

    package static func == (left: FieldPlan, right: FieldPlan) -> Bool {
        left.set.elementsEqual(right.set) { $0.name == $1.name && $0.value == $1.value }
            && left.add.elementsEqual(right.add) { $0.name == $1.name && $0.value == $1.value }
            && left.remove == right.remove
            && left.rename.elementsEqual(right.rename) { $0.from == $1.from && $0.to == $1.to }
    }

    fileprivate var dependsOnPlace: Bool {
        self.set.contains { $0.value.dependsOnPlace } || add.contains { $0.value.dependsOnPlace }
    }
}

extension RoutePlan {
    /// Whether something of it is not the same for two routes that differ in their names and paths alone.
    var dependsOnPlace: Bool {
        rewrite != nil || answer != nil || request.dependsOnPlace || response.dependsOnPlace
            || body?.replacements.contains { $0.to.dependsOnPlace } ?? false
    }
}

extension Template {
    fileprivate var dependsOnPlace: Bool {
        variables.contains { variable in
            switch variable {
            case .route, .rest, .segment, .group: true
            default: false
            }
        }
    }
}

/// Changes of a request's target and host.
package struct RewritePlan: Sendable, Equatable {
    /// Paths without "/" at their end, or empty.
    package var stripPrefix = ""
    package var addPrefix = ""
    /// The whole path; the two above do nothing then.
    package var path: Template?
    /// The whole path where an expression matches the request's; the three above do nothing then.
    package var replacement: PathReplacement?
    package var setParameters: [(name: String, value: Template)] = []
    package var removeParameters: [String] = []
    /// The value of Host.
    package var host: Template?

    package init() {}

    package static func == (left: RewritePlan, right: RewritePlan) -> Bool {
        left.stripPrefix == right.stripPrefix && left.addPrefix == right.addPrefix && left.path == right.path
            && left.replacement == right.replacement && left.removeParameters == right.removeParameters
            && left.setParameters.elementsEqual(right.setParameters) { $0.name == $1.name && $0.value == $1.value }
            && left.host == right.host
    }
}

/// What takes the place of paths that an expression matches.
package struct PathReplacement: Sendable, Equatable {
    package let match: Expression
    /// In which `{match.…}` stands for groups of `match`.
    package let path: Template

    package init(match: Expression, path: Template) {
        self.match = match
        self.path = path
    }
}

/// An answer of Martlet's own.
package enum AnswerPlan: Sendable, Equatable {
    case redirect(to: Template, status: Int)
    case content(status: Int, contentType: String, [UInt8])
    /// Files of a folder: a place in the model's sites.
    case files(site: Int)
}

/// What responses of servers must not show.
package struct HidingPlan: Sendable, Equatable {
    /// Fields that are left out.
    package var fields: [String] = []
    /// References to servers' own addresses become such as clients can use.
    package var rewritesReferences = true
    /// The statuses whose content is replaced by a page of Martlet's own.
    package var replaced = StatusSet()
    package var leaks = LeakMode.count

    package init() {}
}

/// What becomes of responses that show a server's address all the same.
package enum LeakMode: UInt8, Sendable, BitwiseCopyable {
    /// Nobody looks.
    case off
    /// They are counted.
    case count
    /// The same, and the access log names the field.
    case log
    /// The same, and the client gets 502 instead.
    case block
}
