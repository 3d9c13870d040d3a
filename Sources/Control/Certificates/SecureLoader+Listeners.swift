// TLS for clients, from its files.
import MartletProxyConfig
import MartletTLS

extension SecureLoader {
    /// TLS of the listener at `index` of the config.
    mutating func load(
        _ tls: ListenerTLSConfiguration, of listener: ListenerConfiguration, index: Int, at keyPath: String
    ) {
        let first = parts.files.count
        let certificates = ListenerCertificates(listener.label, files: tls.certificates.count)
        var isGood = loadCertificates(tls, into: certificates, at: keyPath)
        var settings = TLSServerSettings(tls)
        settings.protocols = protocols(of: listener)
        if let clients = tls.clientCertificates {
            settings.clients = noting { () throws(FileProblem) in
                try TLSClientVerification(clients, keyPath: keyPath + ".clientCertificates")
            }
            isGood = isGood && settings.clients != nil
        }
        if let tickets = tls.tickets {
            settings.tickets = loadTickets(tickets, at: keyPath + ".tickets")
            isGood = isGood && settings.tickets != nil
        }
        if let ca = tls.acme?.ca {
            isGood =
                noting({ () throws(FileProblem) in try Self.checkRoots(ca, at: keyPath + ".acme.ca") }) != nil && isGood
        }
        guard isGood, let context = makeContext(settings, certificates, at: keyPath) else { return }
        watchClients(tls.clientCertificates, context, at: keyPath + ".clientCertificates")
        parts.listeners[index] = ListenerSecurity(
            context: context, settings: settings, certificates: certificates,
            fetching: tls.certificates.indices.filter { tls.certificates[$0].ocsp == .fetch },
            stapled: tls.certificates.indices.filter { tls.certificates[$0].ocsp.isFile }, acme: tls.acme,
            files: Array(parts.files[first...]))
    }

    /// What clients may choose from (ALPN), the best first.
    private func protocols(of listener: ListenerConfiguration) -> [String] {
        switch listener.mode {
        // What is spoken without HTTP is not known.
        case .tcp: []
        case .http: listener.http2 != nil ? ["h2", "http/1.1"] : ["http/1.1"]
        }
    }

    private mutating func loadCertificates(
        _ tls: ListenerTLSConfiguration, into certificates: ListenerCertificates, at keyPath: String
    ) -> Bool {
        var isGood = true
        for (index, entry) in tls.certificates.enumerated() {
            let place = "\(keyPath).certificates[\(index)]"
            let files = IdentityFiles(entry, keyPath: place)
            let watched = WatchedFiles("certificate", files.paths) { () throws(FileProblem) in
                let identity = try files.load()
                certificates.setFile(index, identity, try files.staple(of: identity, now: WallClock.seconds))
            }
            guard noting({ () throws(FileProblem) in try watched.load() }) != nil,
                let identity = certificates.file(index)
            else {
                isGood = false
                continue
            }
            parts.files.append(watched)
            judge(Lifetime(identity), at: place + ".certificate")
            if entry.ocsp == .fetch { judgeFetching(identity, at: place + ".ocsp") }
        }
        return isGood
    }

    private mutating func judgeFetching(_ identity: TLSIdentity, at keyPath: String) {
        if identity.ocspURL == nil {
            warn("the certificate names no service that could be asked", hint: "remove it", at: keyPath)
        } else if identity.chain.count < 2 {
            warn(
                "the file of the certificate lacks that of the authority that issued it, which it takes to ask",
                hint: "add it to the file", at: keyPath)
        }
    }

    /// The roots are read by the one that speaks to the authority, whenever it does.
    private static func checkRoots(_ path: String, at keyPath: String) throws(FileProblem) {
        let roots = try FileBytes.read(path, for: keyPath)
        _ = try FileProblem.attempt(path, for: keyPath) { () throws(TLSError) in try TLSPin.pins(inPEM: roots) }
    }

    private mutating func loadTickets(_ tickets: TicketsConfiguration, at keyPath: String) -> TLSTicketKeys? {
        guard !tickets.keys.isEmpty else {
            return TLSTicketKeys(rotateEverySeconds: Int(tickets.rotate.components.seconds))
        }
        let files = TicketFiles(paths: tickets.keys, keyPath: keyPath + ".keys")
        // Before the files are read, so that no change goes unseen.
        let stamps = WatchedFiles("ticket keys", files.paths) { () throws(FileProblem) in }
        guard let keys = noting({ () throws(FileProblem) in try files.keys() }) else { return nil }
        parts.files.append(
            stamps.loading { () throws(FileProblem) in try files.load(into: keys) })
        return keys
    }

    private mutating func makeContext(
        _ settings: TLSServerSettings, _ certificates: ListenerCertificates, at keyPath: String
    ) -> TLSServerContext? {
        let (identities, keyLog) = (certificates.identities, keyLog)
        let suspects: [(String, (inout TLSServerSettings) -> Void)] = [
            ("ciphers", { $0.ciphers = [] }), ("groups", { $0.groups = [] }),
            ("clientCertificates.crl", { $0.clients?.revocations = nil }),
            ("clientCertificates.ca", { $0.clients = nil }),
        ]
        return noting { () throws(FileProblem) in
            try Self.make(settings, at: keyPath, suspects: suspects) { settings throws(TLSError) in
                try TLSServerContext(settings, identities: identities, keyLog: keyLog)
            }
        }
    }

    private mutating func watchClients(
        _ clients: ClientCertificatesConfiguration?, _ context: TLSServerContext, at keyPath: String
    ) {
        guard let clients else { return }
        let paths = [clients.ca, clients.crl].compactMap(\.self)
        parts.files.append(
            WatchedFiles("authorities of clients", paths) { () throws(FileProblem) in
                let verification = try TLSClientVerification(clients, keyPath: keyPath)
                try FileProblem.attempt(clients.ca, for: keyPath + ".ca") { () throws(TLSError) in
                    try context.replaceClientVerification(verification)
                }
            })
    }
}

extension OCSPSource {
    fileprivate var isFile: Bool {
        switch self {
        case .path: true
        case .off, .fetch: false
        }
    }
}

/// Files with the keys of tickets.
struct TicketFiles: Sendable {
    let paths: [String]
    let keyPath: String

    /// The keys in them.
    func keys() throws(FileProblem) -> TLSTicketKeys {
        let contents = try read()
        return try FileProblem.attempt(paths.joined(separator: ", "), for: keyPath) { () throws(TLSError) in
            try TLSTicketKeys(files: contents)
        }
    }

    /// Puts the keys in them into force.
    func load(into keys: TLSTicketKeys) throws(FileProblem) {
        let contents = try read()
        try FileProblem.attempt(paths.joined(separator: ", "), for: keyPath) { () throws(TLSError) in
            try keys.replace(files: contents)
        }
    }

    /// What is in the files, each of which is good by itself.
    private func read() throws(FileProblem) -> [[UInt8]] {
        var contents: [[UInt8]] = []
        for (index, path) in paths.enumerated() {
            let place = "\(keyPath)[\(index)]"
            let content = try FileBytes.read(path, for: place)
            _ = try FileProblem.attempt(path, for: place) { () throws(TLSError) in try TLSTicketKeys(files: [content]) }
            contents.append(content)
        }
        return contents
    }
}

extension TLSServerSettings {
    /// What needs no files.
    fileprivate init(_ tls: ListenerTLSConfiguration) {
        self.init()
        minimum = TLSVersion(tls.minVersion)
        maximum = TLSVersion(tls.maxVersion)
        ciphers = tls.ciphers
        groups = tls.groups
    }
}

extension TLSClientVerification {
    fileprivate init(_ clients: ClientCertificatesConfiguration, keyPath: String) throws(FileProblem) {
        let authorities = try FileBytes.read(clients.ca, for: keyPath + ".ca")
        var revocations: [UInt8]?
        if let crl = clients.crl { revocations = try FileBytes.read(crl, for: keyPath + ".crl") }
        self.init(
            isRequired: clients.mode == .require, authorities: authorities, revocations: revocations,
            allowedNames: clients.names)
    }
}
