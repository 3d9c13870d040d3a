"""TLS before every proxy, and TCP without HTTP: what is configured for it, and what is measured."""
import dataclasses
import pathlib
import ssl
import subprocess
import sys

from . import idle, measure, report, servers, variants

ENVOY = '''\
    - transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          common_tls_context:
            tls_params: {tls_maximum_protocol_version: TLSv1_3}
            tls_certificates: [{certificate_chain: {filename: "{both}"}, private_key: {filename: "{both}"}}]
      filters:'''
# What is replaced in each proxy's configuration, by what. {both}: the file with the certificate and its key.
PLACES = {
    "martlet": [
        ('{address: "127.0.0.1:@PORT@"}', '{address: "127.0.0.1:@PORT@", tls: {certificates: ["{both}"]}}'),
        ("limits: {", "limits: {handshakesPerClient: 10000, "),  # All clients of a run have the same few addresses.
    ],
    "nginx": [
        ("listen 127.0.0.1:@PORT@ reuseport", "listen 127.0.0.1:@PORT@ ssl reuseport"),
        ("location / {", "ssl_certificate {both}; ssl_certificate_key {both}; ssl_protocols TLSv1.2 TLSv1.3; "
         "ssl_session_cache shared:tls:10m; ssl_session_timeout 1h; ssl_session_tickets on; ssl_buffer_size 16k; location / {"),
    ],
    "haproxy": [
        ("@PORT@ backlog 4096", "@PORT@ backlog 4096 ssl crt {both} ssl-min-ver TLSv1.2"),
        ("X-Forwarded-Proto http\n", "X-Forwarded-Proto https\n"),
    ],
    "envoy": [("    - filters:", ENVOY)],
}
STREAM_MODULE = pathlib.Path("/usr/lib/nginx/modules/ngx_stream_module.so")
IDLE = "idle"  # The scenario of idle connections.


def build_load():
    """Compiles the load generator that speaks TLS."""
    if not pathlib.Path("/usr/include/openssl/ssl.h").exists():
        sys.exit("the load generator needs OpenSSL's headers (Debian: libssl-dev)")
    variants.build("load-tls", variants.HERE / "load/load.c", "-DTLS", "-lssl", "-lcrypto")


def make_certificate(directory):
    """One certificate for all, ECDSA P-256, with its key in one file, which is returned."""
    both = directory / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
         "-subj", "/CN=bench.example", "-addext", "subjectAltName=DNS:bench.example",
         "-keyout", directory / "key.pem", "-out", directory / "certificate.pem"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
    both.write_text("".join((directory / name).read_text() for name in ("certificate.pem", "key.pem")))
    return both


def secured(variant, both):
    """The same proxy with TLS for its clients."""
    places = PLACES[variant.name.removesuffix("-b")]
    return variants.edited(variant, [(before, after.replace("{both}", str(both))) for before, after in places])


def passing(variant):
    """The same proxy passing on connections as they are, or None when it cannot."""
    if variant.template is None:
        return variant
    if variant.name == "nginx" and not STREAM_MODULE.exists():
        print("skipped: nginx for TCP, its module stream is not there (Debian: libnginx-mod-stream)", file=sys.stderr)
        return None
    template = variant.template.replace(".", "-tcp.")
    return dataclasses.replace(variant, template=template) if (variants.HERE / template).exists() else None


@dataclasses.dataclass(frozen=True)
class Secure(measure.Scenario):
    """Requests over TLS 1.3 on connections that are kept."""

    program = "load-tls"
    version: str = "1.3"

    @property
    def name(self):
        return f"tls-{super().name}"

    def arguments(self):
        return [*super().arguments(), "--tls", self.version]


@dataclasses.dataclass(frozen=True)
class Handshake(Secure):
    """A connection with its handshake for every request. `fresh` says which handshake: full or resumed."""

    fresh: str = "full"

    @property
    def name(self):
        return f"{self.fresh}-{self.version}"

    @property
    def title(self):
        return f"{self.fresh}, TLS {self.version}"

    def arguments(self):
        return [*super().arguments(), "--fresh", self.fresh]

    def complaints(self, result):
        resumed = result["resumed"] / result["requests"]
        if not (resumed > 0.99 if self.fresh == "resumed" else resumed == 0):
            yield f"{resumed:.0%} of the handshakes were resumed"


@dataclasses.dataclass(frozen=True)
class Passed(measure.Scenario):
    """Requests that pass as bytes."""

    @property
    def name(self):
        return f"tcp-{super().name}"


@dataclasses.dataclass(frozen=True)
class Idle:
    """Connections that have done one request and are kept."""

    count: int
    name: str = IDLE
    post: int = 0

    @property
    def title(self):
        return f"{self.count:,} of them"


SIZES = [("/1k", 1024), ("/64k", 65536)]
REQUESTS = [Secure(path, size, count) for path, size in SIZES for count in (1, 64, 512)]
HANDSHAKES = [Handshake("/1k", 1024, 16, version=version, fresh=fresh)
              for version in ("1.3", "1.2") for fresh in ("full", "resumed")]
PASSED = [Passed(path, size, count) for path, size in SIZES for count in (1, 64, 512)]

GOALS = [
    report.Goal("CPU per request over TLS at most 0.85 of nginx", "cpu_us", 0.85, ("nginx",), r"tls-.*", report.SATURATED),
    report.Goal("CPU per full handshake not above nginx", "cpu_us", 1.0, ("nginx",), r"full-.*", report.SATURATED),
    report.Goal("CPU per resumed handshake not above nginx", "cpu_us", 1.0, ("nginx",), r"resumed-.*", report.SATURATED),
    report.Goal("Memory per idle TLS connection at most half of nginx", "kib", 0.5, ("nginx",), IDLE, report.SATURATED),
    report.Goal("CPU per request of TCP mode at most 1.10 of the floor", "cpu_us", 1.1, ("floor",), r"tcp-.*",
                report.SATURATED),
]


def client_context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def idle_cell(variant, count, turn):
    """The memory of idle connections as a cell like those of measure.run_rounds."""
    key = {"setup": "saturated", "scenario": IDLE, "variant": variant.name, "round": turn}
    try:
        kib = idle.per_connection(variant, count, client_context().wrap_socket) / 1024
        print(f"idle round {turn + 1} {variant.name:12} {kib:.2f} KiB", file=sys.stderr, flush=True)
        return {**key, "kib": kib}
    except (servers.Failure, OSError) as failure:
        print(f"idle round {turn + 1} {variant.name:12} FAILED: {failure}", file=sys.stderr, flush=True)
        return {**key, "failed": str(failure)}
