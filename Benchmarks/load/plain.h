// How the load generator's bytes travel: plainly. tls.h has the same functions for TLS.
#ifndef BENCHMARK_TRANSPORT
#define BENCHMARK_TRANSPORT

#include "../common/net.h"

struct transport { int fd; };

static int resumes;  // Of no meaning without TLS.

static inline void prepare_transport(const char *version) { if (version) die("this one speaks no TLS"); }

static inline void open_transport(struct transport *t, const struct sockaddr_in *address) { t->fd = connect_to(address); }

static inline void close_transport(struct transport *t) { close(t->fd); }

static inline ssize_t send_some(struct transport *t, const char *bytes, size_t length) {
    return send(t->fd, bytes, length, MSG_NOSIGNAL);
}

static inline ssize_t receive_some(struct transport *t, char *bytes, size_t room) { return recv(t->fd, bytes, room, 0); }

// Whether a read that filled less than its room has taken all there was.
static inline int short_read_is_last(void) { return 1; }

static inline uint64_t resumed_count(void) { return 0; }

#endif
