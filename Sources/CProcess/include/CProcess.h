// What a process needs of Linux to be followed by another one, to be watched over, and to have no more rights than it needs:
// macros, variadic calls and fixed places in memory, which Swift cannot reach.
#pragma once
#include <stdint.h>
#include <stddef.h>
#include <sys/types.h>

/// Starts a program that has `descriptors` as its own 3, 4, … and `errors` as its standard error, with no other descriptor but the
/// standard ones, and no signal blocked or ignored. Returns 0 or -errno.
int martlet_spawn(const char *path, char *const arguments[], char *const environment[], const int *descriptors, int count,
                  int errors, pid_t *id);
/// Looks whether a child has ended: 1 when it has, 0 when it has not, or -errno. `wait` waits for it.
int martlet_reap(pid_t id, int wait, int *code, int *signal);
/// A file in memory that has no name elsewhere. Returns the descriptor or -errno.
int martlet_memory_file(const char *name);
/// Two ends that keep messages apart.
int martlet_channel(int ends[2]);
int martlet_pipe(int ends[2]);
/// The most arenas that the allocator makes from now on.
void martlet_limit_arenas(int count);
/// Looks for something to read on either of two descriptors, of which one may be -1. Bits 1 and 2 say which, 0 that the time is over.
int martlet_wait_for(int first, int second, int milliseconds);
/// Sends a datagram to a Unix socket; a path that begins with @ is an abstract name. Returns 0 or -errno.
int martlet_send_datagram(const char *path, const void *bytes, size_t count);

/// Looks an account up. Return 0, -ENOENT when there is none, or another -errno.
int martlet_find_user(const char *name, uid_t *user, gid_t *group);
int martlet_find_group(const char *name, gid_t *group);
/// Becomes `user` with its groups for good, keeping nothing but the right to listen on low ports if that is there. All threads
/// follow; those that are started later, and the caller, alone have that right. Returns 0 or -errno, -EALREADY when it would
/// be possible to go back.
int martlet_become(const char *name, uid_t user, gid_t group);
/// Whether the calling thread may listen on low ports.
int martlet_may_bind_low_ports(void);

/// Whether a descriptor is of the file with that device and number: 1 or 0.
int martlet_is_file(int descriptor, uint64_t device, uint64_t number);

/// The mode and the owner of what a path itself stands for; links are not followed. Returns 0 or -errno.
int martlet_path_owner(const char *path, uint32_t *mode, uint32_t *owner);
