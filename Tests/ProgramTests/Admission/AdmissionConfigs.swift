// Config files of tests that ask who clients are.

enum AdmissionConfigs {
    /// One upstream, for which clients have to prove who they are, but for /open.
    /// - Parameters:
    ///   - auth: the value of `auth`.
    ///   - more: more sections of the file.
    static func asking(_ auth: String, before app: Origin, _ more: String = "") -> String {
        """
        workers: 1
        listeners: [{address: 127.0.0.1:0}]
        admin: {address: 127.0.0.1:0}
        routes:
          - {upstream: app}
          - {path: /open, upstream: app, auth: off}
        auth: \(auth)
        upstreams: {app: {servers: ["\(app.address)"]}}
        \(more)
        """
    }
}
