// From a request to the file that it asks for: on this loop if the kernel has all it takes in memory, else on another thread.
//
//   route ──▶ askForFile ──▶ (the gate) ──▶ findFile ──▶ answerWithFile (FileAnswering.swift)
//                                               └─ would wait ─▶ another thread ─▶ message ─▶ answerWithFile
import MartletEventLoop
import MartletFiles
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Notes what the request in `request` asks for of a folder; why it gets nothing, if so. `findFile` goes on.
    mutating func askForFile(_ site: Int, _ exchange: UInt32, _ arena: Span<UInt8>) -> FailureKind? {
        guard request.method == .get || request.method == .head else { return .file(.method) }
        guard let slot = FileSlot(shared, limit: settings.openFiles) else {
            metrics.add(.filesRefused)
            return .file(.tooMany)
        }
        let files = sites[site]
        let path = request.form == .asterisk ? StaticString("/").bytes : arena.extracting(request.path)
        let accepted = files.codings.isEmpty ? nil : values(of: .acceptEncoding, arena)
        let question = FileQuestion(
            site: files, folder: folders[site], path: FilePath(path, behind: files.depth),
            codings: accepted.map { ContentCoding.accepted($0.span, of: files.codings) } ?? [],
            target: Self.copy(path), query: Self.copy(arena.extracting(request.query)), slot: slot)
        exchanges[exchange].file = FileTask(question, conditions(arena))
        exchanges[exchange].flags.insert(.servesFile)
        metrics.increment(.filesActive)
        return nil
    }

    private func conditions(_ arena: Span<UInt8>) -> FileConditions {
        var conditions = FileConditions()
        conditions.ifMatch = values(of: .ifMatch, arena)
        conditions.ifNoneMatch = values(of: .ifNoneMatch, arena)
        conditions.ifModifiedSince = onlyValue(of: .ifModifiedSince, arena)
        conditions.ifUnmodifiedSince = onlyValue(of: .ifUnmodifiedSince, arena)
        // Ranges are for GET alone (RFC 9110 section 14.2).
        if request.method != .get { return conditions }
        conditions.range = onlyValue(of: .range, arena)
        if conditions.range != nil && request.fields.present.contains(.ifRange) {
            // One that cannot be understood holds for nothing.
            conditions.ifRange = onlyValue(of: .ifRange, arena) ?? []
        }
        return conditions
    }

    /// All lines of a field as one list; `nil` if there is none.
    private func values(of field: KnownField, _ arena: Span<UInt8>) -> [UInt8]? {
        if !request.fields.present.contains(field) { return nil }
        var values: [UInt8] = []
        for index in 0..<request.fields.count where request.fields[index].known == field {
            if !values.isEmpty { values.append(0x2C) }
            values += Self.copy(arena.extracting(request.fields[index].value))
        }
        return values
    }

    /// The value of a field that has one line; `nil` if there are more.
    private func onlyValue(of field: KnownField, _ arena: Span<UInt8>) -> [UInt8]? {
        if !request.fields.present.contains(field) { return nil }
        var found: Int?
        for index in 0..<request.fields.count where request.fields[index].known == field {
            if found != nil { return nil }
            found = index
        }
        return found.map { Self.copy(arena.extracting(request.fields[$0].value)) }
    }

    private static func copy(_ span: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(span.count)
        for index in span.indices { bytes.append(span[index]) }
        return bytes
    }

    // MARK: Looking for it

    /// Looks for the file of an exchange, unless it is to get none.
    mutating func beginFile(_ exchange: UInt32, _ failure: FailureKind?, on loop: inout EventLoop) {
        if let failure { return fail(exchange, failure, on: &loop) }
        // Who it is has to be known first: it goes on when that is (Admission/Admitting.swift).
        if !exchanges[exchange].flags.contains(.isAtGate) { findFile(exchange, on: &loop) }
    }

    /// Looks for the file of an exchange, and answers with what is found.
    mutating func findFile(_ exchange: UInt32, on loop: inout EventLoop) {
        guard let task = exchanges[exchange].file else { return fail(exchange, .file(.absent), on: &loop) }
        exchanges[exchange].phase = .awaitingResponse
        let finding = FileLookup.find(task.question, mayWait: false)
        guard case .wouldWait = finding else { return answer(exchange, with: finding, on: &loop) }
        guard let workers, let mailbox, let token = exchanges.token(at: Int(exchange)),
            schedule(.file, exchange, after: settings.fileTime, on: &loop)
        else { return fail(exchange, .file(.tooMany), on: &loop) }
        metrics.add(.fileWaits)
        let question = task.question
        workers.run { mailbox.post(.file(token, FileLookup.find(question, mayWait: true))) }
    }

    /// Another thread has found the file of an exchange, whose client may be gone by now.
    mutating func fileFound(_ token: Token, _ finding: FileFinding, on loop: inout EventLoop) {
        guard exchanges.contains(token), let task = exchanges[token.index].file, task.state == .finding,
            exchanges[token.index].flags.isDisjoint(with: .responseHeadSent)
        else { return }
        answer(token.index, with: finding, on: &loop)
    }

    /// The time for finding a file is over.
    mutating func fileTimedOut(_ exchange: UInt32, on loop: inout EventLoop) {
        guard let task = exchanges[exchange].file, task.state == .finding,
            exchanges[exchange].flags.isDisjoint(with: [.responseHeadSent, .isAtGate])
        else { return }
        metrics.add(.fileTimeouts)
        fail(exchange, .file(.timeout), on: &loop)
    }

    /// The exchange has no file any more.
    mutating func leaveFile(_ exchange: UInt32) {
        if !exchanges[exchange].flags.contains(.servesFile) { return }
        exchanges[exchange].flags.remove(.servesFile)
        exchanges[exchange].file = nil
        metrics.decrement(.filesActive)
    }
}
