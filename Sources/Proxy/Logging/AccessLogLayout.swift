// How lines of the access log look, and which requests have one. It may change while exchanges are going on, part of whose line is
// written already: each ends in the layout that it began with.

/// What a line is begun and ended by.
package struct AccessLogLayout: Sendable {
    let format: AccessLogFormat
    let plan: AccessLogPlan
    /// Whether there are lines at all.
    let isOn: Bool
    /// Whether lines are of one's own choice.
    let isChosen: Bool
    /// Whether there may be requests without a line.
    let isSelective: Bool
    let showsResponseFields: Bool
    /// Whether times are as the combined format has them.
    let isCombined: Bool

    package init(_ format: AccessLogFormat, _ plan: AccessLogPlan = AccessLogPlan(), isOn: Bool) {
        self.format = format
        self.plan = plan
        self.isOn = isOn
        isChosen = plan.fields != nil
        isSelective = plan.isSelective && isOn
        showsResponseFields = plan.showsResponseFields && isOn
        isCombined = format == .combined && plan.fields == nil
    }
}

/// Another access log.
package struct AccessLogChange: Sendable {
    /// Where lines go from now on; `nil` for nowhere.
    let sink: (any AccessLogSink)?
    /// `nil` where lines stay as they are.
    let layout: AccessLogLayout?

    package init(sink: (any AccessLogSink)?, layout: AccessLogLayout?) {
        self.sink = sink
        self.layout = layout
    }
}

/// The layouts of lines that are begun, by their numbers.
struct AccessLogLayouts {
    private(set) var current: AccessLogLayout
    /// The number of the current one.
    private(set) var number: UInt16 = 0
    private(set) var earlier: [UInt16: AccessLogLayout] = [:]

    init(_ layout: AccessLogLayout) { current = layout }

    subscript(number: UInt16) -> AccessLogLayout { number == self.number ? current : earlier[number] ?? current }

    /// Lines are begun in another layout from now on.
    /// - Parameter used: the numbers of the layouts in which lines are begun.
    mutating func change(to layout: AccessLogLayout, used: Set<UInt16>) {
        earlier[number] = current
        earlier = earlier.filter { used.contains($0.key) }
        repeat { number &+= 1 } while used.contains(number)
        current = layout
    }
}
