import MartletHTTPCore
import Testing

struct ServerAddressTests {
    @Test(arguments: [
        ("127.0.0.1:9001", ServerAddress.ip(IPAddress(v4: 0x7F00_0001), port: 9001)),
        ("[::1]:65535", .ip(IPAddress(hi: 0, lo: 1), port: 65535)),
        ("app.internal:9001", .name("app.internal", port: 9001)),
        ("APP:80", .name("app", port: 80)), ("my_app-2:80", .name("my_app-2", port: 80)),
        ("a.b.:1", .name("a.b.", port: 1)),
        ("1password.com:443", .name("1password.com", port: 443)),
        ("unix:/run/app.sock", .unix(path: "/run/app.sock")), ("unix:/with space:80", .unix(path: "/with space:80")),
    ])
    func readsEveryForm(text: String, address: ServerAddress) throws {
        #expect(try ServerAddress(parsing: text) == address)
        #expect(try ServerAddress(parsing: address.description) == address)
    }

    static let server = "a server such as 127.0.0.1:9001, [::1]:9001, app.internal:9001 or unix:/run/app.sock"
    static let port = "a port between 1 and 65535"
    static let path = "an absolute path of at most 107 bytes, such as unix:/run/app.sock"

    @Test(arguments: [
        ("", "the address is empty", server, 0, 0),
        ("127.0.0.1", "the port of '127.0.0.1' is missing", server, 0, 9),
        ("app", "the port of 'app' is missing", server, 0, 3),
        ("app:", "the port is missing", port, 4, 0),
        ("app:0", "'0' is not a port", port, 4, 1),
        ("app:65536", "'65536' is not a port", port, 4, 5),
        ("app:080", "'080' is not a port", port, 4, 3),
        ("app:http", "'http' is not a port", port, 4, 4),
        ("app:-1", "'-1' is not a port", port, 4, 2),
        (":80", "the host is missing", server, 0, 0),
        ("127.0.0:80", "'127.0.0' is not an IPv4 address", server, 0, 7),
        ("1.2.3.256:80", "'1.2.3.256' is not an IPv4 address", server, 0, 9),
        ("a b:80", "'a b' is neither an IP address nor a host name", server, 0, 3),
        ("a..b:80", "'a..b' is neither an IP address nor a host name", server, 0, 4),
        ("-a:80", "'-a' is neither an IP address nor a host name", server, 0, 2),
        ("bücher.example:80", "'bücher.example' is neither an IP address nor a host name", server, 0, 15),
        ("::1:80", "'::1:80' is ambiguous", "an IPv6 address in brackets with a port, such as [::1]:8080", 0, 6),
        ("[::1]", "the port of '[::1]' is missing", server, 5, 0),
        ("[::1]80", "the port of '[::1]80' is missing", server, 5, 2),
        ("[::1:80", "the bracket is not closed", server, 0, 7),
        ("[1.2.3.4]:80", "'1.2.3.4' is not an IPv6 address", server, 1, 7),
        ("[::1]:99999", "'99999' is not a port", port, 6, 5),
        ("http://app:80", "'http://app:80' is a URL, not an address", server, 0, 13),
        ("unix:", "the path of the socket is missing", path, 5, 0),
        ("unix:run/app.sock", "'run/app.sock' cannot be the path of a Unix socket", path, 5, 12),
    ])
    func saysWhatIsWrong(text: String, message: String, expected: String, offset: Int, length: Int) {
        let error = #expect(throws: AddressError.self) { try ServerAddress(parsing: text) }
        #expect(error?.message == message)
        #expect(error?.expected == expected)
        #expect(error?.offset == offset && error?.length == length)
    }

    @Test func boundsTheLengthsOfNamesAndPaths() {
        let label = String(repeating: "a", count: 63)
        let name = [label, label, label, String(label.dropLast(2))].joined(separator: ".")
        #expect(throws: Never.self) { try ServerAddress(parsing: name + ":1") }
        #expect(throws: AddressError.self) { try ServerAddress(parsing: name + "a:1") }
        #expect(throws: AddressError.self) { try ServerAddress(parsing: label + "a:1") }
        let path = "unix:/" + String(repeating: "p", count: 106)
        #expect(throws: Never.self) { try ServerAddress(parsing: path) }
        #expect(throws: AddressError.self) { try ServerAddress(parsing: path + "p") }
    }
}
