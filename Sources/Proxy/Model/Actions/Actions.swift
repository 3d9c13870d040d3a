// What loops do for a route: plain numbers, places in the lists of an `ActionTable`. Copying them counts no references.
import MartletCoding
import MartletHTTPCore
import MartletRouting

/// Where the value of a part of a template comes from.
enum PartKind: UInt8, BitwiseCopyable, Sendable {
    case text, clientAddress, clientPort, requestID, method, host, path, query, uri, scheme
    case tlsSubject, tlsVersion, tlsServerName, serverAddress, upstream, rest, field, cookie, parameter
    /// A segment of the path: `TemplatePart.text.start` tells which.
    case segment
    /// A group of an expression: `TemplatePart.text.start` is its place among those that were found for the request.
    case group
    /// The origin of the page that asks, if the route's policy lets it.
    case allowedOrigin
    /// What was kept of the request for its response: `TemplatePart.text.start` tells which of the values.
    case kept

    /// Whether it is gone when the response comes.
    var isOfRequest: Bool {
        switch self {
        case .method, .host, .path, .query, .uri, .rest, .field, .cookie, .parameter, .segment, .group, .allowedOrigin:
            true
        case .text, .clientAddress, .clientPort, .requestID, .scheme, .tlsSubject, .tlsVersion, .tlsServerName,
            .serverAddress, .upstream, .kept:
            false
        }
    }
}

/// A piece of a template.
struct TemplatePart: BitwiseCopyable, Sendable, Equatable {
    var kind: PartKind
    var coding = TemplateCoding.field
    /// The field, if it has a number.
    var known = KnownField.other
    /// The text, or the name of a field (in lower case), a cookie or a parameter: a slice of `ActionTable.text`.
    var text = ByteRange()
}

/// A field line, or a parameter of a query, to be written.
struct FieldStep: BitwiseCopyable, Sendable {
    /// "Name: ", or "name=".
    var name: ByteRange
    /// Places in `ActionTable.parts`.
    var value: ByteRange
}

/// A field that gets another name.
struct FieldRename: BitwiseCopyable, Sendable {
    var from: FieldNameSet
    /// "Name: ".
    var to: ByteRange
}

/// What is done with requests of a route.
struct RequestActions: BitwiseCopyable, Sendable {
    /// Fields whose lines do not pass as they came.
    var held = FieldNameSet()
    /// Fields of Martlet's own that it does not write.
    var unwritten = KnownFieldSet()
    /// Places in `ActionTable.steps` and `renames`.
    var steps = ByteRange()
    var renames = ByteRange()
    /// What is kept for the response: places in `ActionTable.parts`.
    var kept = ByteRange()
    /// What is read of them before a server is chosen.
    var buffering = RequestBuffering()
    /// What requests may take: a place in `ActionTable.limits`; 0 for what all may.
    var limits: UInt32 = 0
    /// What is allowed to pages of other sites: a place in `ActionTable.policies`, 0 for nothing said. Where it depends on who
    /// asks, the first of `kept` is the origin.
    var policy: UInt32 = 0
    /// How many segments of the path stand before `{rest}`.
    var depth: UInt32 = 0
    var path = PathAction.keep
    /// Slices of `ActionTable.text`: the prefixes.
    var stripped = ByteRange()
    var added = ByteRange()
    /// The path, places in `ActionTable.parts`.
    var template = ByteRange()
    /// Places in `ActionTable.parameters` and `steps`.
    var removedParameters = ByteRange()
    var setParameters = ByteRange()
    /// The value of Host, a slice of `ActionTable.text`; empty for the client's.
    var host = ByteRange()
    /// Servers are not asked for codings that we cannot undo.
    var restrictsCodings = false
    /// A place in `ActionTable.answers`; -1 if a server is asked.
    var answer: Int32 = -1
    /// What has to be looked at first, as clients choose parts of it: a place in `ActionTable.captures`; -1 for nothing.
    var captures: Int32 = -1

    /// Whether the query changes.
    var editsQuery: Bool { !removedParameters.isEmpty || !setParameters.isEmpty }
    /// Whether the request's target changes.
    var editsTarget: Bool { path != .keep || editsQuery }
}

/// What becomes of a path.
enum PathAction: UInt8, BitwiseCopyable, Sendable {
    case keep, prefix, template
    /// As `template` if the expression has matched, else as `keep`.
    case replacement
}

/// What is done with responses of a route.
struct ResponseActions: BitwiseCopyable, Sendable {
    /// Fields whose lines do not pass as they came.
    var held = FieldNameSet()
    /// Those of them that do not pass at all.
    var gone = FieldNameSet()
    /// Whether any of what follows puts fields in.
    var addsFields = false
    var steps = ByteRange()
    /// Lines that are there unless the server has sent their fields: places in `ActionTable.defaults`.
    var defaults = ByteRange()
    /// Those fields which the server may have sent.
    var defaultNames = FieldNameSet()
    /// As in `RequestActions`.
    var policy: UInt32 = 0
    var renames = ByteRange()
    /// The way back of paths, a place in `ActionTable.maps`.
    var map: UInt32 = 0
    var rewritesReferences = false
    var leaks = LeakMode.off
    var replacesErrors = false
    var replaced = StatusSet()
    /// How content is compressed, a place in `ActionTable.codings`; -1 for not at all.
    var coding: Int16 = -1
    /// What is replaced in content, a place in `ActionTable.bodies`; -1 for nothing.
    var body: Int16 = -1
}

/// An answer of Martlet's own.
struct RouteAnswer: Sendable {
    var status: Int
    /// Where to, places in `ActionTable.parts`; empty for none.
    var location = ByteRange()
    /// It begins with "//", and so with a host.
    var leadsElsewhere = false
    /// It needs a host to lead to.
    var needsHost = false
    /// The value of Content-Type; empty for none.
    var contentType = ByteRange()
    var content: [UInt8] = []
    /// The same compressed, if that is wanted.
    var coded: [CodedAnswer] = []
    /// It is a file: a place in the model's sites. -1 for none, and then nothing else of this counts.
    var site: Int32 = -1
}
