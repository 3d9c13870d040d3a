"""What is compared: how each proxy is configured and started."""
import contextlib
import dataclasses
import pathlib
import shutil
import subprocess
import tempfile

from . import servers

HERE = pathlib.Path(__file__).resolve().parent.parent
ROOT = HERE.parent
TOOLS = HERE / "build"


def build_tools():
    """Compiles the C programs when they are older than their source."""
    for name in ("floor", "origin", "load", "actor", "arrivals"):
        build(name, HERE / name / f"{name}.c")
    ring = ROOT / "Sources/CEventLoop"
    build("floor-uring", HERE / "floor-uring/floor-uring.c", ring / "ring.c", "-I", ring / "include")


def build(name, source, *more):
    """Compiles one program, unless nothing has changed beside its source and in common/. `more`: words for gcc."""
    TOOLS.mkdir(exist_ok=True)
    program = TOOLS / name
    newest = max(path.stat().st_mtime for path in (*source.parent.glob("*.[ch]"), *(HERE / "common").glob("*.h")))
    if not program.exists() or program.stat().st_mtime < newest:
        words = ["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program, source, "-lm", *more]
        subprocess.run(words, check=True, timeout=60)


@dataclasses.dataclass(frozen=True)
class Variant:
    """A proxy under test. `template` is its configuration, `command` makes the words to start it from its path."""

    name: str
    program: str
    template: str | None
    command: object
    log: str = "off"
    origins: int = 1
    origin: tuple = ("origin",)  # The program behind the proxy, and its words after the port.
    upstream: str = ""  # More settings of Martlet's upstream.
    edit: object = None  # What is to be done to the configuration's text: TLS is put in so.
    files: dict = dataclasses.field(default_factory=dict)  # More files beside the configuration: texts by their names.
    children: int = 0  # Processes that do the work besides the one that is started: nginx's worker.

    def present(self):
        return shutil.which(self.program) is not None

    def arguments(self, config, port, origin):
        return self.command(shutil.which(self.program), config, port, origin)


def edited(variant, places):
    """The same proxy, in whose configuration each first text of `places`, which must be there once, is the second."""
    def edit(text):
        text = variant.edit(text) if variant.edit else text
        for before, after in places:
            if text.count(before) != 1:
                raise servers.Failure(f"the configuration of {variant.name} has no place for {after.strip()[:40]}")
            text = text.replace(before, after)
        return text
    return dataclasses.replace(variant, edit=edit)


def martlet(name, program, log="off", options=(), **more):
    return Variant(name, str(program), "martlet.yaml", lambda me, config, *_: [me, "run", config, *options], log, **more)


# What balancing and watching servers cost: the same four origins with as little of it as there can be, and with all.
TURNS = ", balance: round-robin, ejection: off, retry: off"
BALANCED = (", balance: least-busy, check: {path: /1k, interval: 1s}, ejection: {window: 10s}, retry: {tryTimeout: 5s},"
            " breaker: {connections: 100000, requests: 100000, retries: 1000}")


def nginx(name, log="off", more=()):
    return Variant(name, "nginx", "peers/nginx.conf", lambda me, config, *_: [me, "-c", config, *more], log,
                   children=1)


# Twenty routes, of which the requests take one with a rewrite and five edits of fields; the same on both sides.
OTHER_ROUTES = [number for number in range(20) if number != 7]
ROUTES = "routes: [" + ", ".join([
    *(f'{{path: "/app{number}/*", upstream: origin}}' for number in OTHER_ROUTES),
    '{path: "/app7/*", upstream: origin, rewrite: {stripPrefix: /app7},'
    ' requestFields: {set: {X-Tier: web, X-Client: "{client.ip}"}, remove: [Accept-Language]},'
    ' responseFields: {set: {X-Frame-Options: DENY}, remove: [ETag]}}']) + "]"
NGINX_ROUTES = "".join(
    f"        location /app{number}/ {{ proxy_pass http://origin; }}\n" for number in OTHER_ROUTES) + """
        location /app7/ {
            proxy_set_header X-Tier web;
            proxy_set_header X-Client $remote_addr;
            proxy_set_header Accept-Language "";
            add_header X-Frame-Options DENY;
            proxy_hide_header ETag;
"""


def sized(variant, routes, networks):
    """The same proxy with so many routes, of which the last is the one that is asked for, and so many refused networks."""
    listed = [f'{{path: "/area{number}/items/*", upstream: origin}}' for number in range(routes - 1)]
    listed.append('{path: "/app7/items/*", upstream: origin}')
    lines = [f"{100 + number // 65536}.{number // 256 % 256}.{number % 256}.0/24" for number in range(networks)]
    rules = "access: [{action: deny, clientFiles: @DIR@/networks.txt}]\n"
    places = (('routes: [{path: "/*", upstream: origin}]', rules + "routes: [" + ", ".join(listed) + "]"),)
    return dataclasses.replace(edited(variant, places), files={"networks.txt": "\n".join(lines) + "\n"})


def routed(variant):
    """The same proxy with twenty routes."""
    if variant.program == "nginx":
        return edited(variant, (("proxy_pass http://origin;\n", "proxy_pass http://origin/;\n"),
                                ("        location / {\n", NGINX_ROUTES)))
    return edited(variant, (('routes: [{path: "/*", upstream: origin}]', ROUTES),))


def haproxy():
    """`-dMglobal` keeps freed buffers in HAProxy's own pool. Without it they go back to the C library, which returns
    them to the kernel, and the page faults double the cost of a 64 KiB response."""
    memory = "-dMno-poison,no-tag,global"
    return Variant("haproxy", "haproxy", "peers/haproxy.cfg", lambda me, config, *_: [me, "-db", memory, "-f", config])


def envoy():
    """One worker. Without hot restart, which would have it share memory with other Envoys of the machine."""
    return Variant("envoy", "envoy", "peers/envoy.yaml", lambda me, config, *_: [
        me, "-c", config, "--concurrency", "1", "--disable-hot-restart", "--log-level", "error"])


def floor(name, *buffer_kib):
    return Variant(name, str(TOOLS / "floor"), None, lambda me, _, port, origin: [me, port, origin, *buffer_kib])


def all_variants(binary, binary_b=None):
    """Every variant by name, in the order of the table."""
    log = "{format: json, file: @DIR@/access.log}"
    listed = [
        martlet("martlet", binary),
        martlet("martlet-uring", binary, options=("--engine", "io_uring")),
        martlet("martlet-epoll", binary, options=("--engine", "epoll")),
        martlet("martlet-log", binary, log),
        martlet("martlet-turns", binary, origins=4, upstream=TURNS),
        martlet("martlet-balanced", binary, origins=4, upstream=BALANCED),
        nginx("nginx"),
        routed(martlet("martlet-routes", binary)),
        routed(nginx("nginx-routes")),
        sized(martlet("martlet-few", binary), 10, 10),
        sized(martlet("martlet-many", binary), 10_000, 100_000),
        nginx("nginx-log", "@DIR@/access.log json buffer=64k flush=1s"),
        haproxy(),
        envoy(),
        floor("floor"),
        Variant("floor-uring", str(TOOLS / "floor-uring"), None, lambda me, _, port, origin: [me, port, origin]),
        floor("floor-64k", 64),  # Buffers of 64 KiB exactly: content of 64 KiB then takes two rounds, for its head.
    ]
    if binary_b:
        listed.insert(1, martlet("martlet-b", binary_b))
        listed.append(martlet("martlet-epoll-b", binary_b, options=("--engine", "epoll")))
    return {variant.name: variant for variant in listed}


@dataclasses.dataclass
class Bench:
    """A running origin with a running proxy in front."""

    process: subprocess.Popen
    port: int
    origin_port: int
    directory: pathlib.Path
    origins: list  # Their processes.

    @property
    def pids(self):
        return servers.family(self.process.pid)


def write_config(variant, directory, ports, origins):
    limits = ", maxInFlight: 10000, maxConnections: 20000" if variant.upstream == BALANCED else ""
    listed = ", ".join(f'{{address: "127.0.0.1:{port}"{limits}}}' for port in origins)
    text = (HERE / variant.template).read_text().replace("@LOG@", variant.log)
    text = text.replace("@SERVERS@", listed).replace("@UPSTREAM@", variant.upstream)
    if variant.edit:
        text = variant.edit(text)
    for word, value in {"DIR": directory, **ports}.items():
        text = text.replace(f"@{word}@", str(value))
    for name, content in variant.files.items():
        (directory / name).write_text(content)
    path = directory / pathlib.Path(variant.template).name
    path.write_text(text)
    return path


@contextlib.contextmanager
def running(variant, proxy_core, origin_core, wrapper=(), limit=servers.START_LIMIT):
    """Starts the origin and the proxy, on the given cores, from a temporary directory of their own."""
    port, admin_port, *origins = servers.free_ports(2 + variant.origins)
    origin_port = origins[0]
    with tempfile.TemporaryDirectory(prefix="martlet-bench-") as name, contextlib.ExitStack() as stack:
        directory = pathlib.Path(name)
        ports = {"PORT": port, "ORIGIN": origin_port, "ADMIN": admin_port}
        config = write_config(variant, directory, ports, origins) if variant.template else None
        behind = []
        for number in origins:
            program, *words = variant.origin
            behind.append(stack.enter_context(servers.server(
                [TOOLS / program, number, *words], number, origin_core, directory / f"origin-{number}.out")))
        command = [*wrapper, *variant.arguments(config, port, origin_port)]
        process = stack.enter_context(servers.server(command, port, proxy_core, directory / "proxy.out", limit))
        servers.wait_for_children(process, variant.children)
        yield Bench(process, port, origin_port, directory, behind)
