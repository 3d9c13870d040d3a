// What is wrong with the files that a config names.
import MartletCoding
import MartletProxyConfig

/// Looks into all files that a config names.
enum FileInspection {
    /// All that is wrong with them, and what they are asked for in vain.
    static func inspect(_ configuration: Configuration) -> [ConfigurationFinding] {
        SecureParts.inspect(configuration) + GuardParts.inspect(configuration) + codings(configuration)
            + FolderInspection.inspect(configuration)
    }

    /// Codings that are named, and whose library is not there. Who names none gets those that there are.
    private static func codings(_ configuration: Configuration) -> [ConfigurationFinding] {
        var places = [("compression", configuration.compression)]
        for index in configuration.routesWithParts {
            guard let own = configuration.routes[index].compression ?? nil else { continue }
            places.append(("routes[\(index)].compression", own))
        }
        return places.flatMap { path, compression in
            (compression?.encodings ?? []).enumerated().filter { !Codec.isAvailable($1.coding) }.map { index, coding in
                var finding = ConfigurationFinding(
                    keyPath: "\(path).encodings[\(index)]", severity: .warning,
                    message: "nothing is compressed with \(coding.rawValue), as its library is not there",
                    hint: "install \(coding == .zstd ? "libzstd" : "libbrotlienc"), or take the coding out")
                finding.isAboutWritten = true
                return finding
            }
        }
    }
}
