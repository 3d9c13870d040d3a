// How the inner parsing functions report that they cannot go on. Thrown as a typed error, which costs a register test.

import MartletHTTPCore

/// Why parsing a head stopped before its end.
enum HeadStop: Error, BitwiseCopyable {
    /// The bytes end here; all is in order so far.
    case incomplete
    /// A rule is violated.
    case refused(HeadRefusal)
}
