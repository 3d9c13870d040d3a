"""Telling Martlet and HAProxy something through their Unix sockets."""
import http.client
import socket

from . import servers


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=20)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def ask(path, method, target, content=""):
    """Status and content of the answer of an admin API."""
    connection = UnixConnection(path)
    try:
        fields = {"Content-Type": "application/json"} if content else {}
        connection.request(method, target, content or None, fields)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException) as error:
        raise servers.Failure(f"the admin API does not answer: {error}") from None
    finally:
        connection.close()


def say(path, line):
    """What HAProxy answers to a command."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(20)
            connection.connect(str(path))
            connection.sendall(line.encode() + b"\n")
            answer = b""
            while more := connection.recv(4096):
                answer += more
            return answer.decode().strip()
    except OSError as error:
        raise servers.Failure(f"HAProxy's socket does not answer: {error}") from None


def says(path, line, wanted):
    """Whether that is in the answer; for nothing, whether there is none."""
    answer = say(path, line)
    return wanted in answer if wanted else not answer


def command(path, line, wanted):
    answer = say(path, line)
    if wanted not in answer or (not wanted and answer):
        raise servers.Failure(f"HAProxy answers “{line}” with “{answer}”")
