// Keeps certificates of ACME authorities in force.
import Logging

/// Has certificates issued and renewed, and installs them, until it is stopped.
package actor AcmeManager {
    private let logger: Logger

    package init(logger: Logger) {
        self.logger = logger
    }

    /// Installs what is stored, or else a self-made certificate, and returns when that is done: it never waits for an
    /// authority. Orders begin at once, in the background.
    package func start(_ requests: [AcmeRequest], hooks: any AcmeHooks) async {}

    /// Goes on with `requests`: those that are as before are not disturbed, those that are gone are dropped.
    package func replace(_ requests: [AcmeRequest]) async {}

    /// Breaks everything off and returns when nothing runs any longer.
    package func stop() async {}

    /// What is known of each request.
    package var statuses: [AcmeRequest.ID: AcmeStatus] { [:] }
}
