import Testing

@testable import MartletControl
@testable import MartletProxy

@Suite struct AdminRightsTests {
    private static let token = "0123456789abcdef0123456789abcdef"

    private func refusal(
        _ rights: AdminRights, _ client: AdminRequest.Client, _ fields: [(String, String)] = [], isOpen: Bool = false
    ) -> Int? {
        var request = AdminRequest(method: "GET", path: "/v1/status", query: "")
        request.client = client
        request.fields = fields.map { (name: $0, value: $1) }
        return rights.refusal(request, isOpen: isOpen)?.status
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
}
