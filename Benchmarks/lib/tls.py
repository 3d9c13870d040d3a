"""TLS before every proxy, and what it costs: for a request, for a handshake, and for a connection that is idle."""
import contextlib
import dataclasses
import socket
import ssl
import subprocess
import time

from . import idle, measure, servers, variants

PLACES = {
    "martlet": ('{address: "127.0.0.1:@PORT@"}', '{{address: "127.0.0.1:@PORT@", tls: {{certificates: [{path}/both.pem]}}}}'),
    "nginx": (
        "listen 127.0.0.1:@PORT@ reuseport backlog=4096;",
        "listen 127.0.0.1:@PORT@ ssl reuseport backlog=4096; ssl_certificate {path}/both.pem; "
        "ssl_certificate_key {path}/both.pem; ssl_session_cache shared:tls:10m; ssl_session_timeout 1h; "
        "ssl_protocols TLSv1.2 TLSv1.3; ssl_buffer_size 16k;"),
    "haproxy": ("bind 127.0.0.1:@PORT@ backlog 4096", "bind 127.0.0.1:@PORT@ backlog 4096 ssl crt {path}/both.pem"),
}


def make_certificate(directory):
    """One certificate for all, ECDSA P-256, with its key in one file."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
         "-subj", "/CN=bench.example", "-addext", "subjectAltName=DNS:bench.example",
         "-keyout", directory / "key.pem", "-out", directory / "cert.pem"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
    both = (directory / "cert.pem").read_text() + (directory / "key.pem").read_text()
    (directory / "both.pem").write_text(both)


def secured(variant, directory):
    """The same proxy with TLS for its clients."""
    before, after = PLACES[variant.name]

    def edit(text):
        if before not in text:
            raise servers.Failure(f"the configuration of {variant.name} has no place for TLS")
        return text.replace(before, after.format(path=directory))
    return dataclasses.replace(variant, edit=edit)


def wrk(port, path, connections, seconds):
    """Requests over TLS on connections that are kept. The number of answers, in `seconds`."""
    script = 'done = function(s) io.write("answers " .. s.requests .. " " .. s.errors.status + s.errors.read .. "\\n") end'
    path_of_script = variants.TOOLS / "answers.lua"
    path_of_script.write_text(script)
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "-s", str(path_of_script), f"https://127.0.0.1:{port}{path}"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds + 20, check=False,
        preexec_fn=servers.pin(measure.LOAD_CORE))
    words = [line.split() for line in done.stdout.splitlines() if line.startswith("answers ")]
    if not words or int(words[0][2]):
        raise servers.Failure(f"wrk: {done.stdout[-300:]}")
    return int(words[0][1])


def nanoseconds(pids):
    """CPU time of processes, from the scheduler: finer than clock ticks."""
    return sum(int(open(f"/proc/{pid}/schedstat").read().split()[0]) for pid in pids)


def request_cost(variant, path, connections, seconds):
    """CPU microseconds of the proxy for a request; the origin shares its core, so that it never waits."""
    with variants.running(variant, measure.PROXY_CORE, measure.PROXY_CORE) as bench:
        wrk(bench.port, path, connections, 1)
        before = nanoseconds(bench.pids)
        answers = wrk(bench.port, path, connections, seconds)
        return (nanoseconds(bench.pids) - before) / answers / 1000


def client_context(version):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = context.maximum_version = version
    return context


def connect(port, context, session=None):
    """One connection with one request; the session that the server offers."""
    raw = socket.create_connection(("127.0.0.1", port), timeout=5)
    with context.wrap_socket(raw, server_hostname="bench.example", session=session) as s:
        s.sendall(b"GET /1k HTTP/1.1\r\nHost: bench.example\r\nConnection: close\r\n\r\n")
        while s.recv(65536):
            pass
        if session is not None and not s.session_reused:
            raise servers.Failure("a session was not resumed")
        return s.session


def handshake_cost(variant, version, resumed, count):
    """CPU microseconds of the proxy for a connection with its handshake and one request."""
    with variants.running(variant, measure.PROXY_CORE, measure.PROXY_CORE) as bench:
        context = client_context(version)
        session = None
        for _ in range(50):
            session = connect(bench.port, context)
        before = nanoseconds(bench.pids)
        for _ in range(count):
            # A ticket of TLS 1.3 is good for more than one connection with all three of them.
            connect(bench.port, context, session if resumed else None)
        return (nanoseconds(bench.pids) - before) / count / 1000


def idle_cost(variant, count):
    """KiB of user memory for a connection that has done one request and is idle."""
    context = client_context(ssl.TLSVersion.TLSv1_3)
    with variants.running(variant, 0, 1) as bench, contextlib.ExitStack() as stack:
        def open_one(index):
            connection = stack.enter_context(context.wrap_socket(idle.connect_from(index, bench.port)))
            idle.ask(connection)
            return connection
        for index in range(100):
            open_one(index)
        before = idle.private_bytes(bench.pids)
        for index in range(count):
            open_one(100 + index)
        time.sleep(0.5)
        return (idle.private_bytes(bench.pids) - before) / count / 1024
