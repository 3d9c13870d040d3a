// A session of TLS with the memory that it is handed. Holds `unsafe`: a loop hands memory in the same way.

import MartletEventLoop
import MartletTLS

/// One end of a connection. All that it is given, and all that it writes, is checked against the bounds of its memory.
final class TLSEnd {
    private let session: TLSSession
    private(set) var received: [UInt8] = []
    private(set) var outbox: [UInt8] = []
    private var hasEnded = false
    private var hasFailed = false

    init(_ session: TLSSession) { self.session = session }

    var isEstablished: Bool { session.isEstablished }
    var isOpen: Bool { !hasFailed && !hasEnded }

    func takeOutbox() -> [UInt8] {
        defer { outbox = [] }
        return outbox
    }

    /// Hands over what has come, in pieces that end where `cuts` says.
    func open(_ input: [UInt8], cuts: [Int]? = nil) throws(Violation) {
        var start = 0
        for end in cuts ?? [input.count] {
            var piece = Array(input[start..<end])
            start = end
            var calls = 0
            while isOpen {
                let hasMore = try open(once: piece)
                piece = []
                calls += 1
                try require(calls < 100, "a session comes to an end with what it has to say")
                if !hasMore { break }
            }
        }
    }

    private static let guardBytes = 32

    private func open(once input: [UInt8]) throws(Violation) -> Bool {
        let held = session.held
        let count = held + input.count
        let room = 20 << 10
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count + room + Self.guardBytes, alignment: 16)
        defer { unsafe memory.deallocate() }
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0xA5)
        let plain = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
        let output = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + room])
        let place = unsafe UnsafeMutableRawBufferPointer(rebasing: plain[held...])
        unsafe place.copyBytes(from: input)
        let progress = unsafe session.open(UnsafeRawBufferPointer(place), plain: plain, output: output)
        try require(progress.plain <= count && progress.output <= room, "no more is written than there is room")
        try require(unsafe memory.suffix(Self.guardBytes).allSatisfy { $0 == 0xA5 }, "nothing is written beyond")
        unsafe received += plain.prefix(progress.plain)
        unsafe outbox += output.prefix(progress.output)
        hasEnded = hasEnded || progress.hasEnded
        hasFailed = hasFailed || progress.hasFailed
        return progress.needsRoom
    }

    /// Encrypts bytes, of which there are no more than fit a record.
    func seal(_ bytes: [UInt8]) throws(Violation) {
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 20 << 10, alignment: 16)
        defer { unsafe output.deallocate() }
        let progress = unsafe bytes.withUnsafeBytes { unsafe session.seal($0, output: output) }
        try require(progress.plain == bytes.count && !progress.hasFailed, "what is to be sent is")
        unsafe outbox += output.prefix(progress.output)
    }
}

/// What sessions are made of.
struct TLSParts {
    static let shared = TLSParts()

    private let ends: (client: TLSClientContext, server: TLSServerContext)

    private init() {
        do throws(TLSError) {
            let identity = try TLSIdentity(
                certificates: Self.pem("CERTIFICATE", Self.certificate), key: Self.pem("PRIVATE KEY", Self.key),
                ocsp: nil)
            var settings = TLSClientSettings()
            settings.isInsecure = true
            // What happens must follow from the input alone.
            settings.reusesSessions = false
            let identities = TLSIdentities(TLSIdentityTable([identity]))
            ends = (
                try TLSClientContext(settings, keyLog: nil),
                try TLSServerContext(TLSServerSettings(), identities: identities, keyLog: nil)
            )
        } catch {
            preconditionFailure("the target's own certificate: \(error)")
        }
    }

    func client() -> TLSSession { Self.require(ends.client.session(to: "a.test", cacheKey: 1)) }
    func server() -> TLSSession { Self.require(ends.server.session()) }

    private static func require(_ session: TLSSession?) -> TLSSession {
        guard let session else { preconditionFailure("no memory for a session") }
        return session
    }

    private static func pem(_ label: String, _ text: String) -> [UInt8] {
        Array("-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----\n".utf8)
    }

    /// For a.test, made for this target and of no use elsewhere, and its key.
    private static let certificate = """
        MIIBjDCCATKgAwIBAgIUHl3JvqGw0ubl+/0WDvL6QxmowDAwCgYIKoZIzj0EAwIw
        ETEPMA0GA1UEAwwGYS50ZXN0MCAXDTI2MTEyOTEwMTYzNVoYDzIxMjYxMTA1MTAx
        NjM1WjARMQ8wDQYDVQQDDAZhLnRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
        AATOcWYZ0zqaunAQ/SBjRW+nVo25efrGeowAg1UENlGB35rarim1obLq2YBANA71
        mKRWTeSF2Js418hRDP+1N03Ro2YwZDAdBgNVHQ4EFgQUVporKy82I5RrvsFLRzIS
        RnOjPiUwHwYDVR0jBBgwFoAUVporKy82I5RrvsFLRzISRnOjPiUwDwYDVR0TAQH/
        BAUwAwEB/zARBgNVHREECjAIggZhLnRlc3QwCgYIKoZIzj0EAwIDSAAwRQIgeHDh
        Ll04Fi55w2mIEyiLDRn9+UY1w+ahgzbWQFP1XAwCIQDMgmpet2I3wzK8RGvj4EvE
        F0XvaXzyncA1LQx2sVJiWQ==
        """
    private static let key = """
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgs4PdnQHKPyEq6Oph
        yLosglg8oB5N40TUnZv3Bpp5FQGhRANCAATOcWYZ0zqaunAQ/SBjRW+nVo25efrG
        eowAg1UENlGB35rarim1obLq2YBANA71mKRWTeSF2Js418hRDP+1N03R
        """
}
