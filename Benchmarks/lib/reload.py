"""Proxies that are changed while they serve: how each is configured, told to reload or to be replaced, and looked at."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from . import admin, servers

CERTIFICATE = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
               "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]


def martlet_config(folder, ports, origins, mark, routes):
    """`mark` changes with each configuration: what /mark is answered with, and how many servers there are."""
    listed = ", ".join(f'"127.0.0.1:{origin}"' for origin in origins[:2 + mark % 2])
    lines = [f'listeners:\n  - {{ address: "127.0.0.1:{ports[0]}" }}',
             f'  - {{ address: "127.0.0.1:{ports[1]}", tls: {{ certificates: [{{ certificate: cert.pem, key: key.pem }}] }} }}',
             f'admin: {{ address: "unix:{folder}/admin.sock", stateFile: "{folder}/state.json" }}',
             "workers: 1\naccessLog: off\ntimeouts: { drain: 60s }\nroutes:",
             f'  - {{ path: /mark, respond: {{ body: "{mark}" }} }}', "  - { path: /ws, upstream: ws }",
             "  - { path: /*, upstream: app }"]
    lines += [f"  - host: h{number % 1000}.example.com\n    path: /service/{number}/*\n    upstream: app"
              for number in range(routes)]
    lines += [f"upstreams:\n  app: {{ servers: [{listed}] }}", f'  ws: {{ servers: ["127.0.0.1:{origins[3]}"] }}']
    return "\n".join(lines) + "\n"


def nginx_config(_, ports, origins, mark, routes):
    listed = " ".join(f"server 127.0.0.1:{origin};" for origin in origins[:2 + mark % 2])
    hosts = {}
    for number in range(routes):
        hosts.setdefault(number % 1000, []).append(
            f"location /service/{number}/ {{ proxy_pass http://app; }}")
    more = "\n".join(
        f"server {{ listen 127.0.0.1:{ports[0]}; server_name h{host}.example.com;\n" + "\n".join(found) + "\n}"
        for host, found in hosts.items())
    temporary = " ".join(f"{name}_temp_path {name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    return f"""worker_processes 1; daemon off; user root; pid nginx.pid; error_log error.log crit;
worker_rlimit_nofile 65536;
events {{ worker_connections 20000; }}
http {{
  access_log off; keepalive_requests 1000000000; {temporary}
  server_names_hash_max_size 4096; server_names_hash_bucket_size 128;
  ssl_certificate cert.pem; ssl_certificate_key key.pem;
  proxy_http_version 1.1; proxy_set_header Connection "";
  upstream app {{ {listed} keepalive 256; }}
  server {{
    listen 127.0.0.1:{ports[0]} default_server; listen 127.0.0.1:{ports[1]} ssl http2;
    location = /mark {{ return 200 "{mark}"; }}
    location = /ws {{
      proxy_pass http://127.0.0.1:{origins[3]};
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;
    }}
    location / {{ proxy_pass http://app; }}
  }}
  {more}
}}
"""


def haproxy_config(folder, ports, origins, mark, routes):
    """Many routes are a map, as its manual has it. Old workers end once their connections have, or by `hard-stop-after`."""
    listed = "\n".join(f"  server s{place} 127.0.0.1:{origin}" for place, origin in enumerate(origins[:2 + mark % 2]))
    many = "  use_backend %[base,map_beg(routes.map,app)]\n" if routes else ""
    return f"""global
  nbthread 1
  maxconn 4000
  no strict-limits
  hard-stop-after 60s
  stats socket {folder}/admin.sock mode 600 level admin
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout tunnel 60s
  http-reuse always
frontend clients
  bind 127.0.0.1:{ports[0]}
  bind 127.0.0.1:{ports[1]} ssl crt both.pem alpn h2,http/1.1
  http-request return status 200 content-type text/plain string "{mark}" if {{ path /mark }}
  use_backend ws if {{ path /ws }}
{many}  default_backend app
backend app
{listed}
backend ws
  server ws 127.0.0.1:{origins[3]}
"""


# Its master takes no order to be replaced from whom it was started by, as long as that is there.
NGINX = '"$0" -p "$1" -e error.log -c "$2" & sleep 0.5'


class Proxy:
    """A proxy that runs, in a folder of its own."""

    def __init__(self, name, binary, folder, origins, routes=0, watches=False):
        self.name, self.folder, self.origins, self.routes = name, folder, origins, routes
        self.ports = servers.free_ports(2)
        self.config = folder / ("martlet.yaml" if name == "martlet" else "peer.conf")
        self.command = {"martlet": [binary, "run", self.config.name, *(["--watch"] if watches else [])],
                        "nginx": ["sh", "-c", NGINX, shutil.which("nginx"), folder, self.config],
                        "haproxy": [shutil.which("haproxy"), "-W", "-f", self.config.name]}[name]
        self.process = self.pid = None
        self.write(0)

    def text(self, mark):
        make = {"martlet": martlet_config, "nginx": nginx_config, "haproxy": haproxy_config}[self.name]
        return make(self.folder, self.ports, self.origins, mark, self.routes)

    def write(self, mark):
        """Saves another configuration as editors do: a new file takes the place of the old one."""
        if self.name == "haproxy" and self.routes and mark == 0:
            (self.folder / "routes.map").write_text("".join(
                f"h{number % 1000}.example.com/service/{number}/ app\n" for number in range(self.routes)))
        self.save(self.text(mark))

    def save(self, text):
        draft = self.config.with_suffix(".new")
        draft.write_text(text)
        draft.rename(self.config)

    def reload(self):
        """As the manuals of each have it: SIGHUP for Martlet and nginx, SIGUSR2 for HAProxy's master."""
        os.kill(self.pid, signal.SIGUSR2 if self.name == "haproxy" else signal.SIGHUP)

    def upgrade(self, deadline):
        """Has the program be replaced by itself, and returns when the new one serves."""
        if self.name == "haproxy":
            return self.reload()  # The master executes its program anew with each reload.
        if self.name == "martlet":
            done = subprocess.run([self.command[0], "upgrade", "--json", "--admin", f"unix:{self.folder}/admin.sock"],
                                  capture_output=True, text=True, timeout=max(1, deadline - time.monotonic()))
            if done.returncode != 0:
                raise servers.Failure(f"martlet upgrade ended with {done.returncode}: {done.stderr}")
            self.pid = json.loads(done.stdout)["process"]
            return None
        os.kill(self.pid, signal.SIGUSR2)
        old, file = self.pid, self.folder / "nginx.pid"
        while True:  # The new master writes its number where the old one had its own.
            with contextlib.suppress(OSError, ValueError):
                if int(file.read_text()) != old:
                    break
            if time.monotonic() > deadline:
                raise servers.Failure("nginx: no new master")
            time.sleep(0.02)
        time.sleep(0.5)  # Its workers are started after that.
        self.pid = int(file.read_text())
        os.kill(old, signal.SIGQUIT)
        return None

    def has_server(self, port, is_there, deadline):
        """Adds a server to those of the configuration, or removes it, without a reload where that can be."""
        if self.name == "nginx":
            self.save(self.text(0).replace("keepalive 256", f"server 127.0.0.1:{port}; keepalive 256" if is_there else
                                           "keepalive 256"))
            return self.reload()
        return (self.tell_martlet if self.name == "martlet" else self.tell_haproxy)(port, is_there, deadline)

    def tell_martlet(self, port, is_there, _):
        content = json.dumps({"address": f"127.0.0.1:{port}"}) if is_there else ""
        path = "/v1/upstreams/app/servers" + ("" if is_there else f"/127.0.0.1:{port}")
        status, text = admin.ask(self.folder / "admin.sock", "POST" if is_there else "DELETE", path, content)
        if status != (201 if is_there else 204):
            raise servers.Failure(f"martlet answered {status}: {text}")

    def tell_haproxy(self, port, is_there, deadline):
        path = self.folder / "admin.sock"
        if is_there:
            admin.command(path, f"add server app/more 127.0.0.1:{port}", "New server registered")
            admin.command(path, "enable server app/more", "")
            return
        admin.command(path, "set server app/more state maint", "")
        while not admin.says(path, "del server app/more", "Server deleted"):  # Not before its connections are gone.
            if time.monotonic() > deadline:
                raise servers.Failure("HAProxy does not delete its server")
            time.sleep(0.02)

    def group(self):
        """All its processes: those that follow another one are no children of the first."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError, IndexError):
                if entry.name.isdigit() and os.getsid(int(entry.name)) == self.process.pid:
                    state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
                    found += [int(entry.name)] if state != "Z" else []
        return found

    def memory(self):
        """What all its processes have resident, in KiB."""
        total = 0
        for pid in self.group():
            with contextlib.suppress(OSError):
                status = pathlib.Path(f"/proc/{pid}/status").read_text()
                total += next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")), 0)
        return total


def wait_until_accepting(proxy, limit):
    if proxy.name != "nginx":
        return servers.wait_until_accepting(proxy.process, proxy.ports[0], limit)
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:  # The process that was started is the shell, which has ended.
        with contextlib.suppress(OSError):
            return socket.create_connection(("127.0.0.1", proxy.ports[0]), timeout=1).close()
        time.sleep(0.01)
    raise servers.Failure("nginx did not listen in time")


@contextlib.contextmanager
def running(name, binary, origins, routes=0, watches=False, limit=120):
    """Runs `martlet`, `nginx` or `haproxy` in front of the origins: three servers, and one of WebSockets."""
    with tempfile.TemporaryDirectory(prefix="martlet-reload-") as text:
        folder = pathlib.Path(text)
        subprocess.run([*CERTIFICATE, "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True,
                       capture_output=True, timeout=60)
        (folder / "both.pem").write_text((folder / "cert.pem").read_text() + (folder / "key.pem").read_text())
        proxy = Proxy(name, pathlib.Path(binary).resolve(), folder, origins, routes, watches)
        with open(folder / "out", "w") as output:
            proxy.process = subprocess.Popen(
                [str(word) for word in proxy.command], cwd=folder, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=servers.pin(0))
            try:
                if name == "nginx":
                    proxy.process.wait(limit)
                wait_until_accepting(proxy, limit)
                time.sleep(1)  # HAProxy's master takes no signals before it has settled.
                proxy.pid = int((folder / "nginx.pid").read_text()) if name == "nginx" else proxy.process.pid
                yield proxy
            except servers.Failure as failure:
                raise servers.Failure(f"{failure}\n{(folder / 'out').read_text()[-2000:]}") from None
            finally:
                servers.end(proxy.process)
