"""How much user memory an idle keep-alive client connection costs: memory after minus before, over the connections."""
import contextlib
import pathlib
import re
import socket
import ssl

from . import servers, variants

PER_ADDRESS = 5000  # Client connections from one source address, well below the number of ephemeral ports.


def private_bytes(pids):
    """Anonymous memory that the processes hold by themselves, in bytes."""
    texts = [pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids]
    return 1024 * sum(int(re.search(r"^Anonymous:\s+(\d+)", text, re.M)[1]) for text in texts)


def connect_from(index, port):
    source = f"127.0.0.{2 + index // PER_ADDRESS}"
    return socket.create_connection(("127.0.0.1", port), timeout=5, source_address=(source, 0))


def ask(connection):
    """One whole exchange, after which the connection is idle."""
    connection.sendall(b"GET /1k HTTP/1.1\r\nHost: bench.example\r\nUser-Agent: idle/1.0\r\nAccept: */*\r\n\r\n")
    received = b""
    while b"\r\n\r\n" not in received or len(received.partition(b"\r\n\r\n")[2]) < 1024:
        part = connection.recv(65536)
        if not part:
            raise servers.Failure("the proxy closed a connection")
        received += part
    if not received.startswith(b"HTTP/1.1 200"):
        raise servers.Failure(f"the proxy answered {received[:40]!r}")


def still_open(connection):
    """Whether the proxy keeps the connection: nothing to read, neither bytes nor an end."""
    connection.setblocking(False)
    with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError):
        connection.recv(1)
        return False
    return True


def per_connection(variant, count, secure=lambda connection: connection):
    """Bytes per idle connection. A hundred connections come first, so that pools filled once are not counted.
    `secure` puts TLS on a connection."""
    with variants.running(variant, 0, 1) as bench, contextlib.ExitStack() as stack:
        def open_one(index):
            connection = stack.enter_context(secure(connect_from(index, bench.port)))
            ask(connection)
            return connection
        first = [open_one(index) for index in range(100)]
        before = private_bytes(bench.pids)
        opened = [open_one(100 + index) for index in range(count)]
        after = private_bytes(bench.pids)
        lost = sum(not still_open(connection) for connection in first + opened)
        if lost:
            raise servers.Failure(f"{lost} of {count} connections did not stay open")
        return (after - before) / count
