// Reading certificates. One of the few files that hold `unsafe`: the library takes and gives pointers.
import CNIOBoringSSL
import Glibc

/// A certificate (X.509), parsed.
struct Certificate: Sendable {
    let object: LibraryObject

    /// `nil` for what is not a certificate in DER form.
    init?(der: [UInt8]) {
        let parsed = unsafe LibraryBytes.decode(der) { position, count in unsafe d2i_X509(nil, &position, count) }
        guard let object = unsafe LibraryObject(parsed, X509_free) else {
            ERR_clear_error()
            return nil
        }
        self.object = object
    }

    /// Of the library's own certificate, which is shared.
    @unsafe
    init?(sharing pointer: OpaquePointer?) {
        guard let pointer = unsafe pointer else { return nil }
        _ = unsafe X509_up_ref(pointer)
        guard let object = unsafe LibraryObject(pointer, X509_free) else { return nil }
        self.object = object
    }

    var der: [UInt8] { unsafe LibraryBytes.encoded { unsafe i2d_X509(object.pointer, $0) } }

    /// The public key as SubjectPublicKeyInfo, in DER form.
    var publicKey: [UInt8] {
        unsafe LibraryBytes.encoded { unsafe i2d_X509_PUBKEY(X509_get_X509_PUBKEY(object.pointer), $0) }
    }

    var pin: TLSPin { TLSPin(digest: LibraryBytes.sha256(publicKey)) }

    var notBefore: Int64 {
        var time: Int64 = 0
        return unsafe ASN1_TIME_to_posix(X509_get0_notBefore(object.pointer), &time) == 1 ? time : 0
    }

    var notAfter: Int64 {
        var time: Int64 = 0
        return unsafe ASN1_TIME_to_posix(X509_get0_notAfter(object.pointer), &time) == 1 ? time : 0
    }

    /// XN_FLAG_RFC2253, whose macro Swift does not see.
    private static let subjectForm =
        ASN1_STRFLGS_ESC_2253 | ASN1_STRFLGS_ESC_CTRL | ASN1_STRFLGS_ESC_MSB | ASN1_STRFLGS_UTF8_CONVERT
        | ASN1_STRFLGS_DUMP_UNKNOWN | ASN1_STRFLGS_DUMP_DER | XN_FLAG_SEP_COMMA_PLUS | XN_FLAG_DN_REV | XN_FLAG_FN_SN
        | XN_FLAG_DUMP_UNKNOWN_FIELDS

    /// As RFC 4514 writes it; what is not printable ASCII is escaped.
    var subject: String { unsafe Self.text(of: X509_get_subject_name(object.pointer)) }

    /// The same of who has issued it.
    var issuer: String { unsafe Self.text(of: X509_get_issuer_name(object.pointer)) }

    @unsafe
    private static func text(of name: OpaquePointer?) -> String {
        guard let memory = unsafe BIO_new(BIO_s_mem()) else { return "" }
        defer { unsafe BIO_free(memory) }
        if unsafe X509_NAME_print_ex(memory, name, 0, Self.subjectForm) < 0 { return "" }
        var content: UnsafePointer<UInt8>?
        var count = 0
        guard unsafe BIO_mem_contents(memory, &content, &count) == 1 else { return "" }
        return unsafe String(decoding: UnsafeBufferPointer(start: content, count: count), as: UTF8.self)
    }

    /// The common name, the last if there are several; `nil` if there is none that can be read.
    var commonName: String? {
        let name = unsafe X509_get_subject_name(object.pointer)
        var last: Int32 = -1
        while true {
            let next = unsafe X509_NAME_get_index_by_NID(name, NID_commonName, last)
            if next < 0 { break }
            last = next
        }
        if last < 0 { return nil }
        let string = unsafe X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last))
        var text: UnsafeMutablePointer<UInt8>?
        let count = unsafe ASN1_STRING_to_UTF8(&text, string)
        defer { unsafe OPENSSL_free(text) }
        guard count > 0, let text = unsafe text else { return nil }
        let bytes = unsafe Array(UnsafeBufferPointer(start: text, count: Int(count)))
        return bytes.contains(0) ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// Where the issuer says whether it is revoked.
    var ocspURL: String? {
        guard let list = unsafe X509_get1_ocsp(object.pointer) else { return nil }
        defer { unsafe X509_email_free(list) }
        guard unsafe sk_OPENSSL_STRING_num(list) > 0, let text = unsafe sk_OPENSSL_STRING_value(list, 0) else {
            return nil
        }
        return unsafe String(cString: text)
    }

    /// `ECDSA P-256`, `RSA 2048`, `Ed25519`.
    var keyType: String {
        guard let key = unsafe X509_get0_pubkey(object.pointer) else { return "unknown" }
        return unsafe Self.keyType(key)
    }

    @unsafe
    static func keyType(_ key: OpaquePointer) -> String {
        switch unsafe EVP_PKEY_id(key) {
        case EVP_PKEY_RSA: return unsafe "RSA \(EVP_PKEY_bits(key))"
        case EVP_PKEY_ED25519: return "Ed25519"
        case EVP_PKEY_EC:
            switch unsafe EVP_PKEY_get_ec_curve_nid(key) {
            case NID_X9_62_prime256v1: return "ECDSA P-256"
            case NID_secp384r1: return "ECDSA P-384"
            case NID_secp521r1: return "ECDSA P-521"
            default: return "ECDSA"
            }
        default: return "unknown"
        }
    }

    // MARK: Names

    /// A name of subjectAltName.
    enum Name: Equatable {
        case dns(String)
        case address(String)
        case uri(String)
        case email(String)
    }

    /// The alternative names; those with anything but visible ASCII are left out.
    var names: [Name] {
        guard let raw = unsafe X509_get_ext_d2i(object.pointer, NID_subject_alt_name, nil, nil) else { return [] }
        let list = OpaquePointer(raw)
        defer { unsafe GENERAL_NAMES_free(list) }
        return unsafe (0..<sk_GENERAL_NAME_num(list)).compactMap { index in
            unsafe sk_GENERAL_NAME_value(list, index).flatMap { unsafe Self.name($0.pointee) }
        }
    }

    private static func name(_ name: GENERAL_NAME) -> Name? {
        switch unsafe name.type {
        case GEN_DNS: return unsafe text(name.d.dNSName).map { .dns($0.lowercased()) }
        case GEN_URI: return unsafe text(name.d.uniformResourceIdentifier).map { .uri($0) }
        case GEN_EMAIL: return unsafe text(name.d.rfc822Name).map { .email($0) }
        case GEN_IPADD: return unsafe address(string(name.d.iPAddress)).map { .address($0) }
        default: return nil
        }
    }

    private static func string(_ string: UnsafeMutablePointer<ASN1_STRING>?) -> [UInt8] {
        guard let string = unsafe string, let data = unsafe ASN1_STRING_get0_data(string) else { return [] }
        return unsafe Array(UnsafeBufferPointer(start: data, count: Int(ASN1_STRING_length(string))))
    }

    private static func text(_ string: UnsafeMutablePointer<ASN1_STRING>?) -> String? {
        let bytes = unsafe Self.string(string)
        return bytes.isEmpty || bytes.contains { $0 <= 0x20 || $0 >= 0x7f }
            ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// An address as text.
    static func address(_ bytes: [UInt8]) -> String? {
        if bytes.count != 4 && bytes.count != 16 { return nil }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard unsafe inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
