import MartletEventLoop
import Testing

@testable import MartletControl

@Suite struct StartErrorTests {
    private static let sentences: [(StartError, String)] = [
        (
            .listening(address: ":80", .addressInUse),
            "cannot listen on :80: Address already in use; another process has it (`ss -ltnp` shows which), "
                + "or choose another port"
        ),
        (
            .listening(address: ":80", .accessDenied),
            "cannot listen on :80: Permission denied; ports below 1024 need root or the capability "
                + "CAP_NET_BIND_SERVICE (docs/systemd.md)"
        ),
        (
            .listening(address: "192.0.2.1:80", .addressNotAvailable),
            "cannot listen on 192.0.2.1:80: Cannot assign requested address; this host does not have that address"
        ),
        (.listening(address: ":80", .noMemory), "cannot listen on :80: Cannot allocate memory"),
        (.accessLog(path: "/a/b", .accessDenied), "cannot open the access log /a/b: Permission denied"),
        (
            .engine(.tooOld),
            "cannot start: the config asks for io_uring: the kernel's is too old; `engine: auto` takes epoll then"
        ),
        (.system(.noMemory), "cannot start: Cannot allocate memory"),
        (
            .system(.tooManyDescriptors),
            "cannot start: Too many open files; raise the limit of descriptors (`ulimit -n`, LimitNOFILE= in a systemd unit)"
        ),
        (
            .descriptors(needed: 30, had: 9),
            "it takes 30 more open files and sockets, and there may be 9; raise the limit of descriptors "
                + "(`ulimit -n`, LimitNOFILE= in a systemd unit)"
        ),
        (.pattern("a path"), "a route's pattern is wrong; expected a path"),
    ]

    @Test(arguments: sentences)
    func saysWhatToDo(error: StartError, text: String) { #expect(error.description == text) }

    private static let addresses: [(SocketAddress, String)] = [
        (SocketAddress(anyPort: 80), ":80"),
        (.loopback(port: 8080), "127.0.0.1:8080"),
        (SocketAddress(high: 0, low: 1, port: 1), "[::1]:1"),
        (SocketAddress(high: 0, low: 0, port: 1), "[::]:1"),
        (SocketAddress(path: "/run/a"), "unix:/run/a"),
    ]

    @Test(arguments: addresses)
    func addressesAreWrittenAsInTheConfig(address: SocketAddress, text: String) {
        #expect(address.description == text)
    }
}
