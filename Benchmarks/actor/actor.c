// The actor: a server with a service time, a number of workers and a queue, that can be told to misbehave.
// usage: actor PORT MEAN_US WORKERS SEED NAME
//
// Every request takes a time from an exponential distribution with the given mean, and waits in line while all workers
// are busy. The time is slept, not worked, so that many actors fit on one core. The response's content is NAME.
//
// A line on the standard input changes what it does from then on:
//   ok        answer well
//   503       answer 503 at once
//   reset     reset the connection when a request has come
//   refuse    close the listener and all connections
//   listen    open the listener again
//   slow N    N times the service time
//   count     print how many requests were answered well so far, and how many since the last time
#include "../common/net.h"
#include <math.h>
#include <netinet/in.h>
#include <sys/timerfd.h>

enum { EVENTS = 256, HEAD_ROOM = 16 * 1024, LIMIT = 65536 };
enum mode { OK, UNAVAILABLE, RESET };

struct connection {
    int fd, busy, is_open;
    unsigned generation;
    size_t length;
    char head[HEAD_ROOM];
};

// What is due: the request of a connection is answered then.
struct job { uint64_t due; struct connection *connection; unsigned generation; };

static struct connection *connections[LIMIT];
static struct job running[LIMIT], waiting[LIMIT];
static size_t running_count, waiting_first, waiting_count;
static int epoll, listener, timer, workers;
static double mean_ns, factor = 1;
static enum mode mode;
static uint64_t answered, answered_before, state;
static const char *port, *name;

static double uniform(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return ((double)(state >> 11) + 0.5) / 9007199254740992.0;
}

// MARK: Jobs, a binary heap by the time they are due

static void sift_up(size_t child) {
    for (; child > 0 && running[(child - 1) / 2].due > running[child].due; child = (child - 1) / 2) {
        struct job swap = running[child];
        running[child] = running[(child - 1) / 2];
        running[(child - 1) / 2] = swap;
    }
}

static struct job take_first(void) {
    struct job first = running[0], last = running[--running_count];
    size_t parent = 0;
    for (;;) {
        size_t child = 2 * parent + 1;
        if (child >= running_count) break;
        if (child + 1 < running_count && running[child + 1].due < running[child].due) child++;
        if (last.due <= running[child].due) break;
        running[parent] = running[child];
        parent = child;
    }
    if (running_count) running[parent] = last;
    return first;
}

static void set_timer(void) {
    struct itimerspec time = {0};
    if (running_count) {
        time.it_value.tv_sec = (time_t)(running[0].due / 1000000000u);
        time.it_value.tv_nsec = (long)(running[0].due % 1000000000u);
    }
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &time, NULL);
}

static void start(struct job job, uint64_t now) {
    job.due = now + (uint64_t)(-log(uniform()) * mean_ns * factor) + 1;
    running[running_count++] = job;
    sift_up(running_count - 1);
}

static void accept_job(struct connection *c, uint64_t now) {
    struct job job = {0, c, c->generation};
    c->busy = 1;
    if (running_count < (size_t)workers) start(job, now);
    else if (waiting_count < LIMIT) waiting[(waiting_first + waiting_count++) % LIMIT] = job;
}

// MARK: Connections

static void forget(struct connection *c, int with_reset) {
    struct linger now = {1, 0};
    if (!c->is_open) return;
    if (with_reset) setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(c->fd);
    c->is_open = 0;
    c->generation++;
}

static void answer(struct connection *c, const char *status, const char *content) {
    char text[512];
    int length = snprintf(text, sizeof text, "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n%s",
        status, strlen(content), content);
    c->busy = 0;
    if (send(c->fd, text, (size_t)length, MSG_NOSIGNAL) != length) forget(c, 0);
}

// Heads only: whoever sends content to an actor is not understood.
static void handle(struct connection *c, uint64_t now) {
    while (c->is_open && !c->busy) {
        char *end = memmem(c->head, c->length, "\r\n\r\n", 4);
        if (!end) return;
        size_t used = (size_t)(end + 4 - c->head);
        memmove(c->head, c->head + used, c->length -= used);
        if (mode == RESET) return forget(c, 1);
        if (mode == UNAVAILABLE) answer(c, "503 Service Unavailable", "busy\n");
        else accept_job(c, now);
    }
}

static void receive(struct connection *c, uint64_t now) {
    while (c->is_open) {
        if (c->length == HEAD_ROOM) return forget(c, 0);
        ssize_t count = recv(c->fd, c->head + c->length, HEAD_ROOM - c->length, 0);
        if (count == 0) return forget(c, 0);
        if (count < 0) {
            if (errno != EAGAIN) forget(c, 0);
            return;
        }
        c->length += (size_t)count;
        handle(c, now);
    }
}

static void accept_all(void) {
    for (int fd; (fd = accept_one(listener)) >= 0;) {
        if (fd >= LIMIT) { close(fd); continue; }
        // Records are never freed: a job may still know one, by its generation.
        if (!connections[fd] && !(connections[fd] = calloc(1, sizeof *connections[fd]))) die("calloc");
        struct connection *c = connections[fd];
        c->fd = fd;
        c->is_open = 1;
        c->busy = 0;
        c->length = 0;
        watch(epoll, fd, EPOLLIN | EPOLLRDHUP | EPOLLET, c);
        receive(c, now_ns());
    }
}

static void run_jobs(uint64_t now) {
    uint64_t expirations;
    if (read(timer, &expirations, sizeof expirations) < 0 && errno != EAGAIN) die("read");
    while (running_count && running[0].due <= now) {
        struct job job = take_first();
        if (waiting_count) {
            waiting_count--;
            start(waiting[waiting_first++ % LIMIT], now);
        }
        struct connection *c = job.connection;
        if (!c->is_open || c->generation != job.generation) continue;
        answered++;
        answer(c, "200 OK", name);
        handle(c, now);
    }
}

// MARK: Orders

static void open_listener(void) {
    listener = listen_on(port);
    watch(epoll, listener, EPOLLIN, &listener);
}

static void obey(char *line) {
    if (strcmp(line, "ok") == 0) mode = OK;
    else if (strcmp(line, "503") == 0) mode = UNAVAILABLE;
    else if (strcmp(line, "reset") == 0) mode = RESET;
    else if (strcmp(line, "listen") == 0) open_listener();
    else if (strncmp(line, "slow ", 5) == 0) factor = atof(line + 5);
    else if (strcmp(line, "refuse") == 0) {
        close(listener);
        for (int fd = 0; fd < LIMIT; fd++) if (connections[fd]) forget(connections[fd], 0);
    } else if (strcmp(line, "count") == 0) {
        printf("%lu %lu\n", (unsigned long)answered, (unsigned long)(answered - answered_before));
        answered_before = answered;
    }
    fflush(stdout);
}

static void read_orders(void) {
    static char text[4096];
    static size_t length;
    ssize_t count = read(STDIN_FILENO, text + length, sizeof text - 1 - length);
    if (count <= 0) exit(0);  // Whoever gave the orders is gone.
    length += (size_t)count;
    text[length] = 0;
    for (char *end; (end = strchr(text, '\n'));) {
        *end = 0;
        obey(text);
        memmove(text, end + 1, strlen(end + 1) + 1);
        length = strlen(text);
    }
}

int main(int count, char **words) {
    if (count != 6) {
        fprintf(stderr, "usage: actor PORT MEAN_US WORKERS SEED NAME\n");
        return 64;
    }
    port = words[1];
    mean_ns = atof(words[2]) * 1000;
    workers = atoi(words[3]);
    state = strtoull(words[4], NULL, 10) * 0x9E3779B97F4A7C15u | 1;
    name = words[5];
    if ((epoll = epoll_create1(EPOLL_CLOEXEC)) < 0) die("epoll_create1");
    if ((timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) < 0) die("timerfd_create");
    watch(epoll, timer, EPOLLIN, &timer);
    watch(epoll, STDIN_FILENO, EPOLLIN, &mode);
    open_listener();
    for (;;) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < ready; i++) {
            void *data = events[i].data.ptr;
            if (data == &listener) accept_all();
            else if (data == &timer) run_jobs(now_ns());
            else if (data == &mode) read_orders();
            else receive(data, now_ns());
        }
        set_timer();
    }
}
