// What a client is told of a file: all of it, a part, that it has it already, or why not.
import MartletEventLoop
import MartletFiles
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

/// What stands in the head of an answer with a file.
private struct FileHead {
    var status: Int
    /// The value of Content-Type; `nil` for no such field.
    var type: String?
    /// The value of Content-Range; `nil` for no such field.
    var range: String?
    /// `nil` for an answer without content.
    var length: Int64?
}

/// What is sent behind the head of an answer with a file.
enum FileContent {
    case pieces([FilePiece])
    /// Of a folder: its page, or nothing.
    case page([UInt8])
    /// Nothing at all: this is why.
    case failure(FailureKind)
}

extension ProxyDriver {
    /// Answers a request for a file with what was found.
    mutating func answer(_ exchange: UInt32, with finding: FileFinding, on loop: inout EventLoop) {
        switch composeAnswer(exchange, with: finding) {
        case .failure(let failure): fail(exchange, failure, on: &loop)
        case .pieces(let pieces): sendFile(pieces, exchange, on: &loop)
        case .page(let page):
            if writer.overflowed { return fail(exchange, .headTooLargeToForward, on: &loop) }
            leaveFile(exchange)
            sendOwn(exchanges[exchange].method == .head ? [] : page, exchange, on: &loop)
        }
    }

    /// Writes the head of the answer with what was found into `writer`; what is sent behind it.
    mutating func composeAnswer(_ exchange: UInt32, with finding: FileFinding) -> FileContent {
        switch finding {
        case .found(let found): return composeAnswer(exchange, with: found)
        case .needsSlash:
            composeFolderRedirect(exchange)
            return .page([])
        case .listing(let page):
            composeListing(exchange, page.count)
            return .page(page)
        case .absent: return .failure(.file(.absent))
        case .wouldWait: return .failure(.file(.unreadable))
        case .failed(let error):
            exchanges[exchange].systemError = error.code
            return .failure(.file(error.isDenial ? .denied : error.isExhaustion ? .tooMany : .unreadable))
        }
    }

    private mutating func composeAnswer(_ exchange: UInt32, with found: FoundFile) -> FileContent {
        guard let task = exchanges[exchange].file else { return .failure(.file(.absent)) }
        task.found = found
        let now = Int64(Host.wallMilliseconds() / 1_000)
        let validators = FileTag.validators(of: found, now: now)
        switch task.conditions.verdict(validators, now: now) {
        case .failed: return .failure(.file(.precondition))
        case .notModified:
            composeFileHead(FileHead(status: 304), exchange, validators)
            return .pieces([])
        case .proceed: break
        }
        let size = found.file.size
        switch task.conditions.outcome(validators, size: size, now: now) {
        case .unsatisfiable: return .failure(.file(.range))
        case .whole:
            composeFileHead(FileHead(status: 200, type: found.type, length: size), exchange, validators)
            return .pieces([.file(FileSlice(start: 0, count: size))])
        case .slices(let slices): return .pieces(composeParts(slices, found, exchange, validators))
        }
    }

    private mutating func composeParts(
        _ slices: [FileSlice], _ found: FoundFile, _ exchange: UInt32, _ validators: FileValidators
    ) -> [FilePiece] {
        metrics.add(.fileParts)
        let size = found.file.size
        var head = FileHead(status: 206)
        var pieces: [FilePiece] = slices.map { .file($0) }
        if slices.count == 1 {
            head.type = found.type
            head.range = FileParts.range(slices[0], size)
        } else {
            let boundary = String(random.next(), radix: 16) + String(random.next(), radix: 16)
            pieces = FileParts.pieces(slices, type: found.type, size: size, boundary: boundary)
            head.type = "multipart/byteranges; boundary=\(boundary)"
        }
        head.length = pieces.reduce(0) { $0 + $1.count }
        composeFileHead(head, exchange, validators)
        return pieces
    }

    private mutating func composeFileHead(_ head: FileHead, _ exchange: UInt32, _ validators: FileValidators) {
        exchanges[exchange].status = UInt16(head.status)
        settleOwnPersistence(exchange)
        writer.removeAll()
        writer.statusLine(head.status)
        if let type = head.type { composeFileField("Content-Type", .contentType, type.utf8.span, exchange) }
        if let coding = exchanges[exchange].file?.found?.coding, head.status != 304 {
            writer.field("Content-Encoding", coding.name.bytes)
        }
        composeFileField("ETag", .etag, validators.tag.span, exchange)
        if let modified = validators.modified { composeModified(modified, exchange) }
        if exchanges[exchange].file?.question.site.codings.isEmpty == false {
            composeFileField("Vary", .vary, StaticString("Accept-Encoding").bytes, exchange)
        }
        if head.status != 304 { writer.write("Accept-Ranges: bytes\r\n") }
        if let range = head.range { writer.field("Content-Range", range.utf8.span) }
        composeAddedFields(exchange)
        endOwnHead(exchange, contentLength: head.length.map { Int($0) })
    }

    /// Writes a field, unless the route has something else to say in it.
    private mutating func composeFileField(
        _ name: StaticString, _ known: KnownField, _ value: Span<UInt8>, _ exchange: UInt32
    ) {
        let gone = actions.responses[Int(exchanges[exchange].actions)].gone
        if !gone.known.contains(known) { writer.field(name, value) }
    }

    private mutating func composeModified(_ seconds: Int64, _ exchange: UInt32) {
        var date = LineBuffer(capacity: 29)
        date.write(httpDate: CalendarTime(secondsSince1970: UInt64(seconds)))
        composeFileField("Last-Modified", .lastModified, date.bytes, exchange)
    }

    // MARK: Folders

    /// To the folder's own path: names on its page are relative to that. The path is in one form and begins with one slash, so
    /// it cannot be another host.
    private mutating func composeFolderRedirect(_ exchange: UInt32) {
        guard let question = exchanges[exchange].file?.question else { return }
        exchanges[exchange].status = 308
        settleOwnPersistence(exchange)
        writer.removeAll()
        writer.statusLine(308)
        writer.write("Location: ")
        writer.write(question.target.span)
        writer.write("/")
        if !question.query.isEmpty {
            writer.write("?")
            writer.write(question.query.span)
        }
        writer.write("\r\n")
        composeAddedFields(exchange)
        endOwnHead(exchange, contentLength: 0)
    }

    private mutating func composeListing(_ exchange: UInt32, _ length: Int) {
        exchanges[exchange].status = 200
        settleOwnPersistence(exchange)
        writer.removeAll()
        writer.statusLine(200)
        composeFileField(
            "Content-Type", .contentType, StaticString("text/html; charset=utf-8").bytes, exchange)
        composeFileField("Cache-Control", .cacheControl, StaticString("no-store").bytes, exchange)
        composeAddedFields(exchange)
        endOwnHead(exchange, contentLength: length)
    }
}

/// Entity tags of files (RFC 9110 section 8.8.3).
enum FileTag {
    /// The tag has the size and the time of the last change in nanoseconds, and the coding; so it is the same on all machines
    /// that have the same files.
    static func validators(of found: FoundFile, now: Int64) -> FileValidators {
        let modified = found.file.modified
        let time = UInt64(bitPattern: modified.seconds &* 1_000_000_000 &+ modified.nanoseconds)
        var tag = "\"" + String(found.file.size, radix: 16) + "-" + String(time, radix: 16)
        if let coding = found.coding { tag += "-" + coding.rawValue }
        // A time to come must not be told (RFC 9110 section 8.8.2.1).
        let isTellable = modified.seconds >= 0 && modified.seconds <= now
        return FileValidators(tag: Array((tag + "\"").utf8), modified: isTellable ? modified.seconds : nil)
    }
}
