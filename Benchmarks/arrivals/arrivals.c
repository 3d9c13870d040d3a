// The arrivals: clients that come when they come, whether or not others have been served.
// usage: arrivals PORT RATE WARM_UP_S SECONDS SEED
//
// Requests arrive as a Poisson process of RATE per second, each on a connection that is idle or on a new one. Latency
// runs from the arrival to the end of the response. Nothing is tried twice: whatever a client would see as an error is
// counted. Arrivals of the warm-up are not counted, but for errors. Prints one line of JSON.
#include "../common/net.h"
#include <math.h>
#include <sys/timerfd.h>

enum { EVENTS = 256, ROOM = 8192, CONNECTIONS = 20000, TIMEOUT_S = 20 };

struct connection { int fd, active, slot; uint64_t arrived; size_t length; char bytes[ROOM]; };

static const char request[] = "GET /balance HTTP/1.1\r\nHost: bench.example\r\nUser-Agent: arrivals\r\nAccept: */*\r\n\r\n";
static struct connection *idle[CONNECTIONS], *all[CONNECTIONS];
static size_t idle_count, open_count, active_count;
static uint64_t begin_counting, state, sent, answered, refused, broken, timed_out, statuses[6];
static double *latencies;
static size_t latency_count, latency_room;
static struct sockaddr_in address;
static int epoll;

static double uniform(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return ((double)(state >> 11) + 0.5) / 9007199254740992.0;
}

static void forget(struct connection *c) {
    if (c->active) active_count--;
    for (size_t i = 0; i < idle_count; i++) if (idle[i] == c) { idle[i] = idle[--idle_count]; break; }
    close(c->fd);
    all[c->slot] = all[--open_count];
    all[c->slot]->slot = c->slot;
    free(c);
}

static void record(double ns) {
    if (latency_count == latency_room) {
        latency_room = latency_room ? 2 * latency_room : 65536;
        if (!(latencies = realloc(latencies, latency_room * sizeof *latencies))) die("realloc");
    }
    latencies[latency_count++] = ns;
}

static void arrive(uint64_t at) {
    struct connection *c = idle_count ? idle[--idle_count] : NULL;
    if (at >= begin_counting) sent++;
    if (!c) {
        if (open_count == CONNECTIONS) { refused++; return; }
        if (!(c = calloc(1, sizeof *c))) die("calloc");
        c->fd = connect_to(&address);
        c->slot = (int)open_count;
        all[open_count++] = c;
        watch(epoll, c->fd, EVERY_EDGE, c);
    }
    c->active = 1;
    c->arrived = at;
    c->length = 0;
    active_count++;
    // On a connection that is not there yet the kernel says EAGAIN; the first event sends it.
    if (send(c->fd, request, sizeof request - 1, MSG_NOSIGNAL) < 0) c->length = (size_t)-1;
}

// Whether a whole response is there; its status then.
static int status_of(struct connection *c) {
    c->bytes[c->length] = 0;
    char *end = strstr(c->bytes, "\r\n\r\n");
    if (!end) return 0;
    char *field = strcasestr(c->bytes, "\r\nContent-Length:");
    size_t content = field && field < end ? strtoul(field + 17, NULL, 10) : 0;
    return c->length >= (size_t)(end + 4 - c->bytes) + content ? atoi(c->bytes + 9) : 0;
}

static void finish(struct connection *c, int status, uint64_t now) {
    if (status / 100 == 2) {
        answered++;
        if (c->arrived >= begin_counting) record((double)(now - c->arrived));
    }
    statuses[status / 100 < 6 ? status / 100 : 0]++;
    c->active = 0;
    active_count--;
    idle[idle_count++] = c;
}

static void serve(struct connection *c, uint32_t events, uint64_t now) {
    if (c->length == (size_t)-1 && events & EPOLLOUT) {
        c->length = 0;
        if (send(c->fd, request, sizeof request - 1, MSG_NOSIGNAL) < 0) c->length = (size_t)-1;
    }
    while (c->length != (size_t)-1 && c->length < ROOM - 1) {
        ssize_t count = recv(c->fd, c->bytes + c->length, ROOM - 1 - c->length, 0);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0) break;
        c->length += (size_t)count;
        int status = c->active ? status_of(c) : 0;
        if (status) finish(c, status, now);
    }
    if (c->length == (size_t)-1 && !(events & (EPOLLERR | EPOLLHUP))) return;
    if (c->active) { if (c->length == (size_t)-1) refused++; else broken++; }
    forget(c);
}

static void give_up(uint64_t now) {
    for (size_t i = open_count; i-- > 0;) {
        if (!all[i]->active || now - all[i]->arrived < TIMEOUT_S * 1000000000ull) continue;
        timed_out++;
        forget(all[i]);
    }
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double percentile(double share) {
    if (!latency_count) return 0;
    size_t rank = (size_t)ceil((double)latency_count * share);
    return latencies[rank ? rank - 1 : 0] / 1000;
}

static void report(double seconds) {
    qsort(latencies, latency_count, sizeof *latencies, by_value);
    uint64_t wrong = statuses[0] + statuses[1] + statuses[3] + statuses[4] + statuses[5];
    printf("{\"sent\": %lu, \"answered\": %lu, \"failed\": %lu, \"refused\": %lu, \"broken\": %lu, \"timed_out\": %lu, "
        "\"status_5xx\": %lu, \"status_other\": %lu, \"rps\": %.1f, \"p50_us\": %.0f, \"p90_us\": %.0f, \"p99_us\": %.0f, "
        "\"p999_us\": %.0f, \"max_us\": %.0f}\n", (unsigned long)sent, (unsigned long)answered,
        (unsigned long)(refused + broken + timed_out + wrong), (unsigned long)refused, (unsigned long)broken,
        (unsigned long)timed_out, (unsigned long)statuses[5], (unsigned long)(wrong - statuses[5]),
        (double)latency_count / seconds, percentile(0.5), percentile(0.9), percentile(0.99), percentile(0.999),
        percentile(1));
}

int main(int count, char **words) {
    if (count != 6) {
        fprintf(stderr, "usage: arrivals PORT RATE WARM_UP_S SECONDS SEED\n");
        return 64;
    }
    address = loopback(words[1]);
    double gap = 1e9 / atof(words[2]), seconds = atof(words[4]);
    state = strtoull(words[5], NULL, 10) * 0x9E3779B97F4A7C15u | 1;
    if ((epoll = epoll_create1(EPOLL_CLOEXEC)) < 0) die("epoll_create1");
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    watch(epoll, timer, EPOLLIN, &timer);
    uint64_t start = now_ns();
    begin_counting = start + (uint64_t)(atof(words[3]) * 1e9);
    uint64_t end = begin_counting + (uint64_t)(seconds * 1e9);
    double next = (double)start;
    for (;;) {
        uint64_t now = now_ns();
        while (next <= (double)now && next < (double)end) {
            arrive((uint64_t)next);
            next += -log(uniform()) * gap;
        }
        if (next >= (double)end && !active_count) break;
        uint64_t wake = next < (double)end ? (uint64_t)next : now + 100000000;
        struct itimerspec time = {.it_value = {(time_t)(wake / 1000000000u), (long)(wake % 1000000000u)}};
        timerfd_settime(timer, TFD_TIMER_ABSTIME, &time, NULL);
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        now = now_ns();
        for (int i = 0; i < ready; i++) {
            uint64_t expirations;
            if (events[i].data.ptr != &timer) serve(events[i].data.ptr, events[i].events, now);
            else if (read(timer, &expirations, sizeof expirations) < 0 && errno != EAGAIN) die("read");
        }
        give_up(now);
    }
    report(seconds);
}
