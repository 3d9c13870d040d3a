// The load generator: a closed loop of N keep-alive connections on one thread, one request in flight on each.
//
// It differs from wrk in what the figure needs: it reads the CPU clock of the proxy's processes itself, at the first and
// at the last instant of the measured window, so that neither its own start nor the connecting is in the window; it
// checks status and length of every response; and it can make an exact number of requests, for counting instructions.
//
// usage: load --port P --connections N --path /1k --expect BYTES --seconds S [--requests N]
//             [--warmup S] [--post BYTES] [--tls 1.3|1.2] [--fresh full|resumed] [--pid PID]...
// With --requests it stops when so many are through, and --seconds is only the limit.
// With --fresh every request has a connection of its own, and its time begins with the opening. Compiled with -DTLS (as
// load-tls) it speaks TLS, with handshakes in full or resumed.
// Prints one JSON object: requests, all (those of the warm-up too), errors, stalled, resumed, seconds, cpu_ns, p50_us, p99_us.
#ifdef TLS
#include "tls.h"
#else
#include "plain.h"
#endif
#include <getopt.h>
#include <strings.h>

enum { BUFFER = 256 * 1024, EVENTS = 256, HEAD_ROOM = 4096, MAX_PIDS = 16 };
enum { SUB_BITS = 7, SUB = 1 << SUB_BITS, BUCKETS = 40 * SUB };
static const uint64_t STALLED_NS = 1000000000u;
static const double WARMED_UP_LATEST = 5;  // Seconds beyond the warm-up that is asked for.

struct connection {
    struct transport transport;
    uint64_t sent_at;
    size_t unsent;      // Bytes of the request not yet taken by the socket.
    size_t left;        // Bytes of content still to come; meaningful once `in_content`.
    int in_content, idle, answered;
    size_t head_length;
    char head[HEAD_ROOM];
};

static struct {
    const char *port, *path, *tls, *fresh;
    int connections, pids[MAX_PIDS], pid_count;
    double seconds, warmup;
    uint64_t requests;
    size_t expect, post;
} options = {.path = "/1k", .connections = 1, .expect = 1024};

static struct sockaddr_in address;
static struct { char *bytes; size_t length; } request;
static struct connection *connections;
static uint64_t done, warmed_up, errors, to_start, histogram[BUCKETS];
static int epoll, to_answer;

// MARK: Latencies. Buckets grow with the value: 128 to each power of two, so a percentile is off by 1 % at most.

static unsigned bucket_of(uint64_t ns) {
    if (ns < SUB) return (unsigned)ns;
    unsigned shift = 63 - (unsigned)__builtin_clzll(ns) - SUB_BITS;
    unsigned index = (shift + 1) * SUB + (unsigned)((ns >> shift) - SUB);
    return index < BUCKETS ? index : BUCKETS - 1;
}

static double bucket_value(unsigned index) {
    if (index < SUB) return index;
    unsigned shift = index / SUB - 1;
    return ((double)(index % SUB + SUB) + 0.5) * (double)(1ull << shift);
}

static double percentile_us(double fraction) {
    uint64_t rank = (uint64_t)(fraction * (double)done), seen = 0;
    for (unsigned i = 0; i < BUCKETS; i++) {
        seen += histogram[i];
        if (histogram[i] && seen >= rank) return bucket_value(i) / 1000;
    }
    return 0;
}

// MARK: One connection

static void push(struct connection *c) {
    ssize_t sent = send_some(&c->transport, request.bytes + request.length - c->unsent, c->unsent);
    if (sent > 0) c->unsent -= (size_t)sent;
}

static void start_request(struct connection *c, uint64_t now) {
    c->idle = !to_start;
    if (c->idle) return;
    to_start--;
    c->sent_at = now;
    c->unsent = request.length;
    c->in_content = 0;
    c->head_length = 0;
    push(c);
}

static void open_connection(struct connection *c, uint64_t now) {
    open_transport(&c->transport, &address);
    watch(epoll, c->transport.fd, EVERY_EDGE, c);
    start_request(c, now);
}

static void fail(struct connection *c, uint64_t now) {
    errors++;
    close_transport(&c->transport);
    open_connection(c, now);
}

static void finish(struct connection *c, uint64_t now) {
    histogram[bucket_of(now - c->sent_at)]++;
    done++;
    to_answer -= !c->answered;
    c->answered = 1;
    if (options.fresh) {
        close_transport(&c->transport);
        open_connection(c, now);
    } else {
        start_request(c, now);
    }
}

// Reads the head in c->head; returns 0 unless it is a 200 with exactly the content expected.
static int read_head(struct connection *c) {
    if (strncmp(c->head, "HTTP/1.1 200", 12) != 0) return 0;
    for (const char *line = strstr(c->head, "\r\n"); line; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, "Content-Length:", 15) != 0) continue;
        c->left = strtoul(line + 17, NULL, 10);
        return c->left == options.expect;
    }
    return 0;
}

// Collects the head; returns how many of the bytes belong to it, or -1 when it is not what it must be.
static ssize_t take_head(struct connection *c, const char *bytes, size_t length) {
    size_t had = c->head_length, room = HEAD_ROOM - 1 - had, copied = length < room ? length : room;
    memcpy(c->head + had, bytes, copied);
    c->head_length += copied;
    char *end = memmem(c->head, c->head_length, "\r\n\r\n", 4);
    if (!end) return copied == length ? (ssize_t)length : -1;
    end[2] = 0;
    c->in_content = 1;
    return read_head(c) ? end + 4 - (c->head + had) : -1;
}

// Returns 0 when the response is wrong or longer than it says.
static int take(struct connection *c, const char *bytes, size_t length, uint64_t now) {
    if (c->idle) return 0;
    if (!c->in_content) {
        ssize_t used = take_head(c, bytes, length);
        if (used < 0) return 0;
        bytes += used;
        length -= (size_t)used;
    }
    if (!c->in_content) return 1;
    if (length > c->left) return 0;
    c->left -= length;
    if (!c->left) finish(c, now);
    return 1;
}

static void receive(struct connection *c) {
    static char buffer[BUFFER];
    for (;;) {
        ssize_t got = receive_some(&c->transport, buffer, BUFFER);
        if (got < 0 && errno == EAGAIN) return;
        uint64_t now = now_ns();
        if (got <= 0 || !take(c, buffer, (size_t)got, now)) { fail(c, now); return; }
        if (got < BUFFER && short_read_is_last()) return;
    }
}

// The second push is for a handshake that the receiving has completed.
static void handle(struct connection *c, uint32_t events) {
    if (c->unsent) push(c);
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(c);
    if (c->unsent) push(c);
}

// MARK: The run

// Serves events until `deadline`, or until as many requests as were asked for are through.
static void run_until(uint64_t deadline) {
    struct epoll_event events[EVENTS];
    for (uint64_t now; (now = now_ns()) < deadline;) {
        if (options.requests && done + errors >= options.requests) return;
        int count = epoll_wait(epoll, events, EVENTS, (int)((deadline - now) / 1000000) + 1);
        for (int i = 0; i < count; i++) handle(events[i].data.ptr, events[i].events);
    }
}

// The CPU time, user and system, that the processes under test have used so far.
static uint64_t cpu_ns(void) {
    uint64_t sum = 0;
    for (int i = 0; i < options.pid_count; i++) {
        clockid_t clock;
        struct timespec t;
        if (clock_getcpuclockid(options.pids[i], &clock) != 0 || clock_gettime(clock, &t) != 0) die("CPU clock");
        sum += (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
    }
    return sum;
}

static void build_request(void) {
    char fields[96] = "";
    if (options.post) sprintf(fields, "Content-Type: text/plain\r\nContent-Length: %zu\r\n", options.post);
    request.bytes = malloc(512 + strlen(options.path) + options.post);
    if (!request.bytes) die("malloc");
    int length = sprintf(request.bytes,
        "%s %s HTTP/1.1\r\nHost: bench.example:%s\r\nUser-Agent: load/1.0\r\nAccept: */*\r\n%s\r\n",
        options.post ? "POST" : "GET", options.path, options.port, fields);
    memset(request.bytes + length, 'x', options.post);
    request.length = (size_t)length + options.post;
}

static void read_options(int argc, char **argv) {
    static const struct option names[] = {
        {"port", 1, 0, 'p'}, {"connections", 1, 0, 'c'}, {"path", 1, 0, 'u'}, {"expect", 1, 0, 'e'},
        {"seconds", 1, 0, 's'}, {"warmup", 1, 0, 'w'}, {"requests", 1, 0, 'n'}, {"post", 1, 0, 'b'},
        {"pid", 1, 0, 'i'}, {"tls", 1, 0, 't'}, {"fresh", 1, 0, 'f'}, {0, 0, 0, 0}};
    for (int name; (name = getopt_long(argc, argv, "", names, NULL)) != -1;) switch (name) {
        case 'p': options.port = optarg; break;
        case 'c': options.connections = atoi(optarg); break;
        case 'u': options.path = optarg; break;
        case 'e': options.expect = strtoul(optarg, NULL, 10); break;
        case 's': options.seconds = atof(optarg); break;
        case 'w': options.warmup = atof(optarg); break;
        case 'n': options.requests = strtoull(optarg, NULL, 10); break;
        case 't': options.tls = optarg; break;
        case 'f': options.fresh = optarg; break;
        case 'b': options.post = strtoul(optarg, NULL, 10); break;
        case 'i': if (options.pid_count < MAX_PIDS) options.pids[options.pid_count++] = atoi(optarg); break;
        default: exit(64);
    }
    if (options.port && options.connections > 0 && options.seconds > 0) return;
    fprintf(stderr, "load: --port, --connections and --seconds are needed\n");
    exit(64);
}

static void open_all(void) {
    connections = calloc((size_t)options.connections, sizeof *connections);
    if (!connections) die("calloc");
    to_answer = options.connections;
    for (int i = 0; i < options.connections; i++) open_connection(&connections[i], now_ns());
}

static int count_stalled(uint64_t now) {
    int stalled = 0;
    for (int i = 0; i < options.connections; i++)
        stalled += !connections[i].idle && now - connections[i].sent_at > STALLED_NS;
    return stalled;
}

static uint64_t after(double seconds) { return now_ns() + (uint64_t)(seconds * 1e9); }

// Ends when every connection has had an answer, as handshakes take their time, but not much later than it should.
static void warm_up(void) {
    run_until(after(options.warmup));
    for (uint64_t latest = after(WARMED_UP_LATEST); options.warmup > 0 && to_answer && now_ns() < latest;) run_until(after(0.02));
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    address = loopback(options.port);
    prepare_transport(options.tls);
    resumes = options.fresh && !strcmp(options.fresh, "resumed");
    build_request();
    epoll = epoll_create1(EPOLL_CLOEXEC);
    to_start = options.requests ? options.requests : UINT64_MAX;
    open_all();
    warm_up();
    if (!options.requests) {
        warmed_up = done;
        done = 0;
        memset(histogram, 0, sizeof histogram);
    }
    uint64_t cpu = cpu_ns(), began = now_ns(), resumed_before = resumed_count();
    run_until(after(options.seconds));
    uint64_t ended = now_ns();
    cpu = cpu_ns() - cpu;
    printf("{\"requests\": %lu, \"all\": %lu, \"errors\": %lu, \"stalled\": %d, \"resumed\": %lu, ",
           done, done + warmed_up, errors, count_stalled(ended), resumed_count() - resumed_before);
    printf("\"seconds\": %.6f, \"cpu_ns\": %lu, \"p50_us\": %.1f, \"p99_us\": %.1f}\n",
           (double)(ended - began) / 1e9, cpu, percentile_us(.5), percentile_us(.99));
    return 0;
}
