import MartletHTTPCore
import MartletProxyConfig
import Testing

@testable import MartletControl
@testable import MartletProxy

@Suite struct AdminRightsTests {
    private static let token = "0123456789abcdef0123456789abcdef"

    private func refusal(
        _ rights: AdminRights, _ client: AdminRequest.Client, _ fields: [(String, String)] = [], isOpen: Bool = false,
        to authority: String = "127.0.0.1:9901"
    ) -> Int? {
        operation(isOpen ? .metrics : .status).flatMap { refusal(rights, client, fields, $0, authority) }
    }

    private func operation(_ id: APIOperation.ID) -> APIOperation? { APIOperation.all.first { $0.id == id } }

    private func refusal(
        _ rights: AdminRights, _ client: AdminRequest.Client, _ fields: [(String, String)], _ operation: APIOperation,
        _ authority: String
    ) -> Int? {
        var request = AdminRequest(method: "GET", path: operation.path, query: "")
        request.authority = authority
        request.client = client
        request.fields = fields.map { (name: $0, value: $1) }
        return rights.refusal(request, operation)?.status
    }

    private let remote = AdminRequest.Client.remote(certificate: nil)

    @Test func whoMayOpenTheSocketMayDoEverything() {
        for rights in [AdminRights(), AdminRights(token: Self.token), AdminRights(takesCertificates: true)] {
            #expect(refusal(rights, .local) == nil)
        }
    }

    @Test func withoutATokenOnlyWhatIsOpenIsAnsweredByTCP() {
        #expect(refusal(AdminRights(), remote) == 403)
        #expect(refusal(AdminRights(), remote, [("authorization", "Bearer ")]) == 403)
        #expect(refusal(AdminRights(), remote, isOpen: true) == nil)
        #expect(refusal(AdminRights(token: Self.token), remote, isOpen: true) == nil)
    }

    /// What the config does not have open takes a right, and a name that is the listener's own.
    @Test func whatIsOpenIsSaidByTheConfig() {
        let rights = AdminRights(token: Self.token, openings: [.health])
        #expect(refusal(rights, remote, isOpen: true) == 401)
        #expect(refusal(rights, remote, Self.bearer, isOpen: true) == nil)
        #expect(refusal(rights, remote, Self.bearer, isOpen: true, to: "evil.example") == 403)
        #expect(refusal(AdminRights(openings: [.health]), remote, isOpen: true) == 403)
        for id in [APIOperation.ID.health, .readiness] {
            #expect(operation(id).map { refusal(rights, remote, [], $0, "evil.example") } == .some(nil))
            let closed = AdminRights(token: Self.token, openings: [.metrics])
            #expect(operation(id).map { refusal(closed, remote, [], $0, "127.0.0.1") } == .some(401))
        }
    }

    @Test func byDefaultMetricsAreOpenToThisMachineAlone() {
        var admin = AdminConfiguration(address: .tcp(IPAddress(v4: 0x7F00_0009), port: 1))
        #expect(admin.openings == [.health, .metrics] && admin.isOnLoopback && !admin.knowsOperators)
        admin.open = []
        #expect(admin.openings.isEmpty)
        for address in [nil, IPAddress(v4: 0x0A00_0001)] {
            admin = AdminConfiguration(address: .tcp(address, port: 1))
            #expect(admin.openings == [.health] && !admin.isOnLoopback)
            #expect(refusal(AdminRights(admin), remote, isOpen: true) == 403)
            admin.token = Self.token
            #expect(admin.knowsOperators && refusal(AdminRights(admin), remote, isOpen: true) == 401)
            admin.open = [.metrics]
            #expect(refusal(AdminRights(admin), remote, isOpen: true) == nil)
        }
    }

    @Test(
        arguments: [
            ("Bearer \(token)", nil), ("bearer  \(token)", nil), ("Bearer \(token)x", 401),
            ("Bearer \(token.dropLast())", 401),
            ("Basic \(token)", 401), (token, 401), ("Bearer", 401), ("", 401), ("Bearer \(token.uppercased())", 401),
        ] as [(String, Int?)])
    func theTokenIsComparedAsAWhole(value: String, status: Int?) {
        #expect(refusal(AdminRights(token: Self.token), remote, [("authorization", value)]) == status)
    }

    @Test func twoTokensAreNone() {
        let fields = [("authorization", "Bearer " + Self.token), ("authorization", "Bearer " + Self.token)]
        #expect(refusal(AdminRights(token: Self.token), remote, fields) == 401)
    }

    @Test func aCertificateWillDoWhereOneIsAskedFor() {
        let shown = AdminRequest.Client.remote(certificate: "CN=ops")
        #expect(refusal(AdminRights(takesCertificates: true), shown) == nil)
        #expect(refusal(AdminRights(takesCertificates: true), remote) == 401)
        #expect(refusal(AdminRights(), shown) == 403)
    }

    /// A page could ask with the certificate of the browser that shows it.
    @Test(arguments: ["origin", "sec-fetch-site"])
    func pagesMayNotAsk(field: String) {
        let fields = [("authorization", "Bearer " + Self.token), (field, "https://evil.example")]
        #expect(refusal(AdminRights(token: Self.token), remote, fields) == 403)
        #expect(refusal(AdminRights(token: Self.token), remote, fields, isOpen: true) == nil)
    }

    // MARK: Names

    private static let bearer = [("authorization", "Bearer " + token)]

    @Test(
        arguments: [
            ("127.0.0.1:9901", true), ("10.1.2.3", true), ("[::1]:9901", true), ("localhost", true),
            ("LOCALHOST:9901", true),
            ("a.localhost", true), ("localhost.", true), ("", true), ("proxy.internal", true),
            ("Proxy.Internal.:1", true),
            ("a.ops.example", true), ("evil.example", false), ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("ops.example", false), ("xops.example", false), ("notproxy.internal", false), ("2130706433", false),
        ] as [(String, Bool)])
    func aListenerIsAskedByItsNames(authority: String, isAllowed: Bool) {
        let rights = AdminRights(
            token: Self.token, hosts: AdminHosts(names: ["proxy.internal", "*.ops.example"], isLoopback: true))
        #expect(refusal(rights, remote, Self.bearer, to: authority) == (isAllowed ? nil : 403))
        #expect(refusal(rights, remote, isOpen: true, to: authority) == (isAllowed ? nil : 403), "metrics")
        #expect(refusal(rights, .local, to: authority) == nil, "a Unix socket has no name")
        for id in [APIOperation.ID.health, .readiness] {
            #expect(operation(id).map { refusal(rights, remote, [], $0, authority) } == .some(nil))
        }
    }

    @Test func whereOthersCanAskNamesAreForWhatNeedsARight() {
        let rights = AdminRights(token: Self.token, hosts: AdminHosts())
        #expect(refusal(rights, remote, isOpen: true, to: "evil.example") == nil)
        #expect(refusal(rights, remote, Self.bearer, to: "evil.example") == 403)
        let secure = AdminRights(token: Self.token, hosts: AdminHosts(isSecure: true))
        #expect(refusal(secure, remote, Self.bearer, to: "any.example") == nil, "its certificate says who it is")
        let named = AdminRights(token: Self.token, hosts: AdminHosts(names: ["a.example"], isSecure: true))
        #expect(refusal(named, remote, Self.bearer, to: "any.example") == 403)
    }

    @Test func theConfigSaysWhichTheyAre() {
        var admin = AdminConfiguration(address: .tcp(IPAddress(v4: 0x7F00_0009), port: 1))
        #expect(AdminHosts(admin) == AdminHosts(isLoopback: true))
        admin.address = .tcp(nil, port: 1)
        admin.hosts = ["a.example"]
        #expect(AdminHosts(admin) == AdminHosts(names: ["a.example"]))
    }
}
