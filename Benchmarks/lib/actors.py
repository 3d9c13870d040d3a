"""A group of actors (see actor/actor.c) and a proxy of any kind in front of them."""
import contextlib
import dataclasses
import json
import pathlib
import shutil
import signal
import subprocess
import tempfile

from . import servers, variants


class Actor:
    """A server that can be told to misbehave."""

    def __init__(self, port, mean_us, workers, seed, core=None):
        self.port, self.mean_us, self.workers, self.seed, self.core = port, mean_us, workers, seed, core
        self.process = None

    def start(self):
        words = [variants.TOOLS / "actor", self.port, self.mean_us, self.workers, self.seed, f"s{self.seed}"]
        self.process = subprocess.Popen(
            [str(word) for word in words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            preexec_fn=servers.pin(self.core))
        servers.wait_until_accepting(self.process, self.port)

    def tell(self, order):
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()

    def count(self):
        """How many requests it has answered well since it was asked last."""
        self.tell("count")
        return int(self.process.stdout.readline().split()[1])

    def kill(self, sign=signal.SIGKILL):
        self.process.send_signal(sign)

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def group(shapes, core=None):
    """Actors of these (mean service time in µs, workers)."""
    ports = servers.free_ports(len(shapes))
    actors = [Actor(port, *shape, seed, core) for seed, (port, shape) in enumerate(zip(ports, shapes), 1)]
    try:
        for actor in actors:
            actor.start()
        yield actors
    finally:
        for actor in actors:
            actor.end()


@dataclasses.dataclass
class Balancer:
    """A proxy in front of actors."""

    port: int
    admin_port: int
    process: subprocess.Popen
    log: pathlib.Path


def martlet_config(port, admin, actors, upstream):
    """`upstream`: further lines of the upstream, as YAML text."""
    lines = "\n".join("    " + line for line in upstream.splitlines())
    addresses = ", ".join(f'"127.0.0.1:{actor.port}"' for actor in actors)
    return (f"workers: 1\naccessLog: off\nlisteners: [{{ address: \"127.0.0.1:{port}\" }}]\n"
            f"admin: {{ address: \"127.0.0.1:{admin}\" }}\n"
            f"routes: [{{ upstream: app }}]\nupstreams:\n  app:\n    servers: [{addresses}]\n{lines}\n")


def nginx_config(port, directory, actors, method):
    listed = "\n".join(f"    server 127.0.0.1:{actor.port} max_fails=0;" for actor in actors)
    return f"""worker_processes 1; daemon off; user root; pid {directory}/nginx.pid; error_log {directory}/error.log crit;
events {{ worker_connections 20000; }}
http {{
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path {directory}/b; proxy_temp_path {directory}/p; fastcgi_temp_path {directory}/f;
  uwsgi_temp_path {directory}/u; scgi_temp_path {directory}/s;
  upstream app {{
    {method}
{listed}
    keepalive 1024; keepalive_requests 1000000000;
  }}
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
}}
"""


def haproxy_config(port, actors, method):
    listed = "\n".join(f"  server s{index} 127.0.0.1:{actor.port}" for index, actor in enumerate(actors))
    return f"""global
  nbthread 1
  maxconn 20000
  no strict-limits
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend clients
  bind 127.0.0.1:{port}
  default_backend app
backend app
  balance {method}
{listed}
"""


@contextlib.contextmanager
def balancer(name, binary, actors, *, upstream="", core=0):
    """Runs `name` ("martlet", "nginx METHOD" or "haproxy METHOD") in front of the actors."""
    port, admin = servers.free_ports(2)
    kind, _, method = name.partition(" ")
    with tempfile.TemporaryDirectory(prefix="martlet-live-") as text:
        directory = pathlib.Path(text)
        config = directory / ("martlet.yaml" if kind == "martlet" else "peer.conf")
        if kind == "martlet":
            config.write_text(martlet_config(port, admin, actors, upstream))
            command = [binary, "run", config]
        elif kind == "nginx":
            config.write_text(nginx_config(port, directory, actors, f"{method};" if method else ""))
            command = [shutil.which("nginx") or "/usr/sbin/nginx", "-c", config]
        else:
            config.write_text(haproxy_config(port, actors, method))
            command = [shutil.which("haproxy") or "/usr/sbin/haproxy", "-db", "-f", config]
        log = directory / "out"
        with servers.server(command, port, core, log) as process:
            yield Balancer(port, admin, process, log)


def arrivals(port, rate, warm_up, seconds, seed, core=None):
    """Starts the clients; `finish` has their figures."""
    words = [variants.TOOLS / "arrivals", port, rate, warm_up, seconds, seed]
    return subprocess.Popen(
        [str(word) for word in words], stdout=subprocess.PIPE, text=True, preexec_fn=servers.pin(core))


def finish(process, limit=120):
    """Waits for the clients; their figures."""
    text, _ = process.communicate(timeout=limit)
    if process.returncode != 0:
        raise servers.Failure(f"the clients ended with {process.returncode}")
    return json.loads(text)
