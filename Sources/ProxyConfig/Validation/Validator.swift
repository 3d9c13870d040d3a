// What holds between the parts of a config. What one setting may be by itself is in its table of keys.
import MartletHTTPCore

/// Checks a config as a whole: names are unique and known, addresses are used once.
struct Validator {
    /// The config, as far as it could be read.
    let configuration: Configuration
    /// The settings that could not be read, by key path.
    let failed: Set<String>
    /// Whether the file has a setting, by key path; nil for a config made in code.
    let isWritten: ((String) -> Bool)?
    /// The line on which a setting stands, by its key path.
    let line: (String) -> Int?
    /// See `identityFields(of:)`: found once, as every route is held against them.
    let identityFields: Set<String>
    /// The places of upstreams by their names: every route is held against them.
    let upstreamPlaces: [String: Int]
    /// The routes of a config in which none stood in the shadow of another one.
    var unshadowed: RouteList?
    /// The names of access rules, with where they are.
    var ruleNames: [String: String] = [:]
    /// What was found.
    private(set) var findings: [Finding] = []

    typealias Finding = ConfigurationFinding

    init(_ configuration: Configuration, failed: Set<String>, line: ((String) -> Int?)?) {
        self.configuration = configuration
        self.failed = failed
        identityFields = Self.identityFields(of: configuration)
        upstreamPlaces = Dictionary(
            configuration.upstreams.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.line = line ?? { _ in nil }
        isWritten = line.map { line in { line($0) != nil } }
    }

    /// All that is wrong.
    /// - Parameters:
    ///   - line: where the settings that are written stand; nil for a config made in code.
    ///   - unshadowed: the routes of a config in which none stood in the shadow of another one.
    static func check(
        _ configuration: Configuration, failed: Set<String> = [], line: ((String) -> Int?)? = nil,
        unshadowed: RouteList? = nil
    ) -> [Finding] {
        var validator = Validator(configuration, failed: failed, line: line)
        validator.unshadowed = unshadowed
        validator.checkRequired()
        validator.checkAccount()
        validator.checkListeners()
        validator.checkAdmin()
        validator.checkUpstreams()
        validator.checkResolvers()
        validator.checkTrust()
        validator.checkRoom()
        validator.checkModes()
        validator.checkSecurity()
        validator.checkHTTP2()
        validator.checkGuarding()
        validator.checkBrowsers()
        validator.checkCompression(of: configuration.compression, at: "compression")
        validator.checkRoutes()
        validator.checkLogs()
        validator.checkTraces()
        return validator.findings
    }

    /// Notes an error, unless the setting could not be read in the first place.
    mutating func error(_ keyPath: String, _ message: String, hint: String? = nil, isAboutKey: Bool = false) {
        guard isReadable(keyPath) else { return }
        findings.append(
            Finding(keyPath: keyPath, isAboutKey: isAboutKey, severity: .error, message: message, hint: hint))
    }

    /// Notes a warning.
    mutating func warning(_ keyPath: String, _ message: String, hint: String? = nil, isAboutKey: Bool = false) {
        guard isReadable(keyPath) else { return }
        findings.append(
            Finding(keyPath: keyPath, isAboutKey: isAboutKey, severity: .warning, message: message, hint: hint))
    }

    /// Whether a setting was read, and there is room for more findings about it.
    func isReadable(_ keyPath: @autoclosure () -> String) -> Bool {
        findings.count < ConfigurationDecoder.maximumProblems && (failed.isEmpty || !failed.contains(keyPath()))
    }

    /// The upstream with this name.
    func upstream(_ name: String) -> UpstreamConfiguration? { upstreamPlaces[name].map { configuration.upstreams[$0] } }
}
