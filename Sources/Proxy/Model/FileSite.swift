// What routes serve from folders, as the config says it.
import MartletEventLoop
import MartletFiles

/// A folder whose files a route serves, and how. A reference: who asks it for a request retains one thing.
package final class FileSite: Sendable {
    /// The folder as it was found at the start; loops are told when its path leads to another one.
    package let folder: FolderHandle
    /// How many segments of a request's path stand before what names the file.
    package let depth: Int
    /// Names that are looked for in folders, in order.
    package let index: [[UInt8]]
    /// Whether folders without such a file are listed.
    package let lists: Bool
    /// Which compressed files are looked for, the best first.
    package let codings: [ContentCoding]
    package let types: MediaTypes
    /// What is served where there is nothing; `nil` for nothing.
    package let fallback: [UInt8]?
    /// Whether names that begin with a dot are served.
    package let showsHidden: Bool
    /// Whether symbolic links are followed, within the folder.
    package let followsLinks: Bool

    /// The most entries of a folder that are listed.
    package static let listingLimit = 10_000

    package init(_ folder: FolderHandle, _ plan: FileSitePlan) {
        self.folder = folder
        depth = plan.depth
        index = plan.index.map { Array($0.utf8) }
        lists = plan.lists
        codings = plan.codings
        types = MediaTypes(adding: plan.types)
        fallback = plan.fallback.map { Array($0.utf8) }
        showsHidden = plan.showsHidden
        followsLinks = plan.followsLinks
    }
}

/// How files are served, in the config's words.
package struct FileSitePlan: Sendable {
    package var depth = 0
    package var index: [String] = []
    package var lists = false
    package var codings: [ContentCoding] = []
    package var types: [String: String] = [:]
    /// A path below the folder, without "/" at its beginning.
    package var fallback: String?
    package var showsHidden = false
    package var followsLinks = true

    package init() {}
}
