// From a name's bytes to its number: no table, no hash, no allocation. A name is brought to lower case eight bytes at a
// time and compared as numbers, whose digits read backwards spell the text in the comment behind them. A test looks up
// every name.

extension KnownField {
    /// The field called `name`, letters being the same in either case; `other` if it is not listed.
    ///
    /// - Parameter name: a token (RFC 9110 section 5.6.2); of other bytes, CR might be taken for "-".
    @inlinable
    package init(token name: Span<UInt8>) {
        self = KnownField.lookup(name, from: 0, count: name.count)
    }

    /// The field whose name is the `count` bytes from `start` on.
    @inlinable @inline(__always)
    package static func lookup(_ bytes: Span<UInt8>, from start: Int, count: Int) -> KnownField {
        if count < 8 {
            return short(lowercaseWord(bytes, from: start, count: count), count: count)
        }
        guard count <= 21 else { return .other }
        let head = bytes.word(at: start) | 0x2020_2020_2020_2020
        let tail = bytes.word(at: start &+ count &- 8) | 0x2020_2020_2020_2020
        if count <= 16 { return medium(head, tail, count: count) }
        return long(head, bytes.word(at: start &+ 8) | 0x2020_2020_2020_2020, tail, count: count)
    }

    /// The `count` (0...7) bytes from `start` on in lower case, zeros above.
    @inlinable @inline(__always)
    static func lowercaseWord(_ bytes: Span<UInt8>, from start: Int, count: Int) -> UInt64 {
        if start &+ 8 <= bytes.count {
            let mask: UInt64 = (1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1
            return (bytes.word(at: start) | 0x2020_2020_2020_2020) & mask
        }
        var word: UInt64 = 0
        for index in 0..<count {
            word |= UInt64(bytes[start &+ index] | 0x20) &<< UInt64(truncatingIfNeeded: index &* 8)
        }
        return word
    }

    /// Names of up to 7 bytes; the length is in the word, which has no zero byte within.
    @inlinable @inline(__always)
    static func short(_ word: UInt64, count: Int) -> KnownField {
        switch word {
        case 0x6574: .te  // te
        case 0x0065_6761: .age  // age
        case 0x0061_6976: .via  // via
        case 0x6574_6164: .date  // date
        case 0x6761_7465: .etag  // etag
        case 0x7473_6F68: .host  // host
        case 0x7972_6176: .vary  // vary
        case 0x0077_6F6C_6C61: .allow  // allow
        case 0x0065_676E_6172: .range  // range
        case 0x7470_6563_6361: .accept  // accept
        case 0x6569_6B6F_6F63: .cookie  // cookie
        case 0x7463_6570_7865: .expect  // expect
        case 0x6E69_6769_726F: .origin  // origin
        case 0x616D_6761_7270: .pragma  // pragma
        case 0x7265_7672_6573: .server  // server
        case 0x0073_6572_6970_7865: .expires  // expires
        case 0x0072_6572_6566_6572: .referer  // referer
        case 0x0072_656C_6961_7274: .trailer  // trailer
        case 0x0065_6461_7267_7075: .upgrade  // upgrade
        default: .other
        }
    }

    /// Names of 8 to 16 bytes by their first and last 8, which overlap.
    @inlinable @inline(__always)
    static func medium(_ head: UInt64, _ tail: UInt64, count: Int) -> KnownField {
        switch (count, head, tail) {
        case (8, 0x6863_7461_6D2D_6669, 0x6863_7461_6D2D_6669): .ifMatch  // if-match
        case (8, 0x6567_6E61_722D_6669, 0x6567_6E61_722D_6669): .ifRange  // if-range
        case (8, 0x6E6F_6974_6163_6F6C, 0x6E6F_6974_6163_6F6C): .location  // location
        case (9, 0x6564_7261_7772_6F66, 0x6465_6472_6177_726F): .forwarded  // forwarded
        case (9, 0x692D_6C61_6572_2D78, 0x7069_2D6C_6165_722D): .xRealIP  // x-real-ip
        case (10, 0x6974_6365_6E6E_6F63, 0x6E6F_6974_6365_6E6E): .connection  // connection
        case (10, 0x696C_612D_7065_656B, 0x6576_696C_612D_7065): .keepAlive  // keep-alive
        case (10, 0x6B6F_6F63_2D74_6573, 0x6569_6B6F_6F63_2D74): .setCookie  // set-cookie
        case (10, 0x6567_612D_7265_7375, 0x746E_6567_612D_7265): .userAgent  // user-agent
        case (11, 0x6661_2D79_7274_6572, 0x7265_7466_612D_7972): .retryAfter  // retry-after
        case (11, 0x7261_7065_6361_7274, 0x746E_6572_6170_6563): .traceparent  // traceparent
        case (12, 0x2D74_6E65_746E_6F63, 0x6570_7974_2D74_6E65): .contentType  // content-type
        case (12, 0x7772_6F66_2D78_616D, 0x7364_7261_7772_6F66): .maxForwards  // max-forwards
        case (12, 0x7365_7571_6572_2D78, 0x6469_2D74_7365_7571): .xRequestID  // x-request-id
        case (13, 0x7A69_726F_6874_7561, 0x6E6F_6974_617A_6972): .authorization  // authorization
        case (13, 0x6F63_2D65_6863_6163, 0x6C6F_7274_6E6F_632D): .cacheControl  // cache-control
        case (13, 0x2D74_6E65_746E_6F63, 0x6567_6E61_722D_746E): .contentRange  // content-range
        case (13, 0x2D65_6E6F_6E2D_6669, 0x6863_7461_6D2D_656E): .ifNoneMatch  // if-none-match
        case (13, 0x646F_6D2D_7473_616C, 0x6465_6966_6964_6F6D): .lastModified  // last-modified
        case (14, 0x2D74_6E65_746E_6F63, 0x6874_676E_656C_2D74): .contentLength  // content-length
        case (14, 0x6573_2D32_7074_7468, 0x7367_6E69_7474_6573): .http2Settings  // http2-settings
        case (15, 0x652D_7470_6563_6361, 0x676E_6964_6F63_6E65): .acceptEncoding  // accept-encoding
        case (15, 0x6C2D_7470_6563_6361, 0x6567_6175_676E_616C): .acceptLanguage  // accept-language
        case (15, 0x7261_7772_6F66_2D78, 0x726F_662D_6465_6472): .xForwardedFor  // x-forwarded-for
        case (16, 0x2D74_6E65_746E_6F63, 0x676E_6964_6F63_6E65): .contentEncoding  // content-encoding
        case (16, 0x6F63_2D79_786F_7270, 0x6E6F_6974_6365_6E6E): .proxyConnection  // proxy-connection
        case (16, 0x6874_7561_2D77_7777, 0x6574_6163_6974_6E65): .wwwAuthenticate  // www-authenticate
        case (16, 0x7261_7772_6F66_2D78, 0x7473_6F68_2D64_6564): .xForwardedHost  // x-forwarded-host
        case (16, 0x7261_7772_6F66_2D78, 0x7472_6F70_2D64_6564): .xForwardedPort  // x-forwarded-port
        case (16, 0x746E_6569_6C63_2D78, 0x7463_656A_6275_732D): .xClientSubject  // x-client-subject
        case (14, 0x746E_6569_6C63_2D78, 0x7365_6D61_6E2D_746E): .xClientNames  // x-client-names
        case (11, 0x632D_746E_6569_6C63, 0x7472_6563_2D74_6E65): .clientCert  // client-cert
        default: .other
        }
    }

    /// Names of 17 to 21 bytes by their first, second and last 8.
    @inlinable @inline(__always)
    static func long(_ head: UInt64, _ middle: UInt64, _ tail: UInt64, count: Int) -> KnownField {
        switch (count, head, middle, tail) {
        case (17, 0x6669_646F_6D2D_6669, 0x636E_6973_2D64_6569, 0x6563_6E69_732D_6465):
            .ifModifiedSince  // if-modified-since
        case (17, 0x7265_6673_6E61_7274, 0x6E69_646F_636E_652D, 0x676E_6964_6F63_6E65):
            .transferEncoding  // transfer-encoding
        case (17, 0x7261_7772_6F66_2D78, 0x746F_7270_2D64_6564, 0x6F74_6F72_702D_6465):
            .xForwardedProto  // x-forwarded-proto
        case (18, 0x7561_2D79_786F_7270, 0x6163_6974_6E65_6874, 0x6574_6163_6974_6E65):
            .proxyAuthenticate  // proxy-authenticate
        case (19, 0x646F_6D6E_752D_6669, 0x6973_2D64_6569_6669, 0x6563_6E69_732D_6465):
            .ifUnmodifiedSince  // if-unmodified-since
        case (19, 0x7561_2D79_786F_7270, 0x7461_7A69_726F_6874, 0x6E6F_6974_617A_6972):
            .proxyAuthorization  // proxy-authorization
        case (21, 0x746E_696F_7064_6E65, 0x656D_2D64_616F_6C2D, 0x7363_6972_7465_6D2D):
            .endpointLoadMetrics  // endpoint-load-metrics
        case (17, 0x746E_6569_6C63_2D78, 0x6569_6669_7265_762D, 0x6465_6966_6972_6576):
            .xClientVerified  // x-client-verified
        case (20, 0x746E_6569_6C63_2D78, 0x7072_6567_6E69_662D, 0x746E_6972_7072_6567):
            .xClientFingerprint  // x-client-fingerprint
        case (17, 0x632D_746E_6569_6C63, 0x6961_6863_2D74_7265, 0x6E69_6168_632D_7472):
            .clientCertChain  // client-cert-chain
        default: .other
        }
    }
}
