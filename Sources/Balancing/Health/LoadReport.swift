// What servers say of their load in the field `endpoint-load-metrics` of a response: ORCA (Open Request Cost
// Aggregation), the message xds.data.orca.v3.OrcaLoadReport as text or as JSON. Bytes from a server: nothing is believed.
import MartletHTTPCore

/// Reads the load out of a report.
package enum LoadReport {
    /// Bytes of a report that are looked at; a longer one is none.
    package static var limit: Int { 4_096 }
    /// The highest utilisation that is told, in thousandths: what is above says the same.
    package static var most: UInt32 { 100_000 }

    /// The server's utilisation in thousandths: what the application says of itself, else that of its processors, which
    /// is above 1,000 when the server is beyond what it calls its limit. `nil` if the report has neither, or is none.
    ///
    /// Forms: "TEXT cpu_utilization=0.3, rps_fractional=10", "JSON {"cpu_utilization": 0.3}", and both without the word
    /// in front. A colon does for "=". The binary form ("BIN") is not read.
    package static func parse(_ value: Span<UInt8>) -> UInt32? {
        if value.count > limit { return nil }
        var bytes = value.extracting(ByteScan.trimmed(value, from: 0, to: value.count))
        let isText = hasPrefix(bytes, "TEXT ")
        let isJSON = hasPrefix(bytes, "JSON ")
        if isText || isJSON {
            bytes = bytes.extracting(ByteScan.trimmed(bytes, from: 5, to: bytes.count))
        }
        if bytes.isEmpty { return nil }
        var found = Found()
        if isJSON || (!isText && bytes[0] == UInt8(ascii: "{")) {
            if !LoadReportJSON.read(bytes, into: &found) { return nil }
        } else {
            readText(bytes, into: &found)
        }
        return found.utilisation
    }

    /// What has been found so far.
    struct Found {
        var application: UInt32?
        var processor: UInt32?

        /// 0 is how a report says that the application says nothing.
        var utilisation: UInt32? {
            if let application, application > 0 { return application }
            return processor ?? application
        }

        /// Takes a number if it is one that is looked for. JSON may write the names in either way.
        mutating func note(_ name: Span<UInt8>, _ number: Span<UInt8>) {
            if isName(name, "application_utilization", "applicationUtilization") {
                application = DecimalFraction.thousandths(number, most: LoadReport.most)
            } else if isName(name, "cpu_utilization", "cpuUtilization") {
                processor = DecimalFraction.thousandths(number, most: LoadReport.most)
            }
        }

        private func isName(_ name: Span<UInt8>, _ first: StaticString, _ second: StaticString) -> Bool {
            ByteScan.equals(name, first.bytes) || ByteScan.equals(name, second.bytes)
        }
    }

    /// "name=number, name=number". What is no such pair is passed over: it may be of a later version.
    private static func readText(_ bytes: Span<UInt8>, into found: inout Found) {
        var start = 0
        for index in 0...bytes.count where index == bytes.count || bytes[index] == UInt8(ascii: ",") {
            var split = start
            while split < index && bytes[split] != UInt8(ascii: "=") && bytes[split] != UInt8(ascii: ":") { split += 1 }
            if split < index {
                let name = bytes.extracting(ByteScan.trimmed(bytes, from: start, to: split))
                found.note(name, bytes.extracting(ByteScan.trimmed(bytes, from: split + 1, to: index)))
            }
            start = index + 1
        }
    }

    private static func hasPrefix(_ bytes: Span<UInt8>, _ word: StaticString) -> Bool {
        let prefix = word.bytes
        return bytes.count >= prefix.count && ByteScan.equals(bytes.extracting(first: prefix.count), prefix)
    }
}
