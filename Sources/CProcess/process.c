#define _GNU_SOURCE
#include "CProcess.h"
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/// Descriptors beyond those that the program gets, so that none of them is overwritten before it is copied.
static int copy_all(const int *descriptors, int count, int errors, int *copies) {
    for (int i = 0; i <= count; i++) {
        copies[i] = fcntl(i < count ? descriptors[i] : errors, F_DUPFD_CLOEXEC, 3 + count + 1);
        if (copies[i] >= 0) continue;
        int error = errno;
        while (i > 0) close(copies[--i]);
        return -error;
    }
    return 0;
}

static int spawn(const char *path, char *const arguments[], char *const environment[], const int *copies, int count,
                 pid_t *id) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawn_file_actions_init(&actions);
    if (error) return -error;
    error = posix_spawnattr_init(&attributes);
    if (error == 0) {
        for (int i = 0; i < count && error == 0; i++)
            error = posix_spawn_file_actions_adddup2(&actions, copies[i], 3 + i);
        if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, copies[count], STDERR_FILENO);
        if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&actions, 3 + count);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        if (error == 0) error = posix_spawn(id, path, &actions, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return -error;
}

int martlet_spawn(const char *path, char *const arguments[], char *const environment[], const int *descriptors, int count,
                  int errors, pid_t *id) {
    int *copies = calloc((size_t)count + 1, sizeof *copies);
    if (!copies) return -ENOMEM;
    int result = copy_all(descriptors, count, errors, copies);
    if (result == 0) {
        result = spawn(path, arguments, environment, copies, count, id);
        for (int i = 0; i <= count; i++) close(copies[i]);
    }
    free(copies);
    return result;
}

int martlet_reap(pid_t id, int wait, int *code, int *signal) {
    int status = 0;
    pid_t found;
    do found = waitpid(id, &status, wait ? 0 : WNOHANG);
    while (found < 0 && errno == EINTR);
    if (found < 0) return -errno;
    if (found == 0) return 0;
    *code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    *signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return 1;
}

int martlet_memory_file(const char *name) {
    int fd = memfd_create(name, MFD_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int martlet_channel(int ends[2]) {
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0 ? -errno : 0;
}

void martlet_limit_arenas(int count) { mallopt(M_ARENA_MAX, count); }

int martlet_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) < 0 ? -errno : 0; }

int martlet_wait_for(int first, int second, int milliseconds) {
    struct pollfd entries[2] = {{.fd = first, .events = POLLIN}, {.fd = second, .events = POLLIN}};
    int count = poll(entries, 2, milliseconds);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    return (entries[0].revents ? 1 : 0) | (entries[1].revents ? 2 : 0);
}

int martlet_send_datagram(const char *path, const void *bytes, size_t count) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof address.sun_path) return -EINVAL;
    memcpy(address.sun_path, path, length);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    if (path[0] == '@')
        address.sun_path[0] = 0;
    else
        size++;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    struct timeval limit = {.tv_sec = 1};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    ssize_t sent = sendto(fd, bytes, count, MSG_NOSIGNAL, (struct sockaddr *)&address, size);
    int error = errno;
    close(fd);
    return sent < 0 ? -error : 0;
}
