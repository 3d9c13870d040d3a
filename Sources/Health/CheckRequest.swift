// What an HTTP check sends.
import MartletBalancing

/// Writes requests.
enum CheckRequest {
    /// The request as bytes.
    /// - Parameter host: what Host says if the check does not say it.
    static func bytes(_ check: HTTPCheck, host: String) -> [UInt8] {
        var text = "\(check.method) \(check.path) HTTP/1.1\r\nHost: \(check.host ?? host)\r\n"
        if !check.fields.contains(where: { $0.name.lowercased() == "user-agent" }) { text += "User-Agent: martlet\r\n" }
        for field in check.fields { text += "\(field.name): \(field.value)\r\n" }
        // RFC 9110 section 8.6: a method for which content means something says that there is none.
        if ["POST", "PUT", "PATCH"].contains(check.method) { text += "Content-Length: 0\r\n" }
        text += "Connection: close\r\n\r\n"
        return Array(text.utf8)
    }
}
