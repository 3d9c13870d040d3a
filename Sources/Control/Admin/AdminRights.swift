// Who may ask what of the admin listener.
import Crypto
import MartletProxy
import MartletProxyConfig

/// Decides by who asks. Through a Unix socket everything may be asked, as its mode guards it.
struct AdminRights: Sendable {
    /// The digest of the token; `nil` without one.
    private let token: [UInt8]?
    /// Whether clients may show certificates.
    private let takesCertificates: Bool
    private let hosts: AdminHosts
    /// What takes no right.
    private let openings: [AdminOpening]

    init(
        token: String? = nil, takesCertificates: Bool = false, hosts: AdminHosts = AdminHosts(),
        openings: [AdminOpening] = AdminOpening.allCases
    ) {
        self.openings = openings
        self.token = token.map { Self.digest($0) }
        self.takesCertificates = takesCertificates
        self.hosts = hosts
    }

    /// As a config has them.
    init(_ admin: AdminConfiguration?) {
        self.init(
            token: admin?.token, takesCertificates: admin?.tls?.clientCertificates != nil, hosts: AdminHosts(admin),
            openings: admin?.openings ?? [])
    }

    /// Why a request for an operation is refused; `nil` if it is not.
    func refusal(_ request: AdminRequest, _ operation: APIOperation) -> AdminProblem? {
        guard case .remote(let certificate) = request.client else { return nil }
        let isOpen = operation.opening.map { openings.contains($0) } ?? false
        if isOpen && (operation.opening == .health || !hosts.isLoopback) { return nil }
        if !hosts.allow(request.authority) {
            return AdminProblem(
                403,
                "this listener is not called '\(request.authority.prefix(64))'; ask for its address, or list the name in "
                    + "admin.hosts")
        }
        if isOpen { return nil }
        // A page that somebody has open can ask in the name of the browser, and would do so with its certificate.
        if request.fields.contains(where: { $0.name == "origin" || $0.name == "sec-fetch-site" }) {
            return AdminProblem(403, "pages of browsers may not ask this")
        }
        if certificate != nil && takesCertificates { return nil }
        guard token != nil || takesCertificates else {
            return AdminProblem(
                403,
                "by TCP only \(whatIsOpen) may be asked for as long as there is no admin.token; set one, or ask through a Unix "
                    + "socket")
        }
        if hasToken(request) { return nil }
        var problem = AdminProblem(401, Self.advice(token != nil, takesCertificates))
        problem.lines = "WWW-Authenticate: Bearer realm=\"martlet\"\r\n"
        return problem
    }

    private var whatIsOpen: String {
        APIOperation.all.filter { $0.opening.map { openings.contains($0) } ?? false }.map(\.path)
            .joined(separator: ", ")
    }

    private static func advice(_ hasToken: Bool, _ takesCertificates: Bool) -> String {
        switch (hasToken, takesCertificates) {
        case (true, true): "this takes the token, as Authorization: Bearer TOKEN, or a client's certificate"
        case (true, false): "this takes the token, as Authorization: Bearer TOKEN"
        default: "this takes a client's certificate"
        }
    }

    /// Compares digests, in the same time whatever the difference is.
    private func hasToken(_ request: AdminRequest) -> Bool {
        guard let token, let value = request.field("authorization") else { return false }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return false }
        let shown = Self.digest(parts[1].drop { $0 == " " })
        return zip(token, shown).reduce(0) { $0 | $1.0 ^ $1.1 } == 0
    }

    private static func digest(_ text: some StringProtocol) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }
}
