// First come, first served.

/// Elements in the order in which they came. Whoever appends bounds how many there are.
struct WaitingLine<Element: Sendable>: Sendable {
    private var elements: [Element?] = []
    private var first = 0

    var count: Int { elements.count - first }

    mutating func append(_ element: Element) { elements.append(element) }

    /// Takes out the one that has waited longest.
    mutating func takeFirst() -> Element? {
        if first == elements.count { return nil }
        let element = elements[first]
        elements[first] = nil
        first += 1
        // So that each element is moved once at most.
        if first * 2 > elements.count {
            elements.removeFirst(first)
            first = 0
        }
        return element
    }
}
