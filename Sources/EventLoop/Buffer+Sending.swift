// What a driver that makes frames of buffers must know of them: how much has been sent. And what one buffer is made of several by.

extension Buffer {
    /// How many bytes have been sent.
    package var sentCount: Int { sent }

    /// How many bytes have not been sent.
    package var unsentCount: Int { count - sent }

    /// The bytes that have not been sent.
    package var unsent: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes.extracting(sent..<count) }
    }

    /// Counts the first of them as sent. They stay.
    package mutating func noteSent(_ count: Int) {
        precondition(count >= 0 && count <= unsentCount, "more sent than there is")
        sent += count
    }

    /// Puts what `other` holds behind the bytes; `false`, and nothing changed, when that leaves no tailroom.
    mutating func join(_ other: borrowing Buffer) -> Bool {
        other.count + Self.tailroom <= roomBehind && append(other.bytes)
    }

    /// None of it has been sent.
    package mutating func rewind() { sent = 0 }
}
