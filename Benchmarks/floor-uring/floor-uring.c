// The floor of io_uring: the least a proxy on it can do. It moves bytes between a client and a server and looks at none of them.
// usage: floor-uring PORT ORIGIN_PORT
//
// One thread and one ring; every client connection owns one connection to the server. Each receives again and again into
// buffers that the kernel chooses, what came is sent from where it lies, and one call in a round hands over and waits.
#include "../common/net.h"
#include <signal.h>
#include "MartletRing.h"

enum { BUFFERS = 256, ROOM = 72 * 1024, NONE = -1 };
enum task { ACCEPT, RECEIVE, SEND };

// One direction's end. What waits to be sent on it lies in buffers, of which it has a list.
struct end {
    int fd;
    struct end *other;
    int first, last;  // Buffers that wait; the first is being sent.
    int tasks, closed, starves;
    struct end *next;
};

static martlet_ring ring;
static char memory[BUFFERS][ROOM];
static struct { int next; uint32_t sent, length; } waiting[BUFFERS];
static int listener;
static struct end *starving;

static void make_room(void) {
    while (!martlet_ring_has_room(&ring)) martlet_ring_enter(&ring, 0, 0);
}

static uint64_t name(const void *whose, enum task task) { return (uint64_t)(uintptr_t)whose | task; }

static void receive(struct end *end) {
    if (end->closed) return;
    make_room();
    martlet_ring_receive(&ring, end->fd, name(end, RECEIVE));
    end->tasks++;
}

static void send_first(struct end *end) {
    int number = end->first;
    make_room();
    // Without MSG_DONTWAIT: the kernel waits for room by itself.
    martlet_ring_send(&ring, end->fd, memory[number] + waiting[number].sent, waiting[number].length - waiting[number].sent,
                      name(end, SEND));
    ring.submissions[(ring.written - 1) & ring.submit_mask].options = MSG_NOSIGNAL;
    end->tasks++;
}

static void give_back(int number) {
    martlet_ring_lend(&ring, memory[number], ROOM, (uint16_t)number);
    // Who has found no buffer asks again.
    struct end *next = starving;
    if (!next) return;
    starving = next->next;
    next->starves = 0;
    receive(next);
}

static void bury(struct end *end) {
    if (end->closed) return;
    end->closed = 1;
    shutdown(end->fd, SHUT_RDWR);
}

static void release(struct end *end) {
    for (int number = end->first, next; number != NONE; number = next) {
        next = waiting[number].next;
        give_back(number);
    }
    close(end->fd);
    free(end);
}

// Frees a pair when the kernel has let go of both.
static void free_if_over(struct end *end) {
    struct end *other = end->other;
    if (!end->closed || end->tasks || other->tasks || end->starves || other->starves) return;
    release(end);
    release(other);
}

static void received(struct end *from, martlet_completion done) {
    struct end *to = from->other;
    int number = done.flags & martlet_ring_has_buffer ? (int)(done.flags >> 16) : NONE;
    if (!(done.flags & martlet_ring_has_more)) from->tasks--;
    if (done.result > 0 && !to->closed) {
        waiting[number].next = NONE;
        waiting[number].sent = 0;
        waiting[number].length = (uint32_t)done.result;
        if (to->first == NONE) {
            to->first = to->last = number;
            send_first(to);
        } else {
            waiting[to->last].next = number;
            to->last = number;
        }
    } else if (number != NONE) {
        give_back(number);
    }
    if (done.result == -ENOBUFS) {
        if (from->closed) return;
        from->starves = 1;
        from->next = starving;
        starving = from;
        return;
    }
    if (done.result <= 0) {
        bury(to);
        bury(from);
    } else if (!(done.flags & martlet_ring_has_more)) {
        receive(from);
    }
}

static void sent(struct end *to, martlet_completion done) {
    int number = to->first;
    to->tasks--;
    if (done.result < 0) {
        bury(to->other);
        bury(to);
        return;
    }
    waiting[number].sent += (uint32_t)done.result;
    if (waiting[number].sent == waiting[number].length) {
        to->first = waiting[number].next;
        give_back(number);
    }
    if (to->first != NONE && !to->closed) send_first(to);
}

static struct end *make_end(int fd) {
    struct end *end = calloc(1, sizeof *end);
    if (!end) die("calloc");
    end->fd = fd;
    end->first = end->last = NONE;
    return end;
}

static void accept_all(const struct sockaddr_in *origin) {
    for (int fd; (fd = accept_one(listener)) >= 0;) {
        struct end *client = make_end(fd), *server = make_end(connect_to(origin));
        client->other = server;
        server->other = client;
        receive(client);
        receive(server);
    }
}

static void await_clients(void) {
    make_room();
    martlet_ring_poll(&ring, listener, EPOLLIN, 1, name(NULL, ACCEPT));
}

int main(int argc, char **argv) {
    if (argc != 3) return fprintf(stderr, "usage: floor-uring PORT ORIGIN_PORT\n"), 64;
    signal(SIGPIPE, SIG_IGN);
    listener = listen_on(argv[1]);
    struct sockaddr_in origin = loopback(argv[2]);
    int result = martlet_ring_open(&ring, 512, 4096, BUFFERS);
    if (result == 0) result = martlet_ring_start(&ring);
    if (result < 0) return fprintf(stderr, "floor-uring: no io_uring here (%d)\n", result), 69;
    for (int number = 0; number < BUFFERS; number++) give_back(number);
    await_clients();
    for (;;) {
        martlet_ring_enter(&ring, 1, -1);
        for (uint32_t count = martlet_ring_count(&ring); count; count--) {
            martlet_completion done = martlet_ring_take(&ring);
            struct end *end = (struct end *)(uintptr_t)(done.data & ~(uint64_t)7);
            if (!end) {
                accept_all(&origin);
                if (!(done.flags & martlet_ring_has_more)) await_clients();
                continue;
            }
            if ((done.data & 7) == RECEIVE) received(end, done);
            else sent(end, done);
            free_if_over(end);
        }
    }
}
