// The page that lists what is in a folder. Pure.

/// An entry of a folder.
package struct FolderEntry: Sendable, Equatable {
    /// As the file system has it; whatever bytes it is made of, it has neither NUL nor a slash.
    package let name: [UInt8]
    package let isFolder: Bool
    /// In bytes.
    package let size: Int64
    /// When it was changed last, in seconds since 1970.
    package let modified: Int64

    package init(name: [UInt8], isFolder: Bool, size: Int64, modified: Int64) {
        self.name = name
        self.isFolder = isFolder
        self.size = size
        self.modified = modified
    }
}

/// Writes the list of a folder's entries. Nothing in a name can become a tag, an attribute or a scheme.
package enum FolderPage {
    /// - Parameters:
    ///   - path: the folder's, as the client has asked for it, in the form in which paths are matched.
    ///   - isRoot: there is nothing above it to go to.
    ///   - isCut: there are more entries than these.
    package static func write(
        _ entries: [FolderEntry], path: Span<UInt8>, isRoot: Bool, isCut: Bool
    ) -> [UInt8] {
        var page: [UInt8] = []
        var title: [UInt8] = []
        for index in path.indices { title.append(path[index]) }
        page += "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>".utf8
        escape(title, onto: &page)
        page += "</title>\n<style>body{font:16px/1.5 system-ui,sans-serif;margin:2em}td{padding:0 2em 0 0}".utf8
        page += "td:nth-child(2){text-align:right}</style></head>\n<body><h1>".utf8
        escape(title, onto: &page)
        page += "</h1>\n<table>\n".utf8
        if !isRoot { page += "<tr><td><a href=\"../\">../</a></td><td></td><td></td></tr>\n".utf8 }
        for entry in sorted(entries) { row(entry, onto: &page) }
        page += "</table>\n".utf8
        if isCut { page += "<p>There are more.</p>\n".utf8 }
        page += "</body>\n</html>\n".utf8
        return page
    }

    /// Folders first, each kind by name.
    private static func sorted(_ entries: [FolderEntry]) -> [FolderEntry] {
        entries.sorted { left, right in
            if left.isFolder != right.isFolder { return left.isFolder }
            return left.name.lexicographicallyPrecedes(right.name)
        }
    }

    private static func row(_ entry: FolderEntry, onto page: inout [UInt8]) {
        // "./" in front: a name with a colon would begin with a scheme, and one with two slashes with a host.
        page += "<tr><td><a href=\"./".utf8
        encode(entry.name, onto: &page)
        if entry.isFolder { page.append(0x2F) }
        page += "\">".utf8
        escape(entry.name, onto: &page)
        if entry.isFolder { page.append(0x2F) }
        page += "</a></td><td>".utf8
        if !entry.isFolder { page += String(entry.size).utf8 }
        page += "</td><td>\(time(entry.modified))</td></tr>\n".utf8
    }

    /// "2026-01-31 23:59", in UTC.
    private static func time(_ seconds: Int64) -> String {
        if seconds < 0 { return "" }
        let days = seconds / 86_400 + 719_468
        let era = days / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let (month, day) = (shifted < 10 ? shifted + 3 : shifted - 9, dayOfYear - (153 * shifted + 2) / 5 + 1)
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let minutes = Int(seconds % 86_400) / 60
        return FileText.padded(Int(year), 4) + "-" + FileText.padded(Int(month), 2) + "-" + FileText.padded(Int(day), 2)
            + " " + FileText.padded(minutes / 60, 2) + ":" + FileText.padded(minutes % 60, 2)
    }

    /// For text and for attributes in quotes; bytes that are no UTF-8 become the replacement character.
    private static func escape(_ text: [UInt8], onto page: inout [UInt8]) {
        for byte in String(decoding: text, as: UTF8.self).utf8 {
            switch byte {
            case 0x26: page += "&amp;".utf8
            case 0x3C: page += "&lt;".utf8
            case 0x3E: page += "&gt;".utf8
            case 0x22: page += "&quot;".utf8
            case 0x27: page += "&#39;".utf8
            case 0x00...0x1F, 0x7F: page += "\u{FFFD}".utf8
            default: page.append(byte)
            }
        }
    }

    /// Percent-encodes all but what is never encoded (RFC 3986 section 2.3).
    private static func encode(_ name: [UInt8], onto page: inout [UInt8]) {
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in name {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: page.append(byte)
            default: page += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }
}
