// The reasons for which a block of fields cannot be decoded.

/// Why a block was refused. Whatever it is, both ends no longer agree on the table, so the connection ends with
/// COMPRESSION_ERROR (RFC 9113 section 4.3).
package enum HPACKFault: UInt8, Error, BitwiseCopyable, Equatable, Sendable, CaseIterable {
    /// The block ends within a field.
    case truncated
    /// A number of more than five bytes behind its prefix (RFC 7541 section 5.1 lets a decoder set a limit).
    case integerTooLong
    /// Index 0, or one behind the end of the table (RFC 7541 sections 2.3.3 and 6.1).
    case badIndex
    /// A string ends with other bits than up to seven ones (RFC 7541 section 5.2).
    case badPadding
    /// The code for the end of a string stands in one (RFC 7541 section 5.2).
    case endOfStringCode
    /// The table changes its size behind the first field of a block (RFC 7541 section 4.2).
    case lateSizeUpdate
    /// The table becomes larger than we allow (RFC 7541 section 6.3).
    case sizeUpdateTooLarge
    /// The table had to become smaller and did not (RFC 7541 section 4.2).
    case missingSizeUpdate

    /// What was wrong in a few words, for logs.
    package var reason: String {
        switch self {
        case .truncated: "block of fields ends too early"
        case .integerTooLong: "number in a block of fields too long"
        case .badIndex: "index of a field that is not there"
        case .badPadding: "malformed padding of a coded string"
        case .endOfStringCode: "end of string within a coded string"
        case .lateSizeUpdate: "table size changed behind a field"
        case .sizeUpdateTooLarge: "table size above the limit"
        case .missingSizeUpdate: "table size not reduced"
        }
    }
}
