"""A client that asks ten times a second on one connection for as long as it may, and on another one when it may not any more."""
import contextlib
import socket
import threading


def head_of(data):
    """Status, length of the content, and whether the connection stays, of a response's head."""
    lines = data.split(b"\r\n")
    fields = dict(line.lower().split(b":", 1) for line in lines[1:] if b":" in line)
    status = int(lines[0].split(b" ")[1])
    return status, int(fields.get(b"content-length", b"0")), b"close" not in fields.get(b"connection", b"")


class Client:
    def __init__(self, port, pause=0.1):
        self.port, self.pause = port, pause
        self.requests, self.failed, self.is_first, self.why = 0, 0, True, ""
        self.is_over = threading.Event()
        self.connection = self.connect()
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def work(self):
        while not self.is_over.wait(self.pause):
            self.requests += 1
            try:
                stays = self.ask()
            except (OSError, ValueError, IndexError) as error:
                self.failed += 1
                self.why = str(error)
                stays = False
            if stays:
                continue
            self.is_first = False
            self.connection.close()
            with contextlib.suppress(OSError):  # The next request shows it.
                self.connection = self.connect()

    def ask(self):
        """Whether the connection may be used again. Anything but a whole answer with status 200 is an error."""
        self.connection.sendall(b"GET /1k HTTP/1.1\r\nHost: bench.example\r\n\r\n")
        data = b""
        while b"\r\n\r\n" not in data:
            data += self.more()
        head, content = data.split(b"\r\n\r\n", 1)
        status, length, stays = head_of(head)
        while len(content) < length:
            content += self.more()
        if status != 200:
            raise ValueError(f"status {status}")
        return stays

    def more(self):
        data = self.connection.recv(65536)
        if not data:
            raise OSError("closed without an answer")
        return data

    def end(self):
        self.is_over.set()
        self.thread.join(30)

    def close(self):
        self.end()
        self.connection.close()
