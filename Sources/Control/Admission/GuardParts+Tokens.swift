// What takes tokens, with its keys.
import MartletProxyConfig

extension GuardParts {
    /// A file with keys, and how they are read from it.
    private struct KeyFile: Sendable {
        let path: String
        let keyPath: String
        let read: @Sendable ([UInt8]) throws(ServiceFailure) -> TokenKeys

        func load() throws(FileProblem) -> TokenKeys {
            let bytes = try FileBytes.read(path, for: keyPath)
            do throws(ServiceFailure) {
                return try read(bytes)
            } catch {
                throw FileProblem(keyPath, "'\(path)' is of no use: \(error.reason)")
            }
        }
    }

    mutating func load(_ jwt: JWTAuthConfiguration, at path: String) throws(FileProblem) {
        let files = Self.keyFiles(jwt, at: path)
        let watches = files.map { WatchedFiles("keys of tokens", [$0.path]) {} }
        var keys: [TokenKeys] = []
        for file in files { keys.append(try file.load()) }
        let ring = KeyRing(keys)
        for (index, file) in files.enumerated() {
            watch(
                watches[index].loading { () throws(FileProblem) in ring.replace(file: index, try file.load()) })
        }
        add(TokenDesk(jwt, ring, fetcher: try fetcher(jwt, ring, at: path)))
    }

    private static func keyFiles(_ jwt: JWTAuthConfiguration, at path: String) -> [KeyFile] {
        var files: [KeyFile] = []
        if let secret = jwt.secretFile {
            let algorithms = jwt.algorithms
            files.append(
                KeyFile(path: secret, keyPath: path + ".secretFile") { bytes throws(ServiceFailure) in
                    try TokenKeys.secret(bytes, for: algorithms)
                })
        }
        for (index, file) in jwt.keyFiles.enumerated() {
            files.append(
                KeyFile(path: file, keyPath: "\(path).keyFiles[\(index)]") { bytes throws(ServiceFailure) in
                    try TokenKeys.pem(bytes)
                })
        }
        if let file = jwt.jwksFile {
            files.append(
                KeyFile(path: file, keyPath: path + ".jwksFile") { bytes throws(ServiceFailure) in
                    try TokenKeys.set(bytes)
                })
        }
        return files
    }

    private mutating func fetcher(
        _ jwt: JWTAuthConfiguration, _ ring: KeyRing, at path: String
    ) throws(FileProblem) -> KeyFetcher? {
        guard let url = jwt.jwksURL else { return nil }
        let watched = jwt.jwksCA.map { WatchedFiles("authorities of a service", [$0]) {} }
        let client = { @Sendable () throws(FileProblem) in
            try Self.client(jwt.jwksCA, path + ".jwksCA", connections: 1)
        }
        let fetcher = KeyFetcher(
            url, try client(), interval: jwt.jwksInterval, complaints: complaints, ring: ring)
        if let watched { watch(watched.loading { () throws(FileProblem) in fetcher.replace(try client()) }) }
        return fetcher
    }
}
