// What another service has said of a request, and what becomes of that.
import MartletProxy
import MartletProxyConfig

/// What an answer means.
enum ForwardOutcome: Sendable {
    /// The request is let in.
    case pass(AdmissionPass, mayBeKept: Bool)
    /// The client is given this answer.
    case answer(LocalAnswer, status: Int, hasCookies: Bool)
    /// The service was of no use.
    case failed(String)
    /// The same, in a way that lets nobody in.
    case unusable(String)
}

/// Reads answers. They come from outside as much as requests do.
struct ForwardAnswers: Sendable {
    /// The most bytes of fields that are taken from an answer, and the most lines.
    private static let longest = 8_192
    private static let most = 64

    private let copied: [String]
    private let userField: String?

    init(_ configuration: ForwardAuthConfiguration) {
        userField = configuration.userField
        copied = configuration.copyFields + (configuration.userField.map { [$0] } ?? [])
    }

    func read(_ answer: ServiceAnswer) -> ForwardOutcome {
        switch answer.status {
        case 200...299: return pass(answer)
        // A client that has asked for no such thing would not know what to do with it.
        case 304: return .unusable("the service answered 304")
        case 300...499: return refusal(answer)
        default: return .failed("the service answered \(answer.status)")
        }
    }

    // MARK: Let in

    private func pass(_ answer: ServiceAnswer) -> ForwardOutcome {
        var fields: [(name: String, value: String)] = []
        var names: Set<String> = []
        for name in copied where names.insert(name.lowercased()).inserted {
            for value in values(of: name, in: answer) { fields.append((name, value)) }
        }
        let cookies = values(of: "set-cookie", in: answer).map { (name: "Set-Cookie", value: $0) }
        if isTooLarge(fields + cookies) { return .unusable("the service's fields are too large") }
        let user = userField.flatMap { values(of: $0, in: answer).first } ?? ""
        let isStorable = !values(of: "cache-control", in: answer).contains { $0.lowercased().contains("no-store") }
        let pass = AdmissionPass(user: user, fields: fields, answerFields: cookies)
        return .pass(pass, mayBeKept: isStorable && cookies.isEmpty)
    }

    private func values(of name: String, in answer: ServiceAnswer) -> [String] {
        let wanted = name.lowercased()
        return answer.fields.filter { $0.name.lowercased() == wanted && Self.isPlain($0.value) }.map(\.value)
    }

    // MARK: Refused

    /// Fields that are Martlet's to write, or were about the service's connection and content alone.
    private static let left: Set<String> = [
        "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authentication-info", "te",
        "trailer",
        "transfer-encoding", "upgrade", "content-length", "date", "server", "via", "alt-svc", "cache-control",
        "strict-transport-security", "content-type", "accept-ranges", "etag", "last-modified", "expires", "age",
    ]

    private func refusal(_ answer: ServiceAnswer) -> ForwardOutcome {
        let nominated = Set(
            values(of: "connection", in: answer).flatMap { $0.lowercased().split(separator: ",") }
                .map { String($0.drop { $0 == " " }.prefix { $0 != " " }) })
        var fields = answer.fields.filter { field in
            let name = field.name.lowercased()
            return Self.isName(field.name) && Self.isPlain(field.value) && !Self.left.contains(name)
                && !nominated.contains(name)
        }
        let hasCookies = fields.contains { $0.name.lowercased() == "set-cookie" }
        var type = values(of: "content-type", in: answer).first ?? ""
        if answer.content?.isEmpty ?? true {
            // The fields that tell of content would tell of none.
            type = ""
            fields.removeAll { $0.name.lowercased().hasPrefix("content-") }
        }
        if isTooLarge(fields) || type.utf8.count > 256 { return .unusable("the service's fields are too large") }
        var local = LocalAnswer(status: answer.status, contentType: type, content: answer.content ?? [])
        local.lines = fields.flatMap { Array("\($0.name): \($0.value)\r\n".utf8) }
        return .answer(local, status: answer.status, hasCookies: hasCookies)
    }

    private func isTooLarge(_ fields: [(name: String, value: String)]) -> Bool {
        fields.count > Self.most
            || fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 } > Self.longest
    }

    /// Nothing in it ends a line.
    private static func isPlain(_ value: String) -> Bool {
        value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
