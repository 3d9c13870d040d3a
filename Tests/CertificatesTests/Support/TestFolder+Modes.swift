// What tests of certificates do with files besides.
import Foundation
import MartletTestSupport

extension TestFolder {
    /// The permission bits of a file.
    static func mode(_ path: String) throws -> Int {
        let value = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        return (value as? NSNumber)?.intValue ?? -1
    }
}
