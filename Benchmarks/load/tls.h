// How the load generator's bytes travel: over TLS, by OpenSSL. plain.h has the same functions without it.
//
// One suite is offered, and X25519 before P-256, which TLS 1.2 wants to hear of for the certificate: all do the same work.
// The certificate is not verified: that would cost the client only. Each connection of the load keeps the last session
// that it was offered, and offers it at its next opening if sessions are to be resumed.
#ifndef BENCHMARK_TRANSPORT
#define BENCHMARK_TRANSPORT

#include "../common/net.h"
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>

enum { READ_AHEAD = 128 * 1024 };

struct transport {
    int fd;
    SSL *ssl;
    SSL_SESSION *session;
};

static SSL_CTX *tls;
static int resumes;
static uint64_t resumed;  // Handshakes so far that were resumed.

static inline int keep_session(SSL *ssl, SSL_SESSION *session) {
    struct transport *t = SSL_get_app_data(ssl);
    SSL_SESSION_free(t->session);
    t->session = session;
    return 1;
}

static inline void count_resumed(const SSL *ssl, int where, int value) {
    (void)value;
    if (where & SSL_CB_HANDSHAKE_DONE) resumed += (uint64_t)SSL_session_reused(ssl);
}

static inline void prepare_transport(const char *version) {
    int number = version && !strcmp(version, "1.2") ? TLS1_2_VERSION : TLS1_3_VERSION;
    signal(SIGPIPE, SIG_IGN);
    tls = SSL_CTX_new(TLS_client_method());
    if (!tls || !SSL_CTX_set_min_proto_version(tls, number) || !SSL_CTX_set_max_proto_version(tls, number)
        || !SSL_CTX_set_ciphersuites(tls, "TLS_AES_128_GCM_SHA256")
        || !SSL_CTX_set_cipher_list(tls, "ECDHE-ECDSA-AES128-GCM-SHA256") || !SSL_CTX_set1_groups_list(tls, "X25519:P-256"))
        die("TLS");
    SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(tls, 1);
    SSL_CTX_set_default_read_buffer_len(tls, READ_AHEAD);
    SSL_CTX_set_info_callback(tls, count_resumed);
    SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(tls, keep_session);
}

static inline void open_transport(struct transport *t, const struct sockaddr_in *address) {
    t->fd = connect_to(address);
    t->ssl = SSL_new(tls);
    if (!t->ssl || !SSL_set_fd(t->ssl, t->fd) || !SSL_set_tlsext_host_name(t->ssl, "bench.example")) die("TLS");
    SSL_set_app_data(t->ssl, t);
    SSL_set_connect_state(t->ssl);
    if (resumes && t->session) SSL_set_session(t->ssl, t->session);
}

// Says goodbye and does not wait for the answer.
static inline void close_transport(struct transport *t) {
    ERR_clear_error();
    SSL_shutdown(t->ssl);
    SSL_free(t->ssl);
    close(t->fd);
}

// Like recv and send: -1 with EAGAIN means later, 0 means the end.
static inline ssize_t as_of_socket(struct transport *t, int result) {
    if (result > 0) return result;
    int why = SSL_get_error(t->ssl, result);
    if (why == SSL_ERROR_ZERO_RETURN) return 0;
    errno = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? EAGAIN : ECONNRESET;
    return -1;
}

static inline ssize_t send_some(struct transport *t, const char *bytes, size_t length) {
    ERR_clear_error();
    return as_of_socket(t, SSL_write(t->ssl, bytes, (int)length));
}

static inline ssize_t receive_some(struct transport *t, char *bytes, size_t room) {
    ERR_clear_error();
    return as_of_socket(t, SSL_read(t->ssl, bytes, (int)room));
}

// A read gives a record at most, so it says nothing about those behind it.
static inline int short_read_is_last(void) { return 0; }

static inline uint64_t resumed_count(void) { return resumed; }

#endif
