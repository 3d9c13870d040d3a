// Whom to believe about clients.
import MartletHTTPCore

/// Proxies in front, and where they say who the client is.
package struct TrustModel: Sendable {
    /// Peers whose forwarding fields are believed.
    package let proxies: NetworkSet
    /// The name of the field that names the client, in lower case; `nil` if whoever has connected is the client.
    package let field: [UInt8]?
    let form: ForwardedForm

    package init(proxies: NetworkSet, field: String?) {
        self.proxies = proxies
        self.field = field.map { Array($0.lowercased().utf8) }
        form = field?.lowercased() == "forwarded" ? .elements : .addresses
    }
}
