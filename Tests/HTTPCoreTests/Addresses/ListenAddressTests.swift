import MartletHTTPCore
import Testing

struct ListenAddressTests {
    @Test(arguments: [
        (":8080", ListenAddress.tcp(nil, port: 8080), ":8080"), ("*:8080", .tcp(nil, port: 8080), ":8080"),
        (":0", .tcp(nil, port: 0), ":0"),
        ("127.0.0.1:0", .tcp(IPAddress(v4: 0x7F00_0001), port: 0), "127.0.0.1:0"),
        ("0.0.0.0:80", .tcp(IPAddress(v4: 0), port: 80), "0.0.0.0:80"),
        ("[::]:80", .tcp(IPAddress(hi: 0, lo: 0), port: 80), "[::]:80"),
        ("[0::1]:80", .tcp(IPAddress(hi: 0, lo: 1), port: 80), "[::1]:80"),
        ("unix:/run/m.sock", .unix(path: "/run/m.sock"), "unix:/run/m.sock"),
    ])
    func readsEveryForm(text: String, address: ListenAddress, canonical: String) throws {
        #expect(try ListenAddress(parsing: text) == address)
        #expect(address.description == canonical)
        #expect(try ListenAddress(parsing: canonical) == address)
    }

    static let listener = "an address to listen on such as :8080, 127.0.0.1:8080, [::1]:8080 or unix:/run/martlet.sock"

    @Test(arguments: [
        ("8080", "the port of '8080' is missing", listener, 0, 4),
        ("localhost:8080", "'localhost' is not an IP address", listener, 0, 9),
        (":", "the port is missing", "a port between 0 and 65535", 1, 0),
        (":70000", "'70000' is not a port", "a port between 0 and 65535", 1, 5),
        ("::8080", "'::8080' is ambiguous", "an IPv6 address in brackets with a port, such as [::1]:8080", 0, 6),
        (
            "unix:m.sock", "'m.sock' cannot be the path of a Unix socket",
            "an absolute path of at most 107 bytes, such as unix:/run/app.sock", 5, 6
        ),
    ])
    func saysWhatIsWrong(text: String, message: String, expected: String, offset: Int, length: Int) {
        let error = #expect(throws: AddressError.self) { try ListenAddress(parsing: text) }
        #expect(error?.message == message)
        #expect(error?.expected == expected)
        #expect(error?.offset == offset && error?.length == length)
    }
}
