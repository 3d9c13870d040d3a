"""WebSockets that are kept open for a while: a server that sends back what comes, and clients that notice an end."""
import base64
import contextlib
import hashlib
import os
import socket
import threading
import time

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def read_head(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(4096)
        if not more:
            raise OSError("closed before its head had come")
        data += more
    return data


def echo(connection):
    """Answers the opening, and sends back each frame of up to 125 bytes, unmasked."""
    with contextlib.suppress(OSError), connection:
        head = read_head(connection)
        key = next(line.split(b":", 1)[1].strip() for line in head.split(b"\r\n")
                   if line.lower().startswith(b"sec-websocket-key:"))
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
        connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                           b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        while True:
            data = exactly(connection, 2)
            length = data[1] & 0x7F
            mask, content = exactly(connection, 4), exactly(connection, length)
            connection.sendall(bytes([data[0], length]) + bytes(b ^ mask[i % 4] for i, b in enumerate(content)))


def exactly(connection, count):
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            raise OSError("closed")
        data += more
    return data


@contextlib.contextmanager
def server():
    """Serves while the `with` lasts; its port."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen(256)

        def accept():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=echo, args=(connection,), daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]


class Client:
    """One that says something ten times a second, and waits for it to come back."""

    def __init__(self, port):
        self.messages, self.broken, self.isOver = 0, None, threading.Event()
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=20)
        key = base64.b64encode(os.urandom(16))
        self.connection.sendall(b"GET /ws HTTP/1.1\r\nHost: bench.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + b"\r\n\r\n")
        head = read_head(self.connection)
        if b" 101 " not in head.split(b"\r\n")[0] + b" ":
            raise OSError(f"no WebSocket: {head[:60]!r}")
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()

    def work(self):
        try:
            while not self.isOver.is_set():
                text = f"{self.messages}".encode()
                # A mask of zeros leaves the text as it is.
                self.connection.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
                answer = exactly(self.connection, 2 + len(text))
                if answer[2:] != text:
                    raise OSError("another text came back")
                self.messages += 1
                time.sleep(0.1)
        except OSError as error:
            self.broken = str(error) or type(error).__name__

    def end(self):
        self.isOver.set()
        self.thread.join(30)

    def close(self):
        self.end()
        self.connection.close()
