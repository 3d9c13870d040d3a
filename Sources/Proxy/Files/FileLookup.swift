// From a question to a file. Runs on a loop as long as nothing has to be waited for, and else on other threads.
//
//   path ──▶ a file ─────────────────────▶ a compressed one beside it, or itself
//        ├─▶ a folder, without a slash ──▶ needsSlash
//        ├─▶ a folder ──▶ its index ─────▶ the same as a file
//        │           └──▶ a listing, or absent
//        └─▶ nothing ───▶ the fallback, or absent
import MartletEventLoop
import MartletFiles

/// Finds files below folders.
enum FileLookup {
    /// What there is for a question.
    /// - Parameter mayWait: for disks and networks; else `wouldWait` says that it would have to.
    static func find(_ question: FileQuestion, mayWait: Bool) -> FileFinding {
        let search = FileSearch(question: question, mayWait: mayWait)
        do throws(SystemError) {
            let finding = try search.look()
            guard case .absent = finding else { return finding }
            return try search.fallback()
        } catch {
            if !mayWait && error == .wouldWait { return .wouldWait }
            return error.isAbsence ? .absent : .failed(error)
        }
    }
}

private struct FileSearch {
    let question: FileQuestion
    let mayWait: Bool

    private var site: FileSite { question.site }

    func look() throws(SystemError) -> FileFinding {
        guard let path = question.path, !path.isHidden || site.showsHidden, let file = try open(path.bytes) else {
            return .absent
        }
        switch file.kind {
        case .file: return path.isFolder ? .absent : .found(try best(file, path.bytes))
        case .folder: return path.isFolder ? try index(of: file, path) : .needsSlash
        case .other: return .absent
        }
    }

    func fallback() throws(SystemError) -> FileFinding {
        guard let path = site.fallback, let file = try open(path), file.kind == .file else { return .absent }
        return .found(try best(file, path))
    }

    private func index(of folder: OpenFile, _ path: FilePath) throws(SystemError) -> FileFinding {
        for name in site.index {
            let place = path.bytes.isEmpty ? name : path.bytes + [0x2F] + name
            if let file = try open(place), file.kind == .file { return .found(try best(file, place)) }
        }
        if !site.lists { return .absent }
        if !mayWait { return .wouldWait }
        let (entries, isCut) = try folder.entries(limit: FileSite.listingLimit)
        var shown: [FolderEntry] = []
        for entry in entries where site.showsHidden || entry.name.first != 0x2E {
            if entry.isLink {
                if let other = followed(entry, in: path) { shown.append(other) }
            } else {
                shown.append(
                    FolderEntry(
                        name: entry.name, isFolder: entry.isFolder, size: entry.size, modified: entry.modified))
            }
        }
        let page = FolderPage.write(shown, path: question.target.span, isRoot: path.bytes.isEmpty, isCut: isCut)
        return .listing(page)
    }

    /// What a link leads to, if it is served.
    private func followed(_ entry: FileEntry, in path: FilePath) -> FolderEntry? {
        let place = path.bytes.isEmpty ? entry.name : path.bytes + [0x2F] + entry.name
        guard site.followsLinks, let file = try? open(place), file.kind != .other else { return nil }
        return FolderEntry(
            name: entry.name, isFolder: file.kind == .folder, size: file.size, modified: file.modified.seconds)
    }

    /// The compressed form of a file that the client likes best, if it is at least as new as the file; else the file.
    private func best(_ file: OpenFile, _ path: [UInt8]) throws(SystemError) -> FoundFile {
        let type = site.types.type(of: path)
        for coding in question.codings {
            guard let other = try readable(path + Array(coding.suffix.utf8)), other.kind == .file else { continue }
            if other.modified < file.modified { continue }
            return FoundFile(file: other, path: path + Array(coding.suffix.utf8), type: type, coding: coding)
        }
        return FoundFile(file: file, path: path, type: type, coding: nil)
    }

    /// `nil` where nothing is.
    private func open(_ path: [UInt8]) throws(SystemError) -> OpenFile? {
        var walk: PathWalk = site.followsLinks ? [] : .withoutLinks
        if !mayWait { walk.insert(.cached) }
        do throws(SystemError) {
            return try question.folder.open(path, walk)
        } catch {
            if error.isAbsence { return nil }
            throw error
        }
    }

    /// `nil` as well where something is that may not be read.
    private func readable(_ path: [UInt8]) throws(SystemError) -> OpenFile? {
        do throws(SystemError) {
            return try open(path)
        } catch {
            if error.isDenial { return nil }
            throw error
        }
    }
}
