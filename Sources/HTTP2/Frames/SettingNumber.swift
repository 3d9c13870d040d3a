// The settings by number, and what a peer has said of itself with them.

/// The settings that are known here (RFC 9113 section 6.5.2, RFC 8441 section 3, RFC 9218 section 2.1). Others are ignored.
package enum SettingNumber: UInt16, Sendable, CaseIterable {
    /// Bytes of the table with which its sender decodes field blocks.
    case headerTableSize = 1
    /// Whether the sender, a client, takes pushed requests.
    case enablePush = 2
    /// How many streams its sender lets the peer have at a time.
    case maxConcurrentStreams = 3
    /// The window of new streams, for what is sent to its sender.
    case initialWindowSize = 4
    /// The largest payload that its sender takes.
    case maxFrameSize = 5
    /// How large a field section its sender takes; an advice.
    case maxHeaderListSize = 6
    /// Whether its sender, a server, takes CONNECT with `:protocol`.
    case enableConnectProtocol = 8
    /// The sender does not use, or not look at, the deprecated priorities.
    case noRFC7540Priorities = 9
}

/// What the peer has said of itself with SETTINGS; before it has, what RFC 9113 section 6.5.2 says.
package struct PeerSettings: BitwiseCopyable, Equatable, Sendable {
    /// The largest table that our encoder may use, in bytes.
    package internal(set) var headerTableBytes = 4096
    /// The smallest value that this had in the last SETTINGS: an encoder has to go down to it first (RFC 7541 section
    /// 4.2).
    package internal(set) var smallestHeaderTableBytes = 4096
    /// How many streams we may have at a time. RFC 9113 has no bound before SETTINGS has come; 100 is what it
    /// recommends to allow at least.
    package internal(set) var maxStreams = 100
    /// The window of new streams, in bytes.
    package internal(set) var initialWindow = 65_535
    /// The largest payload of a frame, in bytes.
    package internal(set) var maxFrame = 16_384
    /// The largest field section that it takes, in bytes; `Int.max` if it does not say.
    package internal(set) var headerListBytes = Int.max
    /// It takes CONNECT with `:protocol` (RFC 8441).
    package internal(set) var enablesConnect = false
    /// It has said whether it uses the deprecated priorities, and cannot change its mind (RFC 9218 section 2.1).
    var priorities: UInt32?
    /// The first SETTINGS has come.
    package internal(set) var isKnown = false
}
