// Getting at the text of a file.
import Foundation

/// Reads files that people wrote.
enum FileReader {
    /// The largest file that is read, in bytes.
    static let maximumBytes = 16 << 20

    /// The text of the file at `path`, without a byte order mark.
    static func read(_ path: String) throws(ConfigurationErrors) -> String {
        let bytes: [UInt8]
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            bytes = [UInt8](try handle.read(upToCount: maximumBytes + 1) ?? Data())
        } catch {
            throw refusal(path, "cannot read the file: \(reason(error))")
        }
        guard bytes.count <= maximumBytes else { throw refusal(path, "the file is larger than 16 MiB") }
        return try decode(bytes[...], path: path)
    }

    /// The text that `bytes` are, which must be UTF-8.
    static func decode(_ bytes: ArraySlice<UInt8>, path: String) throws(ConfigurationErrors) -> String {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw refusal(path, "the file is UTF-16; expected UTF-8")
        }
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
        guard let text = String(validating: content, as: UTF8.self) else {
            throw refusal(path, "the file is not UTF-8", at: firstInvalid(content))
        }
        return text
    }

    /// Where the first bytes stand that are no UTF-8.
    private static func firstInvalid(_ bytes: ArraySlice<UInt8>) -> Place {
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            guard String(validating: line, as: UTF8.self) == nil else { continue }
            let valid = line.indices.last { String(validating: line[..<$0], as: UTF8.self) != nil } ?? line.startIndex
            let column = String(decoding: line[..<valid], as: UTF8.self).unicodeScalars.count + 1
            return Place(line: index + 1, column: column, length: 1)
        }
        return .none
    }

    private static func refusal(_ path: String, _ message: String, at place: Place = .none) -> ConfigurationErrors {
        let diagnostic = Diagnostic(SyntaxError(message: message, place: place), file: path)
        var sources = ConfigurationSources()
        sources.sought = [path]
        return ConfigurationErrors(diagnostics: [diagnostic], sources: sources)
    }

    /// Why the system refused, in its own words: `No such file or directory`.
    private static func reason(_ error: any Error) -> String {
        let error = error as NSError
        let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
        guard cause.domain == NSPOSIXErrorDomain, let code = POSIXErrorCode(rawValue: Int32(cause.code)) else {
            return Quoting.clean(error.localizedDescription)
        }
        switch code {
        case .ENOENT: return "there is no such file"
        case .EACCES, .EPERM: return "permission denied"
        case .EISDIR: return "it is a directory"
        default: return Quoting.clean(cause.localizedDescription)
        }
    }
}
