// The rules of the two text formats: Prometheus', version 0.0.4, and OpenMetrics, version 1.0.0. Families with HELP and TYPE,
// samples with escaped labels.
import MartletTelemetry

/// Which of the formats is written.
package enum MetricsFormat: Sendable {
    case prometheus, openMetrics

    /// The value of Content-Type.
    package var contentType: String {
        switch self {
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }
}

/// Writes the text, one family after the other. The memory that it takes is used again for the next page.
struct PrometheusWriter: ~Copyable {
    /// As the formats call the kinds of families.
    enum Kind: String {
        case counter, gauge, histogram
    }

    /// Room for a sample besides its name and labels.
    private static var sampleRoom: Int { 128 }

    let format: MetricsFormat
    private var text: LineBuffer
    private var family = ""
    /// The same as it is written.
    private var name: [UInt8] = []
    /// What all lines of a histogram begin with.
    private var prefix = LineBuffer(capacity: 1 << 10)

    init(_ format: MetricsFormat = .prometheus, into text: consuming LineBuffer = LineBuffer(capacity: 64 << 10)) {
        self.format = format
        self.text = text
        self.text.removeAll()
    }

    /// Ends the page.
    consuming func finish() -> LineBuffer {
        if format == .openMetrics {
            text.reserve(Self.sampleRoom)
            text.write("# EOF\n")
        }
        return text
    }

    /// Begins a family unless it is the one at hand. Samples of a counter end with `_total`.
    mutating func begin(_ kind: Kind, _ descriptor: MetricDescriptor) {
        let name = "martlet_" + descriptor.name
        let sample = name + (kind == .counter ? "_total" : "")
        if sample == family { return }
        family = sample
        self.name = Array(sample.utf8)
        // In OpenMetrics the suffix is not part of the family's name.
        let header = format == .openMetrics ? name : sample
        write("# HELP \(header) \(Self.escaped(descriptor.help, quotes: format == .openMetrics))\n")
        write("# TYPE \(header) \(kind.rawValue)\n")
        if format == .openMetrics, let unit = descriptor.unit { write("# UNIT \(header) \(unit)\n") }
    }

    /// Writes a sample of the family at hand.
    /// - Parameter suffix: of the name, as histograms have it.
    mutating func sample(_ value: String, _ labels: [MetricLabel] = [], suffix: String = "") {
        write(family + suffix)
        if !labels.isEmpty { write("{" + Self.text(of: labels) + "}") }
        write(" \(value)\n")
    }

    private mutating func write(_ text: String) {
        self.text.reserve(text.utf8.count)
        self.text.write(text)
    }

    // MARK: Many samples

    /// Writes a sample of the family at hand whose labels are text already.
    /// - Parameters:
    ///   - labels: as `text(of:)` writes them, without the braces; not empty.
    ///   - more: another label, of the same kind, or nothing.
    ///   - decimals: how many digits of the value stand behind the point.
    mutating func sample(_ value: UInt64, _ labels: [UInt8], _ more: [UInt8] = [], decimals: Int = 0) {
        begin(labels, more)
        end(value, decimals: decimals)
    }

    /// The same of a gauge: a sum of what goes up on one loop and may go down on another, so it wraps around zero.
    mutating func gauge(_ value: UInt64, _ labels: [UInt8], _ more: [UInt8] = []) {
        begin(labels, more)
        let number = Int64(bitPattern: value)
        if number < 0 { text.write(byte: 0x2D) }
        end(number.magnitude)
    }

    private static let bounds: [[[UInt8]]] = [MetricsFormat.prometheus, .openMetrics].map { format in
        let bounds = DurationBuckets.bounds.map { text(of: [.init("le", bound($0, format))]) } + ["le=\"+Inf\""]
        return bounds.map { Array(",\($0)} ".utf8) }
    }

    /// Writes a histogram over `DurationBuckets`.
    mutating func histogram(_ labels: [UInt8], sum: UInt64, bucket: (Int) -> UInt64) {
        let bounds = Self.bounds[format == .prometheus ? 0 : 1]
        let name = name
        prefix.removeAll()
        prefix.reserve(name.count + labels.count + Self.sampleRoom)
        prefix.write(name.span)
        prefix.write("_bucket{")
        prefix.write(labels.span)
        text.reserve((bounds.count + 2) * (prefix.count + Self.sampleRoom))
        var count: UInt64 = 0
        for index in bounds.indices {
            count &+= bucket(index)
            prefix.write(into: &text)
            let bound = bounds[index]
            text.write(bound.span)
            end(count)
        }
        begin(sample: "_sum", labels)
        end(sum, decimals: 6)
        begin(sample: "_count", labels)
        end(count)
    }

    /// The caller has seen to it that there is room.
    private mutating func begin(sample suffix: StaticString, _ labels: [UInt8]) {
        let name = name
        text.write(name.span)
        text.write(suffix)
        text.write(byte: 0x7B)
        text.write(labels.span)
        text.write("} ")
    }

    private mutating func begin(_ labels: [UInt8], _ more: [UInt8]) {
        let name = name
        text.reserve(name.count + labels.count + more.count + Self.sampleRoom)
        text.write(name.span)
        text.write(byte: 0x7B)
        text.write(labels.span)
        if !more.isEmpty {
            text.write(byte: 0x2C)
            text.write(more.span)
        }
        text.write("} ")
    }

    private mutating func end(_ value: UInt64, decimals: Int = 0) {
        text.write(decimal: value, decimals: decimals)
        text.write(byte: 0x0A)
    }

    // MARK: Texts

    /// A bucket's bound: as a number for Prometheus, as a number with a point in OpenMetrics.
    static func bound(_ microseconds: UInt64, _ format: MetricsFormat) -> String {
        let text = decimal(microseconds, decimals: 6)
        return format == .openMetrics && !text.contains(".") ? text + ".0" : text
    }

    /// A count of small units in the base unit: 1500000 with 6 decimals is "1.5".
    static func decimal(_ count: UInt64, decimals: Int) -> String {
        var line = LineBuffer(capacity: 48)
        line.write(decimal: count, decimals: decimals)
        return String(decoding: line.copy(), as: UTF8.self)
    }

    /// Labels as they stand between the braces.
    static func text(of labels: [MetricLabel]) -> String {
        labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",")
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension LineBuffer {
    /// A count of small units in the base unit: 1500000 with 6 decimals is "1.5".
    fileprivate mutating func write(decimal count: UInt64, decimals: Int) {
        if decimals == 0 { return write(decimal: count) }
        var power: UInt64 = 1
        for _ in 0..<decimals { power *= 10 }
        write(decimal: count / power)
        var (fraction, digits) = (count % power, decimals)
        if fraction == 0 { return }
        while fraction % 10 == 0 {
            fraction /= 10
            digits -= 1
        }
        write(byte: 0x2E)
        write(Int(fraction), width: digits)
    }
}
