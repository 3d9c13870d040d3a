// What Swift cannot reach of Linux's C interface: macros, variadic calls and structures with flexible layout.
// No logic lives here.
#pragma once
#include <stdint.h>
#include <stddef.h>
#include <sys/types.h>
#include "MartletRing.h"

/// A socket address without its C variants. An IPv4 address is IPv4-mapped; `family` is AF_INET, AF_INET6 or AF_UNIX.
typedef struct {
    uint64_t high;
    uint64_t low;
    uint16_t port;
    uint16_t family;
} martlet_address;

/// One event of `martlet_epoll_wait`.
typedef struct {
    uint64_t data;
    uint32_t events;
} martlet_event;

/// The bits of `martlet_event.events`: those of epoll_ctl(2), which Swift does not see as they are an enum there.
static const uint32_t martlet_event_in = 0x001, martlet_event_out = 0x004, martlet_event_error = 0x008,
                      martlet_event_hang_up = 0x010, martlet_event_peer_ended = 0x2000;

int martlet_epoll_create(void);
/// Registers `fd` for good: edge-triggered, readable, writable and half-closed. Returns 0 or -errno.
int martlet_epoll_add_edge(int epoll, int fd, uint64_t data);
/// Registers `fd` level-triggered for reading. Returns 0 or -errno.
int martlet_epoll_add_level(int epoll, int fd, uint64_t data);
int martlet_epoll_remove(int epoll, int fd);
/// Waits at most `timeout_ms` (-1: for ever). Returns the number of events, or -errno.
int martlet_epoll_wait(int epoll, martlet_event *events, int capacity, int timeout_ms);

int martlet_eventfd(void);
void martlet_eventfd_signal(int fd);
void martlet_eventfd_clear(int fd);

/// Opens a listening TCP socket with SO_REUSEPORT, or returns -errno. `any` listens on all addresses, IPv6 and IPv4 alike.
int martlet_listen_tcp(const martlet_address *address, int any, int backlog);
/// Whether the address can be had by somebody who does not share it: 0, or -errno.
int martlet_probe_tcp(const martlet_address *address, int any);
int martlet_listen_unix(const char *path, uint32_t mode, int backlog);
/// Readies a listening socket that somebody else has opened. `any` becomes 1 when it takes clients of IPv6 and IPv4 on all
/// addresses; `path` is that of a Unix socket, else empty. Returns 0, -ENOTSOCK, -EINVAL when it does not listen or is not a
/// stream's, or another -errno.
int martlet_adopt_listener(int fd, martlet_address *address, int *any, void *path, size_t capacity);
/// The address that a socket is bound to. Returns 0 or -errno.
int martlet_local_address(int fd, martlet_address *address);
/// Accepts without blocking. Returns the descriptor or -errno.
int martlet_accept(int listener, martlet_address *peer);
/// Who is at the other end of a connection, even if it has been reset; of no family if nobody can say.
martlet_address martlet_peer_address(int fd);
/// What all descriptors of a socket have in common, and no other socket has; 0 for a descriptor that is not open.
uint64_t martlet_socket_identity(int fd);
/// Starts to connect without blocking. Returns the descriptor (the connection may still be in progress), or -errno.
int martlet_connect_tcp(const martlet_address *address);
int martlet_connect_unix(const char *path);
/// The same for datagrams: those of other addresses are dropped by the kernel.
int martlet_connect_udp(const martlet_address *address);
/// The pending error of a socket, 0 if there is none.
int martlet_socket_error(int fd);
/// Makes the next close of `fd` a reset.
void martlet_reset_on_close(int fd);
/// Bytes that the kernel still holds for the peer, or -errno.
int martlet_unsent(int fd);
/// Both return a count or -errno.
ssize_t martlet_receive(int fd, void *bytes, size_t count);
ssize_t martlet_send(int fd, const void *bytes, size_t count);

/// Whether there is nothing left to receive but the end of the stream.
int martlet_is_at_end(int fd);

uint64_t martlet_monotonic_ns(void);
uint64_t martlet_wall_ms(void);
uint64_t martlet_random(void);
/// Whole pages from the kernel, or NULL.
void *martlet_pages(size_t bytes);
void martlet_pages_free(void *pages, size_t bytes);
/// With the address sanitizer: nobody may touch these bytes from now on, or everybody may again. Else nothing.
void martlet_forbid(const void *bytes, size_t count);
void martlet_permit(const void *bytes, size_t count);
/// Raises the soft limit of descriptors to the hard one; returns the limit in force.
uint64_t martlet_raise_descriptor_limit(uint64_t wanted);
/// Opens a file that has no name, in $TMPDIR, /var/tmp or /tmp. Returns the descriptor or -errno.
int martlet_open_temporary(void);
/// Both return a count or -errno.
ssize_t martlet_write_at(int fd, const void *bytes, size_t count, int64_t offset);
ssize_t martlet_read_at(int fd, void *bytes, size_t count, int64_t offset);

/// What fstat(2) tells of a file. `kind` is 0 for a regular file, 1 for a folder, 2 for a symbolic link, 3 for anything else.
typedef struct {
    int64_t size;
    int64_t modified;
    int64_t nanoseconds;
    uint64_t device;
    uint64_t inode;
    int kind;
} martlet_file;

/// How a path is walked, as bits.
static const uint32_t martlet_walk_without_links = 1, martlet_walk_cached = 2;

/// Opens a folder to find files below it. Returns the descriptor or -errno.
int martlet_open_folder(const char *path);
/// Opens what `path` leads to for reading, without ever leaving `folder` and without waiting for the other end of a FIFO.
/// Returns the descriptor or -errno; -EAGAIN when the kernel would have to wait and `walk` forbids that.
int martlet_open_beneath(int folder, const char *path, uint32_t walk);
/// Returns 0 or -errno.
int martlet_file_status(int fd, martlet_file *file);
/// The same of an entry of a folder; links are not followed.
int martlet_entry_status(int folder, const char *name, martlet_file *file);
/// Reads what the kernel has in memory, without waiting for a disk. Returns a count or -errno, -EAGAIN when it has nothing.
ssize_t martlet_read_cached(int fd, void *bytes, size_t count, int64_t offset);
/// Sends bytes of a file on a socket. Returns a count, 0 at the file's end, or -errno.
ssize_t martlet_send_file(int fd, int file, int64_t offset, size_t count);
/// The name of an entry as readdir(3) has it.
const char *martlet_entry_name(const void *entry);

int martlet_open_spare(void);
/// The processors that this process may use, as sched_setaffinity(2) and cpusets leave them.
int martlet_cores(void);
