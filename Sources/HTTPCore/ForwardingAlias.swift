// Names that a server may take for those of forwarding fields.

/// Servers that hand fields on as variables (CGI, RFC 3875 section 4.1.18, and what came after it) make "_" of "-": there,
/// "X_Forwarded_For" is X-Forwarded-For. Nobody sends such a name but to be taken for somebody else, so it never passes.
package enum ForwardingAlias {
    /// Whether `name`, a token, becomes one of the fields that say who the client is when "_" is read as "-".
    package static func matches(_ name: Span<UInt8>) -> Bool {
        if name.count > 20 { return false }
        var spelled = InlineArray<20, UInt8>(repeating: 0)
        for index in name.indices { spelled[index] = name[index] == 0x5F ? 0x2D : name[index] }
        switch KnownField(token: spelled.span.extracting(first: name.count)) {
        case .xForwardedFor, .xForwardedHost, .xForwardedPort, .xForwardedProto, .xRealIP, .xRequestID,
            .xClientVerified,
            .xClientSubject, .xClientNames, .xClientFingerprint, .clientCert, .clientCertChain:
            return true
        default: return false
        }
    }
}
