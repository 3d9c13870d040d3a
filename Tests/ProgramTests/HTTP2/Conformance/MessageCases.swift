// Requests that are malformed: h2spec's sections 8.1 to 8.1.2.6.
import MartletTestSupport

extension ConformanceGroup {
    static let messages = ConformanceGroup(
        "http2/8", [exchanges, names, pseudo, connectionFields, requestFields, lengths])

    private static let exchanges = ConformanceSection("http2/8.1") { section in
        section.add("a second head that is not the end", .streamError([.protocolError])) { client in
            let trailers = HPACKWriter.block([HTTPField("x-test", "ok")])
            return [client.post(), .data(1, "test", []), .open(1, trailers)]
        }
    }

    private static let names = ConformanceSection("http2/8.1.2") { section in
        section.addFields("a name in upper case") { $0 + [HTTPField("X-TEST", "ok")] }
    }

    private static let pseudo = ConformanceSection("http2/8.1.2.1") { section in
        section.addFields("an unknown pseudo-field") { $0 + [HTTPField(":test", "ok")] }
        section.addFields("a pseudo-field of responses") { $0 + [HTTPField(":status", "200")] }
        section.add("a pseudo-field in trailers", .streamError([.protocolError])) { client in
            let trailers = HPACKWriter.block([HTTPField(":method", "POST")])
            return [client.post(), .data(1, "test", []), .open(1, trailers)]
        }
        section.addFields("a pseudo-field behind another field") { [HTTPField("x-test", "ok")] + $0 }
    }

    private static let connectionFields = ConformanceSection("http2/8.1.2.2") { section in
        section.addFields("a field of the connection") { $0 + [HTTPField("connection", "keep-alive")] }
        section.addFields("TE other than trailers") { fields in
            fields + [HTTPField("trailers", "test"), HTTPField("te", "trailers, deflate")]
        }
    }

    private static let requestFields = ConformanceSection("http2/8.1.2.3") { section in
        section.addFields("an empty :path") { $0.map { $0.name == ":path" ? HTTPField(":path", "") : $0 } }
        for name in [":method", ":scheme", ":path"] {
            section.addFields("no \(name)") { $0.filter { $0.name != name } }
        }
        for name in [":method", ":scheme", ":path"] {
            section.addFields("two \(name)") { fields in fields + fields.filter { $0.name == name } }
        }
    }

    private static let lengths = ConformanceSection("http2/8.1.2.6") { section in
        let one = HTTPField("content-length", "1")
        section.add("more DATA than Content-Length", .streamError([.protocolError])) { client in
            [client.post([one]), .data(1, "test")]
        }
        section.add("the same in several frames", .streamError([.protocolError])) { client in
            [client.post([one]), .data(1, "test", []), .data(1, "test")]
        }
    }
}

extension ConformanceSection {
    /// A case with the fields of a request that are changed to wrong ones.
    mutating func addFields(_ title: String, _ change: @escaping @Sendable ([HTTPField]) -> [HTTPField]) {
        add(title, .streamError([.protocolError])) { client in
            [.headers(1, HPACKWriter.block(change(client.server.request())))]
        }
    }
}
