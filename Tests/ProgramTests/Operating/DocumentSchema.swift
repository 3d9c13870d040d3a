// Holding answers against the schemas of the API's document, by the parts of JSON Schema that it uses.
import Foundation

struct DocumentSchema {
    /// Those with names of their own.
    let schemas: [String: Any]

    /// What is wrong with a value, and where.
    func faults(_ value: Any, _ schema: [String: Any], at place: String = "$") -> [String] {
        if let reference = schema["$ref"] as? String {
            guard let named = schemas[String(reference.split(separator: "/").last ?? "")] as? [String: Any] else {
                return ["\(place): \(reference) leads nowhere"]
            }
            return faults(value, named, at: place)
        }
        if let choices = schema["anyOf"] as? [[String: Any]] {
            return choices.contains { faults(value, $0).isEmpty } ? [] : ["\(place): \(value) is none of these"]
        }
        switch schema["type"] as? String {
        case nil: return []
        case "object": return object(value, schema, place)
        case "array":
            guard let elements = value as? [Any] else { return ["\(place): no array"] }
            let each = schema["items"] as? [String: Any] ?? [:]
            return elements.enumerated().flatMap { faults($1, each, at: "\(place)[\($0)]") }
        case "string": return string(value, schema, place)
        case "boolean": return isBoolean(value) ? [] : ["\(place): \(value) is neither true nor false"]
        case "null": return value is NSNull ? [] : ["\(place): not null"]
        case "integer", "number": return number(value, schema, place)
        case let other?: return ["\(place): this test does not know \(other)"]
        }
    }

    private func object(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
        guard let members = value as? [String: Any] else { return ["\(place): no object"] }
        let known = schema["properties"] as? [String: [String: Any]] ?? [:]
        var all = (schema["required"] as? [String] ?? []).filter { members[$0] == nil }.map { "\(place): no \($0)" }
        for (name, member) in members {
            if let own = known[name] ?? schema["additionalProperties"] as? [String: Any] {
                all += faults(member, own, at: "\(place).\(name)")
            } else {
                all.append("\(place): \(name) is not in the schema")
            }
        }
        return all
    }

    private func string(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
        guard let text = value as? String else { return ["\(place): \(value) is no text"] }
        if let words = schema["enum"] as? [String], !words.contains(text) {
            return ["\(place): '\(text)' is none of \(words)"]
        }
        let length = text.unicodeScalars.count
        let isFitting = length >= schema["minLength"] as? Int ?? 0 && length <= schema["maxLength"] as? Int ?? .max
        return isFitting ? [] : ["\(place): \(length) characters"]
    }

    private func number(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
        guard let number = value as? NSNumber, !isBoolean(value) else { return ["\(place): \(value) is no number"] }
        if schema["type"] as? String == "integer", number.doubleValue != number.doubleValue.rounded() {
            return ["\(place): \(number) is not whole"]
        }
        let isFitting =
            number.doubleValue >= (schema["minimum"] as? NSNumber)?.doubleValue ?? -.infinity
            && number.doubleValue <= (schema["maximum"] as? NSNumber)?.doubleValue ?? .infinity
        return isFitting ? [] : ["\(place): \(number) is out of its range"]
    }

    /// Foundation has true and false as numbers of a kind of their own.
    private func isBoolean(_ value: Any) -> Bool {
        type(of: value) == Bool.self || "\(type(of: value))".contains("Boolean")
    }
}
