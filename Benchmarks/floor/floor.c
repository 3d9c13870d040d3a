// The floor: the least a proxy on epoll can do. It moves bytes between a client and a server and looks at none of them.
// usage: floor PORT ORIGIN_PORT [BUFFER_KIB]
//
// One thread; every client connection owns one connection to the server; both are registered once, edge-triggered. A
// short read means the socket is drained, so there is no second recv to be told so. No proxy that reads HTTP can be
// cheaper without doing the system calls themselves differently.
#include "../common/net.h"

enum { MOST = 1024 * 1024, EVENTS = 256 };

// One direction's end: what was received here goes to `other`. `held` are bytes that `other` did not yet take.
struct end {
    int fd;
    struct end *other;
    char *held;
    size_t held_length;
    int may_read, closed;
    struct end *next_dead;
};

static char shared[MOST];
static ssize_t room = 72 * 1024;  // 64 KiB of content arrive at once, with their head: as large as the proxies' buffers.
static struct end *dead;  // Freed after the batch of events: later events of the same batch may still point here.

static void bury(struct end *end) {
    if (end->closed) return;
    end->closed = 1;
    close(end->fd);
    end->next_dead = dead;
    dead = end;
}

static void hang_up(struct end *end) {
    bury(end->other);
    bury(end);
}

// Keeps what the other side did not take; it goes out at that side's next EPOLLOUT.
static void hold(struct end *from, const char *bytes, size_t length) {
    from->held = malloc(length);
    if (!from->held) die("malloc");
    memcpy(from->held, bytes, length);
    from->held_length = length;
}

// Returns how many of the bytes were taken, or -1 if the connection is gone.
static ssize_t offer(int fd, const char *bytes, size_t length) {
    ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
    return sent < 0 && errno == EAGAIN ? 0 : sent;
}

static void forward(struct end *from) {
    while (!from->closed && from->may_read && !from->held) {
        ssize_t got = recv(from->fd, shared, (size_t)room, 0);
        if (got < 0 && errno == EAGAIN) { from->may_read = 0; return; }
        if (got <= 0) { hang_up(from); return; }
        if (got < room) from->may_read = 0;
        ssize_t sent = offer(from->other->fd, shared, (size_t)got);
        if (sent < 0) { hang_up(from); return; }
        if (sent < got) hold(from, shared + sent, (size_t)(got - sent));
    }
}

// `to` can take bytes again: first those held for it, then whatever has arrived meanwhile.
static void flush(struct end *to) {
    struct end *from = to->other;
    if (!from->held) return;
    ssize_t sent = offer(to->fd, from->held, from->held_length);
    if (sent < 0) { hang_up(to); return; }
    from->held_length -= (size_t)sent;
    memmove(from->held, from->held + sent, from->held_length);
    if (from->held_length) return;
    free(from->held);
    from->held = NULL;
    forward(from);
}

static struct end *make_end(int fd) {
    struct end *end = calloc(1, sizeof *end);
    if (!end) die("calloc");
    end->fd = fd;
    return end;
}

static void accept_all(int epoll, int listener, const struct sockaddr_in *origin) {
    for (int fd; (fd = accept_one(listener)) >= 0;) {
        struct end *client = make_end(fd), *server = make_end(connect_to(origin));
        client->other = server;
        server->other = client;
        watch(epoll, client->fd, EVERY_EDGE, client);
        watch(epoll, server->fd, EVERY_EDGE, server);
    }
}

static void handle(struct end *end, uint32_t events) {
    if (end->closed) return;
    if (events & EPOLLOUT) flush(end);
    if (end->closed || !(events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))) return;
    end->may_read = 1;
    forward(end);
    if (end->closed || !(events & EPOLLRDHUP)) return;
    end->may_read = 1;  // A short read says nothing about the end that the peer has already sent behind it.
    forward(end);
}

static void free_dead(void) {
    while (dead) {
        struct end *end = dead;
        dead = end->next_dead;
        free(end->held);
        free(end);
    }
}

int main(int argc, char **argv) {
    if (argc == 4) room = 1024 * atoi(argv[3]);
    if (argc < 3 || argc > 4 || room <= 0 || room > MOST)
        return fprintf(stderr, "usage: floor PORT ORIGIN_PORT [BUFFER_KIB]\n"), 64;
    int epoll = epoll_create1(EPOLL_CLOEXEC), listener = listen_on(argv[1]);
    struct sockaddr_in origin = loopback(argv[2]);
    struct epoll_event events[EVENTS];
    watch(epoll, listener, EPOLLIN | EPOLLET, NULL);
    for (;;) {
        int count = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            if (!events[i].data.ptr) accept_all(epoll, listener, &origin);
            else handle(events[i].data.ptr, events[i].events);
        }
        free_dead();
    }
}
