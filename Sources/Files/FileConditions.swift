// Conditional requests (RFC 9110 section 13). Pure.
import MartletHTTPCore

/// What tells one state of a representation from another.
package struct FileValidators: Equatable, Sendable {
    /// The entity tag, with its quotes; always strong.
    package var tag: [UInt8]
    /// When it was changed last, in seconds since 1970; `nil` if that is not to be told.
    package var modified: Int64?

    /// Both of them.
    package init(tag: [UInt8], modified: Int64?) {
        self.tag = tag
        self.modified = modified
    }
}

/// What a client says that it has, or wants to be so.
package struct FileConditions: Sendable {
    /// All lines of the field as one list; `nil` if there is none.
    package var ifMatch: [UInt8]?
    package var ifNoneMatch: [UInt8]?
    /// `nil` as well for what is no single line.
    package var ifModifiedSince: [UInt8]?
    package var ifUnmodifiedSince: [UInt8]?
    package var ifRange: [UInt8]?
    package var range: [UInt8]?

    /// A request without conditions.
    package init() {}

    /// What becomes of a request.
    package enum Verdict: Equatable, Sendable {
        /// It is served.
        case proceed
        /// The client has what there is: 304.
        case notModified
        /// The client does not want it as it is: 412.
        case failed
    }

    /// What becomes of a GET or HEAD, in the order of RFC 9110 section 13.2.2.
    /// - Parameter now: seconds since 1970.
    package func verdict(_ validators: FileValidators, now: Int64) -> Verdict {
        if let ifMatch {
            if !TagList.contains(ifMatch.span, validators.tag.span, isStrong: true) { return .failed }
        } else if let since = date(ifUnmodifiedSince, now), let modified = validators.modified, modified > since {
            return .failed
        }
        if let ifNoneMatch {
            return TagList.contains(ifNoneMatch.span, validators.tag.span, isStrong: false) ? .notModified : .proceed
        }
        if let since = date(ifModifiedSince, now), let modified = validators.modified, modified <= since {
            return .notModified
        }
        return .proceed
    }

    /// Which bytes are sent of a GET that is served.
    /// - Parameters:
    ///   - size: of the representation, in bytes.
    ///   - now: seconds since 1970.
    package func outcome(_ validators: FileValidators, size: Int64, now: Int64) -> RangeOutcome {
        guard let range, isStillSame(validators, now) else { return .whole }
        return ByteRangeField.outcome(range.span, size: size)
    }

    /// Whether the client's part is one of what there is now (RFC 9110 section 13.1.5). A date counts only if the file had been
    /// the same for a second when it was said, since within one it may have had two contents.
    private func isStillSame(_ validators: FileValidators, _ now: Int64) -> Bool {
        guard let ifRange else { return true }
        if ifRange.contains(0x22) {
            return TagList.contains(ifRange.span, validators.tag.span, isStrong: true, isOne: true)
        }
        guard let modified = validators.modified, let since = date(ifRange, now) else { return false }
        return since == modified && modified < now
    }

    private func date(_ text: [UInt8]?, _ now: Int64) -> Int64? { text.flatMap { FileDate.seconds($0.span, now: now) } }
}

/// Lists of entity tags (RFC 9110 section 8.8.3).
package enum TagList {
    /// Whether `tag`, which is strong, is in `list`. "*" is any.
    /// - Parameters:
    ///   - isStrong: weak tags of the list are not it (section 8.8.3.2).
    ///   - isOne: it has to be a single tag, and "*" is none.
    package static func contains(
        _ list: Span<UInt8>, _ tag: Span<UInt8>, isStrong: Bool, isOne: Bool = false
    ) -> Bool {
        let list = FileText.trimmed(list)
        if list.count == 1 && list[0] == 0x2A { return !isOne }
        var index = 0
        var found = false
        var count = 0
        while index < list.count {
            if list[index] == 0x2C || ByteScan.isBlank(list[index]) {
                index += 1
                continue
            }
            let isWeak = index + 1 < list.count && list[index] == 0x57 && list[index + 1] == 0x2F
            let start = isWeak ? index + 2 : index
            guard start < list.count, list[start] == 0x22 else { return found && !isOne }
            var end = start + 1
            while end < list.count && list[end] != 0x22 { end += 1 }
            if end == list.count { return found && !isOne }
            count += 1
            if !(isWeak && isStrong) && ByteScan.equals(list.extracting(start..<end + 1), tag) { found = true }
            index = end + 1
        }
        return found && (!isOne || count == 1)
    }
}
