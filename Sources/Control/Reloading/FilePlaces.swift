// Where the entries of folders stand that a path goes through.
import FoundationEssentials

/// Entries of folders.
enum FilePlaces {
    struct Place: Hashable {
        let folder: String
        let name: String
    }

    /// The most symbolic links that are followed, as the kernel has it.
    private static let mostLinks = 40

    /// The entry that a path names, and those that the links lead to which it goes through: replacing any of them may change
    /// the file.
    static func all(of path: String) -> [Place] {
        var places: [Place] = []
        var open = [path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path]
        while let next = open.popLast(), places.count < mostLinks {
            // Each prefix of the path may be a link; its own entry comes first.
            let parts = next.split(separator: "/")
            for count in stride(from: parts.count, to: 0, by: -1) {
                let folder = "/" + parts[..<(count - 1)].joined(separator: "/")
                let entry = folder == "/" ? "/\(parts[count - 1])" : "\(folder)/\(parts[count - 1])"
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: entry)
                if count == parts.count || target != nil {
                    places.append(Place(folder: folder, name: String(parts[count - 1])))
                }
                guard let target else { continue }
                let rest = parts[count...].map { "/" + $0 }.joined()
                open.append((target.hasPrefix("/") ? target : folder + "/" + target) + rest)
                break
            }
        }
        return places
    }
}
