import MartletProxyConfig
import MartletTLS
import Testing

/// The config knows the same names as the library that speaks TLS.
@Suite struct TLSWordsTests {
    @Test func theNamesAreTheSame() {
        #expect(TLSWords.ciphers == TLSNames.ciphers)
        #expect(TLSWords.groups == TLSNames.groups)
    }
}
