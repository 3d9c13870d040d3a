// What tests of certificates do with files besides.
import Foundation
import MartletTestSupport

extension TestFolder {
    /// Writes a script that can be run; its path.
    func script(_ text: String, named name: String) throws -> String {
        try write("#!/bin/sh\n" + text, to: name)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path(name))
        return path(name)
    }

    /// The permission bits of a file.
    static func mode(_ path: String) throws -> Int {
        let value = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        return (value as? NSNumber)?.intValue ?? -1
    }
}
