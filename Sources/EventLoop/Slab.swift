// Records with stable places. One of the few files that hold `unsafe`: the storage is raw, every access is checked.

/// A table of records that come and go. A record keeps its place while it lives; a place that is free again is used
/// again, under another generation. Memory grows by chunks up to a bound and is never moved.
///
/// Hot state lives in slabs and is reached by `inout`: no reference counting, no exclusivity check at run time.
@safe
@usableFromInline
package struct Slab<Element: ~Copyable>: ~Copyable {
    /// What is known of a place besides its record.
    @usableFromInline
    struct Place: BitwiseCopyable {
        /// Odd while the place is taken.
        @usableFromInline var generation: UInt32
        @usableFromInline var nextFree: UInt32
    }

    @unsafe
    @usableFromInline
    struct Chunk {
        @usableFromInline let places: UnsafeMutablePointer<Place>
        /// Initialized where the place is taken.
        @usableFromInline let elements: UnsafeMutablePointer<Element>
    }

    @inlinable static var chunkBits: Int { 8 }
    @inlinable static var chunkSize: Int { 1 << chunkBits }

    @usableFromInline var chunks: UnsafeMutablePointer<Chunk>
    @usableFromInline var chunkCount = 0
    private let chunkLimit: Int
    @usableFromInline var firstFree: UInt32 = .max
    /// How many records live in the slab.
    @usableFromInline package internal(set) var count = 0
    /// How many records may live in the slab.
    @usableFromInline package let limit: Int

    /// A slab for at most `limit` records.
    package init(limit: Int) {
        self.limit = max(limit, 1)
        chunkLimit = (self.limit + Self.chunkSize - 1) >> Self.chunkBits
        unsafe chunks = .allocate(capacity: chunkLimit)
    }

    deinit {
        for index in 0..<places where isTaken(index) {
            unsafe element(index).deinitialize(count: 1)
        }
        for chunk in 0..<chunkCount {
            unsafe chunks[chunk].places.deallocate()
            unsafe chunks[chunk].elements.deallocate()
        }
        unsafe chunks.deallocate()
    }

    /// Puts a record into a free place; `nil` when the slab is full, and then the record is gone.
    @inlinable
    package mutating func insert(_ record: consuming Element) -> Token? {
        if count == limit { return nil }
        if firstFree == .max { addChunk() }
        let index = firstFree
        let place = unsafe place(Int(index))
        unsafe firstFree = place.pointee.nextFree
        unsafe place.pointee.generation &+= 1
        unsafe element(Int(index)).initialize(to: record)
        count += 1
        return unsafe Token(index: index, generation: place.pointee.generation)
    }

    /// Takes a record out. Its place is free afterwards; does nothing if it is gone already.
    @inlinable
    package mutating func remove(_ token: Token) {
        if !contains(token) { return }
        let place = unsafe place(Int(token.index))
        unsafe place.pointee.generation &+= 1
        unsafe place.pointee.nextFree = firstFree
        firstFree = token.index
        count -= 1
        unsafe element(Int(token.index)).deinitialize(count: 1)
    }

    /// Gives a record another name, and keeps it where it is: for who knows the old one, it is gone.
    package mutating func rename(_ token: Token) -> Token {
        precondition(contains(token), "a record that is gone has no name")
        let place = unsafe place(Int(token.index))
        unsafe place.pointee.generation &+= 2
        return unsafe Token(index: token.index, generation: place.pointee.generation)
    }

    /// Whether the record lives.
    @inlinable
    package func contains(_ token: Token) -> Bool {
        if Int(token.index) >> Self.chunkBits >= chunkCount || token.generation & 1 == 0 { return false }
        return unsafe place(Int(token.index)).pointee.generation == token.generation
    }

    /// The token of the record that a place holds now; `nil` if the place is free.
    @inlinable
    package func token(at index: Int) -> Token? {
        if index < 0 || index >> Self.chunkBits >= chunkCount || !isTaken(index) { return nil }
        return unsafe Token(index: UInt32(index), generation: place(index).pointee.generation)
    }

    /// Places that have been made so far: an upper bound for `token(at:)`.
    @inlinable
    package var places: Int { chunkCount << Self.chunkBits }

    /// The record at a place, which must be taken.
    @inlinable
    package subscript(index: UInt32) -> Element {
        @inline(__always) unsafeAddress { unsafe UnsafePointer(elementAddress(Int(index))) }
        @inline(__always) unsafeMutableAddress { unsafe elementAddress(Int(index)) }
    }

    @inlinable
    @inline(__always)
    func elementAddress(_ index: Int) -> UnsafeMutablePointer<Element> {
        precondition(index >> Self.chunkBits < chunkCount, "no such place in the slab")
        precondition(isTaken(index), "nothing at this place in the slab")
        return unsafe element(index)
    }

    @inlinable
    @inline(__always)
    func isTaken(_ index: Int) -> Bool { unsafe place(index).pointee.generation & 1 == 1 }

    @inlinable
    @inline(__always)
    func place(_ index: Int) -> UnsafeMutablePointer<Place> {
        unsafe chunks[index >> Self.chunkBits].places + (index & (Self.chunkSize - 1))
    }

    @inlinable
    @inline(__always)
    func element(_ index: Int) -> UnsafeMutablePointer<Element> {
        unsafe chunks[index >> Self.chunkBits].elements + (index & (Self.chunkSize - 1))
    }

    @usableFromInline
    mutating func addChunk() {
        precondition(chunkCount < chunkLimit, "the slab's free list is broken")
        let chunk = unsafe Chunk(
            places: .allocate(capacity: Self.chunkSize), elements: .allocate(capacity: Self.chunkSize))
        let first = chunkCount << Self.chunkBits
        for offset in 0..<Self.chunkSize {
            let next = offset + 1 < Self.chunkSize ? UInt32(first + offset + 1) : .max
            unsafe (chunk.places + offset).initialize(to: Place(generation: 0, nextFree: next))
        }
        unsafe (chunks + chunkCount).initialize(to: chunk)
        chunkCount += 1
        firstFree = UInt32(first)
    }
}
