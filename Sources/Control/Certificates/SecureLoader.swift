// From the config's files to contexts, noting everything that is wrong.
import MartletProxyConfig
import MartletTLS

/// Loads TLS of one part of a config after the other.
struct SecureLoader {
    let keyLog: TLSKeyLog?
    /// In seconds since 1970.
    let now: Int64
    var parts = SecureParts()
    private(set) var findings: [ConfigurationFinding] = []

    init(keyLog: TLSKeyLog?, now: Int64) {
        self.keyLog = keyLog
        self.now = now
    }

    /// The result of `body`; what it finds wrong is noted.
    mutating func noting<Result>(_ body: () throws(FileProblem) -> Result) -> Result? {
        do throws(FileProblem) {
            return try body()
        } catch {
            findings.append(error.finding)
            return nil
        }
    }

    /// Notes what is odd about a certificate.
    mutating func judge(_ lifetime: Lifetime, at keyPath: String) {
        let message: String
        switch lifetime.state(at: now) {
        case .good: return
        case .notYetValid: message = "the certificate is not valid before \(TimeText.date(lifetime.notBefore))"
        case .expiresSoon: message = "the certificate expires in \(TimeText.span(lifetime.notAfter - now))"
        case .expired: message = "the certificate has expired on \(TimeText.date(lifetime.notAfter))"
        }
        warn(message, at: keyPath)
    }

    /// Notes what is odd.
    mutating func warn(_ message: String, hint: String? = nil, at keyPath: String) {
        findings.append(ConfigurationFinding(keyPath: keyPath, severity: .warning, message: message, hint: hint))
    }

    /// What `make` makes of `settings`. When it cannot, the setting that is at fault is the first of the suspects without
    /// which it can.
    static func make<Settings, Context>(
        _ settings: Settings, at keyPath: String, suspects: [(key: String, without: (inout Settings) -> Void)],
        _ make: (Settings) throws(TLSError) -> Context
    ) throws(FileProblem) -> Context {
        do throws(TLSError) {
            return try make(settings)
        } catch {
            for suspect in suspects {
                var changed = settings
                suspect.without(&changed)
                if (try? make(changed)) != nil { throw FileProblem("\(keyPath).\(suspect.key)", error.message) }
            }
            throw FileProblem(keyPath, error.message)
        }
    }
}

extension TLSVersion {
    init(_ name: TLSVersionName) {
        self =
            switch name {
            case .v12: .v12
            case .v13: .v13
            }
    }
}
