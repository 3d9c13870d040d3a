// Reading a note. Only what nobody can go on without is insisted upon; all else is done without where it makes no sense.
import FoundationEssentials

extension HandoverNote {
    /// - Throws: why it cannot be read, in a few words.
    init(decoding bytes: [UInt8]) throws(InheritanceError) {
        struct Version: Decodable { var version: Int }
        let decoder = JSONDecoder()
        do {
            let version = try decoder.decode(Version.self, from: Data(bytes)).version
            if version != Self.currentVersion {
                throw InheritanceError(
                    "the process before this one writes notes of version \(version), "
                        + "and this one reads version \(Self.currentVersion): stop it, and start this one instead")
            }
            self = try decoder.decode(HandoverNote.self, from: Data(bytes))
        } catch let error as InheritanceError {
            throw error
        } catch {
            throw InheritanceError("the note of the process before this one cannot be read: \(error)")
        }
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            process: try values.decode(Int32.self, forKey: .process),
            program: try values.decode(String.self, forKey: .program),
            errors: try values.decode(Int32.self, forKey: .errors))
        version = try values.decode(Int.self, forKey: .version)
        sockets = try values.decode([Socket].self, forKey: .sockets)
        var reader = LenientReader(values: values)
        stickySecret = reader.value(.stickySecret) ?? []
        tickets = reader.list(.tickets) ?? []
        servers = reader.list(.servers) ?? []
        upgrades = max(0, reader.value(.upgrades) ?? 0)
        health = reader.list(.health) ?? []
        changes = reader.list(.changes)
        log = reader.value(.log)
        confirms = reader.value(.confirms) ?? false
        faults = reader.faults
    }
}

/// Reads what there is, and notes what makes no sense.
private struct LenientReader {
    /// An element of a list; `nil` for one that makes no sense.
    private struct Element<Value: Decodable>: Decodable {
        let value: Value?
        init(from decoder: any Decoder) { value = try? Value(from: decoder) }
    }

    let values: KeyedDecodingContainer<HandoverNote.CodingKeys>
    var faults: [String] = []

    mutating func value<Value: Decodable>(_ key: HandoverNote.CodingKeys) -> Value? {
        do {
            return try values.decodeIfPresent(Value.self, forKey: key)
        } catch {
            faults.append(key.rawValue)
            return nil
        }
    }

    mutating func list<Value: Decodable>(_ key: HandoverNote.CodingKeys) -> [Value]? {
        guard let elements: [Element<Value>] = value(key) else { return nil }
        let good = elements.compactMap(\.value)
        if good.count < elements.count { faults.append("\(elements.count - good.count) of \(key.rawValue)") }
        return good
    }
}
