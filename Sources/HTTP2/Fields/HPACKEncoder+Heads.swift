// Whole heads: what stands in the start line becomes pseudo-fields (RFC 9113 section 8.3).

import MartletHTTPCore

extension HPACKEncoder {
    /// Encodes the head of a response at the front of `text`, and writes the block at the end of `out`.
    ///
    /// Fields about the connection are left out (RFC 9113 section 8.2.2). A 101, which is how HTTP/1 says that it took over
    /// another protocol, becomes 200, as an extended CONNECT is answered (RFC 8441 section 5).
    ///
    /// - Parameter text: "HTTP/1.1 SP status SP reason", field lines "Name: value" and a blank line, all with CR LF.
    /// - Returns: `nil` if that is not what `text` begins with, or if there is no room, which `out` remembers. Nothing has
    ///   been written then.
    package mutating func encodeResponse(_ text: Span<UInt8>, into out: inout HeadWriter) -> EncodedHead? {
        var task = BlockTask(start: out.count)
        let isWhole = response(text, &task, into: &out)
        return close(task, isWhole: isWhole, &out)
    }

    /// Encodes the head of a request at the front of `text`, and writes the block at the end of `out`.
    ///
    /// Host becomes `:authority`. Fields about the connection are left out (RFC 9113 section 8.2.2).
    ///
    /// - Parameters:
    ///   - text: "METHOD SP target SP HTTP/1.1", field lines "Name: value" and a blank line, all with CR LF. The target is
    ///     in origin-form, "*", or the authority of a CONNECT.
    ///   - isSecure: what `:scheme` says: "https" or "http".
    ///   - protocol: for an extended CONNECT (RFC 8441), which is what an Upgrade becomes: `:protocol`. The text's method is
    ///     replaced, and what belongs to the handshake of HTTP/1 is left out.
    /// - Returns: `nil` if that is not what `text` begins with, or if there is no room, which `out` remembers. Nothing has
    ///   been written then.
    package mutating func encodeRequest(
        _ text: Span<UInt8>, isSecure: Bool, protocol name: StaticString?, into out: inout HeadWriter
    ) -> EncodedHead? {
        var task = BlockTask(start: out.count)
        task.isRequest = true
        let isWhole = request(text, isSecure: isSecure, protocol: name, &task, into: &out)
        return close(task, isWhole: isWhole, &out)
    }

    /// Encodes the trailers at the front of `text`, and writes the block at the end of `out`.
    ///
    /// - Parameter text: field lines "Name: value" and a blank line, all with CR LF.
    /// - Returns: how many bytes of `text` that are; `nil` as for the others.
    package mutating func encodeTrailers(_ text: Span<UInt8>, into out: inout HeadWriter) -> Int? {
        var task = BlockTask(start: out.count)
        writeSizeUpdate(into: &out)
        let isWhole = encodeLines(text, from: 0, &task, into: &out)
        return close(task, isWhole: isWhole, &out)?.textBytes
    }

    @inline(__always)
    private mutating func response(
        _ text: Span<UInt8>, _ task: inout BlockTask, into out: inout HeadWriter
    ) -> Bool {
        guard let line = StatusLineText(text) else { return false }
        writeSizeUpdate(into: &out)
        task.head.status = line.status
        task.isUpgrade = line.status == 101
        write(status: task.isUpgrade ? 200 : line.status, into: &out)
        return encodeLines(text, from: line.end, &task, into: &out)
    }

    @inline(__always)
    private mutating func request(
        _ text: Span<UInt8>, isSecure: Bool, protocol name: StaticString?, _ task: inout BlockTask,
        into out: inout HeadWriter
    ) -> Bool {
        guard let line = RequestLineText(text) else { return false }
        writeSizeUpdate(into: &out)
        task.isUpgrade = name != nil
        task.host = HostLine(in: text, from: line.end)
        if line.isConnect(text), name == nil {
            write(method: text.extracting(line.method), into: &out)
            encodeAuthority(text, line.target, into: &out)
        } else {
            guard line.hasPath(text) else { return false }
            write(method: name == nil ? text.extracting(line.method) : StaticString("CONNECT").bytes, into: &out)
            if let name { write(protocolName: name, into: &out) }
            out.write(byte: isSecure ? 0x87 : 0x86)
            write(path: text.extracting(line.target), into: &out)
            if task.host.start >= 0 { encodeAuthority(text, task.host.value, into: &out) }
        }
        return encodeLines(text, from: line.end, &task, into: &out)
    }

    /// The end of a block, be it as it should or not.
    @inline(__always)
    private mutating func close(_ task: BlockTask, isWhole: Bool, _ out: inout HeadWriter) -> EncodedHead? {
        guard isWhole, !out.overflowed else {
            abandon(&out, from: task.start)
            return nil
        }
        finish()
        return task.head
    }

    @inline(never)
    private func write(protocolName name: StaticString, into out: inout HeadWriter) {
        out.write(byte: 0)
        out.write(name: StaticString(":protocol").bytes, huffman)
        out.write(string: name.bytes, huffman)
    }

    /// `:status`: three digits, for which seven bits of a name are all that can be saved.
    @inline(__always)
    private func write(status: Int, into out: inout HeadWriter) {
        switch status {
        case 200: out.write(byte: 0x88)
        case 204: out.write(byte: 0x89)
        case 206: out.write(byte: 0x8A)
        case 304: out.write(byte: 0x8B)
        case 400: out.write(byte: 0x8C)
        case 404: out.write(byte: 0x8D)
        case 500: out.write(byte: 0x8E)
        default:
            out.write(byte: 0x08)
            out.write(byte: 3)
            out.write(decimal: UInt64(status))
        }
    }

    @inline(__always)
    private func write(method: Span<UInt8>, into out: inout HeadWriter) {
        switch HTTPMethod(name: method) {
        case .get: out.write(byte: 0x82)
        case .post: out.write(byte: 0x83)
        default:
            out.write(byte: 0x02)
            write(string: method, into: &out)
        }
    }

    @inline(__always)
    private func write(path: Span<UInt8>, into out: inout HeadWriter) {
        if path.count == 1, path[0] == 0x2F { return out.write(byte: 0x84) }
        out.write(byte: 0x04)
        write(string: path, into: &out)
    }
}
