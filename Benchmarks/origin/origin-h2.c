// The origin that speaks HTTP/2 in the clear, with prior knowledge: as cheap as origin.c, so that what is measured in front of
// it is the proxy. It uses no library, since it need not understand what it is asked.
// usage: origin-h2 PORT BYTES
//
// Every request is answered with that many bytes as soon as its HEADERS frame is there; its fields are not decoded. The fields
// of the response are encoded as nghttp2 does it: those that repeat are put into the client's dynamic table by the first
// response and are one byte each from then on, Content-Length and ETag are literals. Flow control is kept to (RFC 9113, 5.2).
// A client that begins with "GET " is told by HTTP/1.1 how many connections were accepted so far, as origin.c does it.
//
// It trusts its clients: it belongs behind the proxies under test, nowhere else.
#include "../common/net.h"
#include <sys/uio.h>

enum { ROOM = 64 * 1024, STREAMS = 128, STREAMS_AT_FIRST = 2048, FRAME = 16384, FRAME_HEAD = 9, EVENTS = 64, TABLE = 4096, BLOCK = 256 };
enum { PARTS = 256, HEADS = PARTS * (FRAME_HEAD + BLOCK), MOST = 256 * 1024 };  // What is sent at once, MOST bytes or little more.
enum { DATA = 0, HEADERS = 1, RST_STREAM = 3, SETTINGS = 4, PING = 6, WINDOW_UPDATE = 8 };
enum { ACK = 1, END_STREAM = 1, END_HEADERS = 4 };
enum { HEADER_TABLE_SIZE = 1, MAX_CONCURRENT_STREAMS = 3, INITIAL_WINDOW_SIZE = 4 };
static const char PREFACE[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
enum { PREFACE_LENGTH = sizeof PREFACE - 1 };

struct block { uint8_t bytes[BLOCK]; size_t length; };

// A response that is not sent to its end. `window` is what the client takes of it.
struct stream { uint32_t number; int begun; int64_t window; size_t left; };

struct connection {
    int fd, may_read, greeted, has_table;  // has_table: the client's dynamic table has our fields.
    uint32_t last;                         // The highest stream so far.
    int64_t window, initial_window;
    struct stream streams[STREAMS_AT_FIRST];  // A client may send many requests before it knows how many are wanted.
    int count;
    uint8_t *unsent;                       // Frames that are made but not yet taken by the socket.
    size_t unsent_at, unsent_length, unsent_room;
    size_t length;
    uint8_t buffer[ROOM];
};

// What is being put together for one writev: heads of frames lie in `heads`, content is always the same.
static struct { struct iovec parts[PARTS]; int count; uint8_t heads[HEADS]; size_t used, bytes; } batch;

static struct block first_block, next_block;
static uint8_t content[FRAME];
static size_t content_length;
static unsigned long accepted;

// MARK: Encoding

static uint32_t read32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void write32(uint8_t *p, uint32_t value) {
    for (int i = 0; i < 4; i++) p[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void write_frame_head(uint8_t *p, size_t length, int type, int flags, uint32_t stream) {
    write32(p, (uint32_t)length << 8 | (uint32_t)type);
    p[4] = (uint8_t)flags;
    write32(p + 5, stream);
}

static void put(struct block *b, int byte) { b->bytes[b->length++] = (uint8_t)byte; }

static void put_value(struct block *b, const char *value) {
    size_t length = strlen(value);  // Below 127: one byte says it. Without Huffman's code.
    put(b, (int)length);
    memcpy(b->bytes + b->length, value, length);
    b->length += length;
}

// A literal that the client keeps; `name` is the name's index in the static table (RFC 7541, 6.2.1).
static void put_kept(struct block *b, int name, const char *value) {
    put(b, 0x40 | name);
    put_value(b, value);
}

// A literal that it does not keep, with a name beyond index 14 (RFC 7541, 6.2.2).
static void put_literal(struct block *b, int name, const char *value) {
    put(b, 0x0f);
    put(b, name - 0x0f);
    put_value(b, value);
}

static void put_literals(struct block *b) {
    char text[32];
    sprintf(text, "%zu", content_length);
    put_literal(b, 28, text);               // content-length
    put_literal(b, 34, "\"5f3c-61a8\"");    // etag
}

static void build_blocks(void) {
    char date[64];
    time_t now = time(NULL);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime(&now));
    put(&first_block, 0x88);                // :status 200
    put_kept(&first_block, 54, "origin");   // server
    put_kept(&first_block, 33, date);       // date
    put_kept(&first_block, 31, "text/plain; charset=utf-8");
    put_literals(&first_block);
    put(&next_block, 0x88);
    for (int index = 64; index >= 62; index--) put(&next_block, 0x80 | index);  // The three that are kept, the oldest first.
    put_literals(&next_block);
}

// MARK: Sending

// Keeps bytes that go out before everything that is made later.
static void keep(struct connection *c, const void *bytes, size_t length) {
    if (!length) return;
    if (c->unsent_at == c->unsent_length) c->unsent_at = c->unsent_length = 0;
    if (c->unsent_length + length > c->unsent_room) {
        c->unsent_room = 2 * (c->unsent_length + length);
        c->unsent = realloc(c->unsent, c->unsent_room);
        if (!c->unsent) die("realloc");
    }
    memcpy(c->unsent + c->unsent_length, bytes, length);
    c->unsent_length += length;
}

static void keep_frame(struct connection *c, int type, int flags, const void *payload, size_t length) {
    uint8_t head[FRAME_HEAD];
    write_frame_head(head, length, type, flags, 0);
    keep(c, head, sizeof head);
    keep(c, payload, length);
}

// Adds bytes to be sent, to the last part if they lie right behind it.
static void add_part(uint8_t *bytes, size_t length) {
    struct iovec *last = batch.count ? &batch.parts[batch.count - 1] : NULL;
    batch.bytes += length;
    if (last && (uint8_t *)last->iov_base + last->iov_len == bytes) last->iov_len += length;
    else batch.parts[batch.count++] = (struct iovec){.iov_base = bytes, .iov_len = length};
}

// Whether a frame of each kind fits in.
static int batch_has_room(void) { return batch.count + 3 <= PARTS && batch.bytes < MOST; }

static uint8_t *add_head(size_t length) {
    uint8_t *head = batch.heads + batch.used;
    batch.used += length;
    add_part(head, length);
    return head;
}

static void add_headers(struct connection *c, struct stream *s) {
    const struct block *block = c->has_table ? &next_block : &first_block;
    uint8_t *head = add_head(FRAME_HEAD + block->length);
    write_frame_head(head, block->length, HEADERS, END_HEADERS, s->number);
    memcpy(head + FRAME_HEAD, block->bytes, block->length);
    c->has_table = s->begun = 1;
}

// Adds what the windows allow of one response, and returns whether that was all of it.
static int add_response(struct connection *c, struct stream *s) {
    if (!s->begun) add_headers(c, s);
    while (s->left && s->window > 0 && c->window > 0 && batch_has_room()) {
        int64_t most = s->window < c->window ? s->window : c->window;
        size_t length = s->left < FRAME ? s->left : FRAME;
        if ((int64_t)length > most) length = (size_t)most;
        s->left -= length;
        s->window -= (int64_t)length;
        c->window -= (int64_t)length;
        write_frame_head(add_head(FRAME_HEAD), length, DATA, s->left ? 0 : END_STREAM, s->number);
        add_part(content, length);
    }
    return !s->left;
}

// Puts as much as possible into the batch: one response after the other, and those that must wait stay in their order.
static void fill_batch(struct connection *c) {
    int kept = 0;
    batch.count = 0;
    batch.used = batch.bytes = 0;
    for (int i = 0; i < c->count; i++) {
        struct stream *s = &c->streams[i];
        if (batch_has_room() && add_response(c, s)) continue;
        if (kept != i) c->streams[kept] = *s;
        kept++;
    }
    c->count = kept;
}

static void keep_rest(struct connection *c, size_t sent) {
    for (int i = 0; i < batch.count; i++) {
        struct iovec *part = &batch.parts[i];
        size_t gone = sent < part->iov_len ? sent : part->iov_len;
        sent -= gone;
        keep(c, (uint8_t *)part->iov_base + gone, part->iov_len - gone);
    }
}

// Sends all that may be sent; returns 0 when the connection is gone.
static int send_some(struct connection *c) {
    for (;;) {
        if (c->unsent_at < c->unsent_length) {
            ssize_t sent = send(c->fd, c->unsent + c->unsent_at, c->unsent_length - c->unsent_at, MSG_NOSIGNAL);
            if (sent < 0) return errno == EAGAIN;
            c->unsent_at += (size_t)sent;
            if (c->unsent_at < c->unsent_length) return 1;
        }
        fill_batch(c);
        if (!batch.count) return 1;
        struct msghdr message = {.msg_iov = batch.parts, .msg_iovlen = (size_t)batch.count};
        ssize_t sent = sendmsg(c->fd, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) return 0;
        keep_rest(c, sent < 0 ? 0 : (size_t)sent);
    }
}

// MARK: Receiving

static struct stream *find(struct connection *c, uint32_t number) {
    for (int i = 0; i < c->count; i++)
        if (c->streams[i].number == number) return &c->streams[i];
    return NULL;
}

static void take_settings(struct connection *c, const uint8_t *payload, size_t length) {
    for (size_t at = 0; at + 6 <= length; at += 6) {
        int name = payload[at] << 8 | payload[at + 1];
        int64_t value = read32(payload + at + 2);
        if (name == HEADER_TABLE_SIZE && value < TABLE) {
            fprintf(stderr, "origin-h2: a client with a header table of less than %d bytes\n", TABLE);
            exit(1);
        }
        if (name != INITIAL_WINDOW_SIZE) continue;
        for (int i = 0; i < c->count; i++) c->streams[i].window += value - c->initial_window;
        c->initial_window = value;
    }
    keep_frame(c, SETTINGS, ACK, NULL, 0);
}

// Returns 0 when there are more requests than were allowed.
static int take_request(struct connection *c, uint32_t number) {
    if (number <= c->last) return 1;  // Trailers.
    c->last = number;
    if (c->count == STREAMS_AT_FIRST) return 0;
    c->streams[c->count++] = (struct stream){.number = number, .window = c->initial_window, .left = content_length};
    return 1;
}

static void open_window(struct connection *c, uint32_t number, uint32_t more) {
    struct stream *s = number ? find(c, number) : NULL;
    if (!number) c->window += more;
    else if (s) s->window += more;
}

static void forget(struct connection *c, uint32_t number) {
    struct stream *s = find(c, number);
    if (s) memmove(s, s + 1, (size_t)(c->streams + --c->count - s) * sizeof *s);
}

static int take_frame(struct connection *c, const uint8_t *frame, size_t length) {
    const uint8_t *payload = frame + FRAME_HEAD;
    uint32_t number = read32(frame + 5) & INT32_MAX;
    switch (frame[3]) {
    case HEADERS: return take_request(c, number);
    case RST_STREAM: forget(c, number); return 1;
    case SETTINGS: if (!(frame[4] & ACK)) take_settings(c, payload, length); return 1;
    case PING: if (!(frame[4] & ACK)) keep_frame(c, PING, ACK, payload, length); return 1;
    case WINDOW_UPDATE: open_window(c, number, read32(payload) & INT32_MAX); return 1;
    default: return 1;
    }
}

// Answers the driver's question, after which the connection ends.
static void tell_connections(struct connection *c) {
    char number[32], text[128];
    int length = sprintf(number, "%lu\n", accepted);
    length = sprintf(text, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", length, number);
    if (send(c->fd, text, (size_t)length, MSG_NOSIGNAL) != length) perror("send");
}

// Reads the preface; returns whether it is there, or -1 when the connection is to be closed.
static int greet(struct connection *c, size_t *at) {
    uint8_t streams[6] = {0, MAX_CONCURRENT_STREAMS};
    if (c->greeted) return 1;
    if (c->length >= 4 && !memcmp(c->buffer, "GET ", 4)) return tell_connections(c), -1;
    if (c->length < PREFACE_LENGTH) return 0;
    if (memcmp(c->buffer, PREFACE, PREFACE_LENGTH)) return -1;
    write32(streams + 2, STREAMS);
    keep_frame(c, SETTINGS, 0, streams, sizeof streams);
    *at = PREFACE_LENGTH;
    return c->greeted = 1;
}

// Takes all whole frames of the buffer; returns 0 when the connection is to be closed.
static int take_all(struct connection *c) {
    size_t at = 0;
    int greeted = greet(c, &at);
    if (greeted <= 0) return greeted == 0;
    while (c->length - at >= FRAME_HEAD) {
        size_t length = read32(c->buffer + at) >> 8;
        if (length > FRAME) return 0;
        if (c->length - at < FRAME_HEAD + length) break;
        if (!take_frame(c, c->buffer + at, length)) return 0;
        at += FRAME_HEAD + length;
    }
    c->length -= at;
    memmove(c->buffer, c->buffer + at, c->length);
    return 1;
}

// Reads everything before it answers, so that requests that come together are answered together. Returns 0 at the end.
static int serve(struct connection *c, uint32_t events) {
    if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) c->may_read = 1;
    while (c->may_read) {
        size_t room = ROOM - c->length;
        ssize_t got = recv(c->fd, c->buffer + c->length, room, 0);
        if (got < 0 && errno == EAGAIN) { c->may_read = 0; break; }
        if (got <= 0) return 0;
        if ((size_t)got < room && !(events & EPOLLRDHUP)) c->may_read = 0;
        c->length += (size_t)got;
        if (!take_all(c)) return 0;
    }
    return send_some(c);
}

static void accept_all(int epoll, int listener) {
    for (int fd; (fd = accept_one(listener)) >= 0; accepted++) {
        struct connection *c = malloc(sizeof *c);
        if (!c) die("malloc");
        memset(c, 0, offsetof(struct connection, buffer));
        c->fd = fd;
        c->window = c->initial_window = 65535;
        watch(epoll, fd, EVERY_EDGE, c);
    }
}

int main(int argc, char **argv) {
    if (argc != 3 || atol(argv[2]) <= 0) return fprintf(stderr, "usage: origin-h2 PORT BYTES\n"), 64;
    content_length = (size_t)atol(argv[2]);
    memset(content, 'x', sizeof content);
    build_blocks();
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
            free(c->unsent);
            free(c);
        }
    }
}
