#define _GNU_SOURCE
#include "CEventLoop.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include <linux/sockios.h>

_Static_assert(EPOLLIN == 0x001 && EPOLLOUT == 0x004 && EPOLLERR == 0x008 && EPOLLHUP == 0x010 && EPOLLRDHUP == 0x2000,
               "the event bits of the header are the kernel's");

int martlet_epoll_create(void) {
    int fd = epoll_create1(EPOLL_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static int add(int epoll, int fd, uint32_t events, uint64_t data) {
    struct epoll_event event = {.events = events, .data = {.u64 = data}};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

int martlet_epoll_add_edge(int epoll, int fd, uint64_t data) {
    return add(epoll, fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, data);
}

int martlet_epoll_add_level(int epoll, int fd, uint64_t data) { return add(epoll, fd, EPOLLIN, data); }

int martlet_epoll_remove(int epoll, int fd) {
    return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL) < 0 ? -errno : 0;
}

int martlet_epoll_wait(int epoll, martlet_event *events, int capacity, int timeout_ms) {
    struct epoll_event raw[256];
    int count = epoll_wait(epoll, raw, capacity < 256 ? capacity : 256, timeout_ms);
    if (count < 0) return -errno;
    for (int i = 0; i < count; i++) {
        events[i].data = raw[i].data.u64;
        events[i].events = raw[i].events;
    }
    return count;
}

int martlet_eventfd(void) {
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

void martlet_eventfd_signal(int fd) {
    uint64_t one = 1;
    ssize_t ignored = write(fd, &one, sizeof one);
    (void)ignored;
}

void martlet_eventfd_clear(int fd) {
    uint64_t value;
    ssize_t ignored = read(fd, &value, sizeof value);
    (void)ignored;
}

static uint64_t load_be64(const uint8_t *bytes) {
    uint64_t value;
    memcpy(&value, bytes, 8);
    return __builtin_bswap64(value);
}

static void from_sockaddr(const struct sockaddr_storage *storage, martlet_address *out) {
    memset(out, 0, sizeof *out);
    out->family = storage->ss_family;
    if (storage->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)storage;
        out->low = 0x0000ffff00000000ull | ntohl(v4->sin_addr.s_addr);
        out->port = ntohs(v4->sin_port);
    } else if (storage->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)storage;
        out->high = load_be64(v6->sin6_addr.s6_addr);
        out->low = load_be64(v6->sin6_addr.s6_addr + 8);
        out->port = ntohs(v6->sin6_port);
    }
}

static socklen_t to_sockaddr(const martlet_address *address, struct sockaddr_storage *storage) {
    memset(storage, 0, sizeof *storage);
    if (address->high == 0 && address->low >> 32 == 0xffff) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)storage;
        v4->sin_family = AF_INET;
        v4->sin_addr.s_addr = htonl((uint32_t)address->low);
        v4->sin_port = htons(address->port);
        return sizeof *v4;
    }
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)storage;
    v6->sin6_family = AF_INET6;
    uint64_t high = __builtin_bswap64(address->high), low = __builtin_bswap64(address->low);
    memcpy(v6->sin6_addr.s6_addr, &high, 8);
    memcpy(v6->sin6_addr.s6_addr + 8, &low, 8);
    v6->sin6_port = htons(address->port);
    return sizeof *v6;
}

static void set_option(int fd, int level, int option, int value) { setsockopt(fd, level, option, &value, sizeof value); }

static int fail(int fd) {
    int error = errno;
    close(fd);
    return -error;
}

/// Opens a bound TCP socket; `shared` lets other sockets of this user have the same port.
static int bind_tcp(const martlet_address *address, int any, int shared) {
    struct sockaddr_storage storage;
    socklen_t length = to_sockaddr(address, &storage);
    if (any) {
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&storage;
        memset(&storage, 0, sizeof storage);
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(address->port);
        length = sizeof *v6;
    }
    int fd = socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 && any) {  // No IPv6 on this host: all IPv4 addresses it is.
        struct sockaddr_in *v4 = (struct sockaddr_in *)&storage;
        memset(&storage, 0, sizeof storage);
        v4->sin_family = AF_INET;
        v4->sin_port = htons(address->port);
        length = sizeof *v4;
        fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    }
    if (fd < 0) return -errno;
    set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (shared) set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1);
    set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);  // Accepted sockets inherit both.
    set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    if (storage.ss_family == AF_INET6) set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, any ? 0 : 1);
    return bind(fd, (struct sockaddr *)&storage, length) < 0 ? fail(fd) : fd;
}

int martlet_listen_tcp(const martlet_address *address, int any, int backlog) {
    int fd = bind_tcp(address, any, 1);
    if (fd < 0) return fd;
    return listen(fd, backlog) < 0 ? fail(fd) : fd;
}

int martlet_probe_tcp(const martlet_address *address, int any) {
    int fd = bind_tcp(address, any, 0);
    if (fd < 0) return fd;
    close(fd);
    return 0;
}

static int unix_address(const char *path, struct sockaddr_un *out) {
    memset(out, 0, sizeof *out);
    out->sun_family = AF_UNIX;
    if (strlen(path) >= sizeof out->sun_path) return -ENAMETOOLONG;
    strcpy(out->sun_path, path);
    return 0;
}

int martlet_listen_unix(const char *path, uint32_t mode, int backlog) {
    struct sockaddr_un address;
    int error = unix_address(path, &address);
    if (error < 0) return error;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    // Before bind(2): the file gets the socket's mode, less the umask, and nobody can connect in between.
    if (fchmod(fd, mode) < 0) return fail(fd);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        // A socket file that nobody listens on is left over from a process that was killed.
        if (errno != EADDRINUSE) return fail(fd);
        struct stat found;  // Any other file answers connect(2) as a socket does that nobody listens on.
        if (lstat(path, &found) < 0 || !S_ISSOCK(found.st_mode)) {
            errno = EADDRINUSE;
            return fail(fd);
        }
        int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        int refused = probe >= 0 && connect(probe, (struct sockaddr *)&address, sizeof address) < 0 && errno == ECONNREFUSED;
        if (probe >= 0) close(probe);
        errno = EADDRINUSE;
        if (!refused || unlink(path) < 0) return fail(fd);
        if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) return fail(fd);
    }
    if (listen(fd, backlog) < 0) return fail(fd);
    return fd;
}

static int get_option(int fd, int option) {
    int value = 0;
    socklen_t length = sizeof value;
    return getsockopt(fd, SOL_SOCKET, option, &value, &length) < 0 ? -errno : value;
}

int martlet_adopt_listener(int fd, martlet_address *address, int *any, void *room, size_t capacity) {
    char *path = room;
    int listens = get_option(fd, SO_ACCEPTCONN);
    if (listens < 0) return listens;
    if (listens == 0 || get_option(fd, SO_TYPE) != SOCK_STREAM) return -EINVAL;
    struct sockaddr_storage storage = {0};
    socklen_t length = sizeof storage;
    if (getsockname(fd, (struct sockaddr *)&storage, &length) < 0) return -errno;
    from_sockaddr(&storage, address);
    *any = 0;
    path[0] = 0;
    if (storage.ss_family == AF_UNIX) {
        const struct sockaddr_un *local = (const struct sockaddr_un *)&storage;
        size_t count = strnlen(local->sun_path, sizeof local->sun_path);
        if (count == 0 || count >= capacity) return -EINVAL;
        memcpy(path, local->sun_path, count);
        path[count] = 0;
    } else if (storage.ss_family == AF_INET6) {
        int alone = 1;
        socklen_t size = sizeof alone;
        getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &alone, &size);
        *any = !alone && address->high == 0 && address->low == 0;
    } else if (storage.ss_family != AF_INET) {
        return -EINVAL;
    }
    if (storage.ss_family != AF_UNIX) {
        set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    }
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) return -errno;
    return 0;
}

int martlet_local_address(int fd, martlet_address *address) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    memset(&storage, 0, sizeof storage);
    if (getsockname(fd, (struct sockaddr *)&storage, &length) < 0) return -errno;
    from_sockaddr(&storage, address);
    return 0;
}

int martlet_accept(int listener, martlet_address *peer) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    storage.ss_family = AF_UNIX;
    int fd = accept4(listener, (struct sockaddr *)&storage, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return -errno;
    from_sockaddr(&storage, peer);
    return fd;
}

/// As accept(2) tells it: of a connection that has been reset as well, unlike getpeername(2).
static int last_peer(int fd, struct sockaddr_storage *storage) {
    // The kernel refuses to say less than was asked for, so the longer address is tried first.
    static const socklen_t lengths[] = {sizeof(struct sockaddr_in6), sizeof(struct sockaddr_in), sizeof(sa_family_t)};
    for (size_t index = 0; index < sizeof lengths / sizeof *lengths; index++) {
        socklen_t length = lengths[index];
        if (getsockopt(fd, SOL_SOCKET, SO_PEERNAME, storage, &length) == 0) return 1;
    }
    return 0;
}

martlet_address martlet_peer_address(int fd) {
    martlet_address peer = {0};
    struct sockaddr_storage storage = {.ss_family = AF_UNIX};
    socklen_t length = sizeof storage;
    if (getpeername(fd, (struct sockaddr *)&storage, &length) == 0 || (errno == ENOTCONN && last_peer(fd, &storage)))
        from_sockaddr(&storage, &peer);
    return peer;
}

uint64_t martlet_socket_identity(int fd) {
    struct stat found;
    return fstat(fd, &found) == 0 ? found.st_ino : 0;
}

static int start_connect(int fd, const struct sockaddr *address, socklen_t length) {
    if (connect(fd, address, length) < 0 && errno != EINPROGRESS) return fail(fd);
    return fd;
}

int martlet_connect_tcp(const martlet_address *address) {
    struct sockaddr_storage storage;
    socklen_t length = to_sockaddr(address, &storage);
    int fd = socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    return start_connect(fd, (struct sockaddr *)&storage, length);
}

int martlet_connect_udp(const martlet_address *address) {
    struct sockaddr_storage storage;
    socklen_t length = to_sockaddr(address, &storage);
    int fd = socket(storage.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    return start_connect(fd, (struct sockaddr *)&storage, length);
}

int martlet_connect_unix(const char *path) {
    struct sockaddr_un address;
    int error = unix_address(path, &address);
    if (error < 0) return error;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    return start_connect(fd, (struct sockaddr *)&address, sizeof address);
}

int martlet_socket_error(int fd) {
    int error = 0;
    socklen_t length = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0 ? errno : error;
}

void martlet_reset_on_close(int fd) {
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

int martlet_unsent(int fd) {
    int count = 0;
    return ioctl(fd, SIOCOUTQ, &count) < 0 ? -errno : count;
}

// The calls of every request go to the kernel without the C library's cancellation points, which cost two atomic
// operations each in a process with threads. Nobody cancels a loop's thread.
ssize_t martlet_receive(int fd, void *bytes, size_t count) {
    ssize_t result = syscall(SYS_recvfrom, fd, bytes, count, 0, NULL, NULL);
    return result < 0 ? -errno : result;
}

int martlet_is_at_end(int fd) {
    char byte;
    return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

ssize_t martlet_send(int fd, const void *bytes, size_t count) {
    ssize_t result = syscall(SYS_sendto, fd, bytes, count, MSG_NOSIGNAL, NULL, 0);
    return result < 0 ? -errno : result;
}

uint64_t martlet_monotonic_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

uint64_t martlet_wall_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000ull + (uint64_t)now.tv_nsec / 1000000ull;
}

uint64_t martlet_random(void) {
    uint64_t value = 0;
    while (getrandom(&value, sizeof value, 0) != sizeof value) {}
    return value;
}

void *martlet_pages(size_t bytes) {
    void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

void martlet_pages_free(void *pages, size_t bytes) { munmap(pages, bytes); }

#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if __has_feature(address_sanitizer)
void __asan_poison_memory_region(const void *bytes, size_t count);
void __asan_unpoison_memory_region(const void *bytes, size_t count);
void martlet_forbid(const void *bytes, size_t count) { __asan_poison_memory_region(bytes, count); }
void martlet_permit(const void *bytes, size_t count) { __asan_unpoison_memory_region(bytes, count); }
#else
void martlet_forbid(const void *bytes, size_t count) { (void)bytes, (void)count; }
void martlet_permit(const void *bytes, size_t count) { (void)bytes, (void)count; }
#endif

uint64_t martlet_raise_descriptor_limit(uint64_t wanted) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return 1024;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    return limit.rlim_cur;
}

int martlet_open_temporary(void) {
    const char *folders[] = {getenv("TMPDIR"), "/var/tmp", "/tmp"};
    int error = ENOENT;
    for (int index = 0; index < 3; index++) {
        if (!folders[index] || !*folders[index]) continue;
        int fd = open(folders[index], O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
        if (fd >= 0) return fd;
        error = errno;
    }
    return -error;
}

ssize_t martlet_write_at(int fd, const void *bytes, size_t count, int64_t offset) {
    ssize_t result = pwrite(fd, bytes, count, offset);
    return result < 0 ? -errno : result;
}

ssize_t martlet_read_at(int fd, void *bytes, size_t count, int64_t offset) {
    ssize_t result = pread(fd, bytes, count, offset);
    return result < 0 ? -errno : result;
}

int martlet_open_folder(const char *path) {
    int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int martlet_open_beneath(int folder, const char *path, uint32_t walk) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    if (walk & martlet_walk_without_links) how.resolve |= RESOLVE_NO_SYMLINKS;
    if (walk & martlet_walk_cached) how.resolve |= RESOLVE_CACHED;
    long fd = syscall(SYS_openat2, folder, path, &how, sizeof how);
    return fd < 0 ? -errno : (int)fd;
}

static void fill_file(const struct stat *found, martlet_file *file) {
    file->size = found->st_size;
    file->modified = found->st_mtim.tv_sec;
    file->nanoseconds = found->st_mtim.tv_nsec;
    file->device = found->st_dev;
    file->inode = found->st_ino;
    file->kind = S_ISREG(found->st_mode) ? 0 : S_ISDIR(found->st_mode) ? 1 : S_ISLNK(found->st_mode) ? 2 : 3;
}

int martlet_file_status(int fd, martlet_file *file) {
    struct stat found;
    if (fstat(fd, &found) < 0) return -errno;
    fill_file(&found, file);
    return 0;
}

int martlet_entry_status(int folder, const char *name, martlet_file *file) {
    struct stat found;
    if (fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW) < 0) return -errno;
    fill_file(&found, file);
    return 0;
}

ssize_t martlet_read_cached(int fd, void *bytes, size_t count, int64_t offset) {
    struct iovec part = {.iov_base = bytes, .iov_len = count};
    ssize_t result = preadv2(fd, &part, 1, offset, RWF_NOWAIT);
    return result < 0 ? -errno : result;
}

// sendfile(2) knows no MSG_NOSIGNAL: a thread that sends files takes no SIGPIPE, so that a peer that has left is an error.
static void refuse_pipe_signals(void) {
    static __thread int is_done;
    if (is_done) return;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    is_done = 1;
}

ssize_t martlet_send_file(int fd, int file, int64_t offset, size_t count) {
    refuse_pipe_signals();
    off_t position = offset;
    ssize_t result = sendfile(fd, file, &position, count);
    return result < 0 ? -errno : result;
}

const char *martlet_entry_name(const void *entry) { return ((const struct dirent *)entry)->d_name; }

int martlet_open_spare(void) { return open("/dev/null", O_RDONLY | O_CLOEXEC); }

int martlet_cores(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) < 0 ? 1 : CPU_COUNT(&set);
}
