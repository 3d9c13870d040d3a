// Accounts, certificates and keys on disk.
import Crypto
import Foundation

/// A folder with what is to outlive the process.
///
///     DIRECTORY/accounts/EMAIL.json                   an account: its key and URL
///     DIRECTORY/certificates/NAME-HASH/identity.pem   chain and key, in one file so that they always belong together
///     DIRECTORY/certificates/NAME-HASH/about.json     whose it is, for people
///
/// DIRECTORY is the authority's URL, NAME the first name; both without the signs that paths do not take.
package struct AcmeStore: Sendable {
    /// An account at an authority.
    struct Account: Sendable {
        let key: AccountKey
        /// `nil`: not made yet.
        let url: String?
    }

    private struct AccountFile: Codable {
        let key: String
        let url: String?
        let directory: String
    }

    private struct About: Encodable {
        let directory: String
        let names: [String]
        let keyType: String
        let notBefore: String
        let notAfter: String
    }

    let folder: String

    package init(folder: String) { self.folder = folder }

    /// The account of the request; `nil` if none is stored.
    /// - Throws: when the file cannot be read, or is another program's.
    func account(of request: AcmeRequest) throws(AcmeError) -> Account? {
        let path = accountPath(request)
        guard let bytes = try AtomicFile.read(path) else { return nil }
        do {
            let file = try JSON.decode(AccountFile.self, bytes)
            return Account(key: try AccountKey(pem: file.key), url: file.url)
        } catch {
            throw AcmeError("\(path) is not an account that was stored here: \(error); move it away to make a new one")
        }
    }

    func save(_ account: Account, of request: AcmeRequest) throws(AcmeError) {
        let file = AccountFile(key: account.key.pem, url: account.url, directory: request.directory)
        try write(try encode(file), to: accountPath(request))
    }

    /// The certificate with its key; `nil` if none is stored.
    /// - Throws: when the file cannot be read, or has not what it should.
    func identity(of id: AcmeRequest.ID) throws(AcmeError) -> PEMIdentity? {
        let path = certificateFolder(id) + "/identity.pem"
        guard let bytes = try AtomicFile.read(path) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        do {
            // The key comes last, and nothing after it.
            guard let start = text.firstRange(of: /-----BEGIN [A-Z ]*PRIVATE KEY-----/)?.lowerBound else {
                throw AcmeError("there is no key in it")
            }
            let identity = PEMIdentity(
                certificates: Array(text[..<start].utf8), key: Array(text[start...].utf8))
            let key = try CertificateKey(id.keyType, pem: String(text[start...]))
            try IssuedCertificate(pem: identity.certificates).check(names: id.names, key: key, now: .min)
            return identity
        } catch {
            throw AcmeError("\(path) cannot be used: \(error); it is replaced by the next certificate")
        }
    }

    func save(_ identity: PEMIdentity, of id: AcmeRequest.ID) throws {
        let certificate = try IssuedCertificate(pem: identity.certificates)
        let about = About(
            directory: id.directory, names: id.names, keyType: id.keyType.rawValue,
            notBefore: Timestamps.text(certificate.notBefore), notAfter: Timestamps.text(certificate.notAfter))
        let folder = certificateFolder(id)
        try write(identity.certificates + identity.key, to: folder + "/identity.pem")
        try write(try encode(about), to: folder + "/about.json")
    }

    func certificateFolder(_ id: AcmeRequest.ID) -> String {
        let whole = ([id.keyType.rawValue] + id.names.sorted()).joined(separator: " ")
        let hash = SHA256.hash(data: Data(whole.utf8)).prefix(6).map {
            String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
        }
        return place(id.directory) + "/certificates/\(Self.plain(id.names.first ?? ""))-\(hash.joined())"
    }

    func accountPath(_ request: AcmeRequest) -> String {
        let name = request.email.isEmpty ? "default" : Self.plain(request.email)
        return place(request.directory) + "/accounts/\(name).json"
    }

    private func place(_ directory: String) -> String {
        folder + "/" + Self.plain(directory.replacing(/^https?:\/\//, with: ""))
    }

    private func write(_ bytes: [UInt8], to path: String) throws(AcmeError) {
        try AtomicFile.makeFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
        try AtomicFile.write(bytes, to: path)
    }

    private func encode(_ value: some Encodable) throws(AcmeError) -> [UInt8] {
        do { return try JSON.encode(value) } catch { throw AcmeError("\(error)") }
    }

    /// Letters, digits, `.`, `-`, `@` and `_`; whatever else there is becomes `_`. Never begins with a dot.
    static func plain(_ text: String) -> String {
        let plain = String(
            text.prefix(150).map { $0.isASCII && ($0.isLetter || $0.isNumber || ".-@_".contains($0)) ? $0 : "_" })
        return plain.hasPrefix(".") ? "_" + plain : plain
    }
}
