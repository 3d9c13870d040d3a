// What clients get while nobody is to be served.
import MartletCoding
import MartletHTTPCore

/// An answer for the time of maintenance.
package struct MaintenanceModel: Sendable {
    package var status: UInt16 = 503
    /// The value of Retry-After, in seconds; 0 for no such field.
    package var retryAfter: UInt32 = 0
    /// The page, with the value of Content-Type; `nil` for Martlet's own.
    package var page: MaintenancePage?
    /// Clients that are served all the same.
    package var exempt: NetworkSet?
    /// It holds from the start on.
    package var isOn = true

    package init() {}
}

/// A page, as it is sent.
package final class MaintenancePage: Sendable {
    package let contentType: String
    package let content: [UInt8]
    /// The same as routes may have it compressed.
    let coded: [CodedAnswer]

    /// Compresses the content, which may take its time.
    package init(contentType: String, content: [UInt8]) {
        self.contentType = contentType
        self.content = content
        coded = CodedAnswer.all(content, CodingOffers([.gzip, .zstd, .brotli].filter { Codec.isAvailable($0) }))
    }
}
