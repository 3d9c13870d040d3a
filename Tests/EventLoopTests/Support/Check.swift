// For conditions that look at what cannot be copied, which the macro has to.
import Testing

/// Records an issue unless the condition holds.
func check(_ condition: Bool, _ location: SourceLocation = #_sourceLocation) {
    #expect(condition, sourceLocation: location)
}
