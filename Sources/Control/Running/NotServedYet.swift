// What the config can say and this version does not do yet: better no start than a listener that does something else.
import MartletProxyConfig

extension StartError {
    /// The first setting that is not served yet, as an error; `nil` if there is none.
    static func notServedYet(_ configuration: Configuration) -> StartError? {
        for (index, listener) in configuration.listeners.enumerated() {
            let path = "listeners[\(index)]"
            for (place, certificate) in (listener.tls?.certificates ?? []).enumerated() where certificate.ocsp == .fetch
            {
                let key = "\(path).tls.certificates[\(place)].ocsp"
                return .file(keyPath: key, "responses are not fetched yet; name a file, or leave it off")
            }
        }
        return nil
    }
}
