// The origin: a very cheap HTTP/1.1 server, so that what is measured in front of it is the proxy.
// usage: origin PORT
//
//   GET /1k, GET /64k   a response of that many bytes, built once, sent with one send
//   POST (any path)     reads the content (Content-Length or chunked) and answers 1 KiB
//   GET /connections    how many connections were accepted so far: shows whether a proxy reuses its own
//
// It trusts its clients: it belongs behind the proxies under test, nowhere else.
#include "../common/net.h"
#include <strings.h>

enum { BUFFER = 64 * 1024, EVENTS = 256 };
enum content { NO_CONTENT, COUNTED, CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILER };

struct response { char *bytes; size_t length; };

struct connection {
    int fd, may_read, close_after;
    enum content content;
    size_t left;                    // Bytes of content, or of the chunk, still to come.
    struct response due, sending;   // What answers the request being read; what is still to be sent.
    size_t length;
    char buffer[BUFFER];
};

static struct response small, large;
static unsigned long accepted;

static struct response build(const char *content, size_t length) {
    char date[64];
    time_t now = time(NULL);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime(&now));
    struct response r = {malloc(length + 512), 0};
    if (!r.bytes) die("malloc");
    r.length = (size_t)sprintf(r.bytes,
        "HTTP/1.1 200 OK\r\nServer: origin\r\nDate: %s\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Length: %zu\r\nETag: \"5f3c-61a8\"\r\n\r\n", date, length);
    if (content) memcpy(r.bytes + r.length, content, length);
    else memset(r.bytes + r.length, 'x', length);
    r.length += length;
    return r;
}

// The answer to /connections; one buffer is enough, it is asked for by the driver alone.
static struct response count_response(void) {
    static struct response r;
    char text[32];
    free(r.bytes);
    return r = build(text, (size_t)sprintf(text, "%lu\n", accepted));
}

static int starts(const char *line, const char *prefix) { return strncasecmp(line, prefix, strlen(prefix)) == 0; }

static struct response choose(const char *head) {
    if (starts(head, "GET /64k")) return large;
    if (starts(head, "GET /connections")) return count_response();
    return small;
}

// Reads the head at `head`, which is terminated by NUL after its last line.
static void read_head(struct connection *c, const char *head) {
    c->due = choose(head);
    c->content = NO_CONTENT;
    for (const char *line = strstr(head, "\r\n"); line; line = strstr(line, "\r\n")) {
        line += 2;
        if (starts(line, "Content-Length:")) {
            c->left = strtoul(line + 15, NULL, 10);
            c->content = c->left ? COUNTED : NO_CONTENT;
        } else if (starts(line, "Transfer-Encoding: chunked")) {
            c->content = CHUNK_SIZE;
        } else if (starts(line, "Connection: close")) {
            c->close_after = 1;
        }
    }
}

// Length of the line at the buffer's start with its CRLF, 0 if it is not complete.
static size_t line_length(const char *bytes, size_t length) {
    const char *end = memmem(bytes, length, "\r\n", 2);
    return end ? (size_t)(end - bytes) + 2 : 0;
}

// Consumes one step of chunked content; returns the bytes used, 0 to wait for more.
static size_t read_chunked(struct connection *c, const char *bytes, size_t length) {
    if (c->content == CHUNK_DATA) {
        size_t used = length < c->left ? length : c->left;
        if ((c->left -= used) == 0) c->content = CHUNK_END;
        return used;
    }
    size_t line = line_length(bytes, length);
    if (!line) return 0;
    if (c->content == CHUNK_END) {
        c->content = CHUNK_SIZE;
    } else if (c->content == CHUNK_SIZE) {
        c->left = strtoul(bytes, NULL, 16);
        c->content = c->left ? CHUNK_DATA : TRAILER;
    } else if (line == 2) {
        c->content = NO_CONTENT;
    }
    return line;
}

static size_t read_counted(struct connection *c, size_t length) {
    size_t used = length < c->left ? length : c->left;
    if ((c->left -= used) == 0) c->content = NO_CONTENT;
    return used;
}

// Sends what is due; returns 0 when the connection is gone.
static int send_some(struct connection *c) {
    if (!c->sending.length) return 1;
    ssize_t sent = send(c->fd, c->sending.bytes, c->sending.length, MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN;
    c->sending.bytes += sent;
    c->sending.length -= (size_t)sent;
    return c->sending.length || !c->close_after;
}

// Consumes the next piece of what was received; sets `*complete` at the end of a request.
static size_t step(struct connection *c, char *bytes, size_t length, int *complete) {
    size_t used;
    if (c->content == NO_CONTENT) {
        char *end = memmem(bytes, length, "\r\n\r\n", 4);
        if (!end) return 0;
        end[2] = 0;
        read_head(c, bytes);
        used = (size_t)(end - bytes) + 4;
    } else {
        used = c->content == COUNTED ? read_counted(c, length) : read_chunked(c, bytes, length);
    }
    *complete = used && c->content == NO_CONTENT;
    return used;
}

// Answers every complete request in the buffer, as far as the client takes the answers.
static int answer(struct connection *c) {
    size_t at = 0;
    while (at < c->length && !c->sending.length) {
        int complete = 0;
        size_t used = step(c, c->buffer + at, c->length - at, &complete);
        if (!used) break;
        at += used;
        if (!complete) continue;
        c->sending = c->due;
        if (!send_some(c)) return 0;
    }
    c->length -= at;
    memmove(c->buffer, c->buffer + at, c->length);
    return 1;
}

// Returns 0 when the connection is to be closed.
static int serve(struct connection *c, uint32_t events) {
    if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) c->may_read = 1;
    if (!send_some(c) || !answer(c)) return 0;
    while (c->may_read && !c->sending.length) {
        size_t room = BUFFER - c->length;
        if (!room) return 0;  // A head larger than the buffer.
        ssize_t got = recv(c->fd, c->buffer + c->length, room, 0);
        if (got < 0 && errno == EAGAIN) { c->may_read = 0; break; }
        if (got <= 0) return 0;
        if ((size_t)got < room && !(events & EPOLLRDHUP)) c->may_read = 0;
        c->length += (size_t)got;
        if (!answer(c)) return 0;
    }
    return 1;
}

static void accept_all(int epoll, int listener) {
    for (int fd; (fd = accept_one(listener)) >= 0; accepted++) {
        struct connection *c = malloc(sizeof *c);
        if (!c) die("malloc");
        memset(c, 0, offsetof(struct connection, buffer));
        c->fd = fd;
        watch(epoll, fd, EVERY_EDGE, c);
    }
}

int main(int argc, char **argv) {
    if (argc != 2) return fprintf(stderr, "usage: origin PORT\n"), 64;
    small = build(NULL, 1024);
    large = build(NULL, 64 * 1024);
    int epoll = epoll_create1(EPOLL_CLOEXEC), listener = listen_on(argv[1]);
    struct epoll_event events[EVENTS];
    watch(epoll, listener, EPOLLIN | EPOLLET, NULL);
    for (;;) {
        int count = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            struct connection *c = events[i].data.ptr;
            if (!c) { accept_all(epoll, listener); continue; }
            if (serve(c, events[i].events)) continue;
            close(c->fd);
            free(c);
        }
    }
}
