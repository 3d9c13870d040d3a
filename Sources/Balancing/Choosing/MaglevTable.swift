// Where keys lead.

/// TO BE WRITTEN
package struct MaglevTable: Sendable, Equatable {
    package init(_ members: [Candidate]) {}
}
