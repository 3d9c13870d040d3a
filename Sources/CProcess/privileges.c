#define _GNU_SOURCE
#include "CProcess.h"
#include <errno.h>
#include <sys/stat.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Room for what the system knows of an account; more is asked for when it is not enough.
static const size_t first_room = 4096, last_room = 1 << 20;

int martlet_find_user(const char *name, uid_t *user, gid_t *group) {
    for (size_t room = first_room; room <= last_room; room *= 4) {
        struct passwd entry, *found = NULL;
        char *text = malloc(room);
        if (!text) return -ENOMEM;
        int error = getpwnam_r(name, &entry, text, room, &found);
        if (found) {
            *user = entry.pw_uid;
            *group = entry.pw_gid;
        }
        free(text);
        if (found) return 0;
        if (error != ERANGE) return error == 0 ? -ENOENT : -error;
    }
    return -ERANGE;
}

int martlet_find_group(const char *name, gid_t *group) {
    for (size_t room = first_room; room <= last_room; room *= 4) {
        struct group entry, *found = NULL;
        char *text = malloc(room);
        if (!text) return -ENOMEM;
        int error = getgrnam_r(name, &entry, text, room, &found);
        if (found) *group = entry.gr_gid;
        free(text);
        if (found) return 0;
        if (error != ERANGE) return error == 0 ? -ENOENT : -error;
    }
    return -ERANGE;
}

int martlet_may_bind_low_ports(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2] = {0};
    if (syscall(SYS_capget, &header, sets) < 0) return 0;
    return sets[0].effective >> CAP_NET_BIND_SERVICE & 1;
}

/// Has the calling thread keep one right alone, or none. Programs that it starts have the same.
static int keep(int low_ports) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    uint32_t bits = low_ports ? 1u << CAP_NET_BIND_SERVICE : 0;
    struct __user_cap_data_struct sets[2] = {{.effective = bits, .permitted = bits, .inheritable = bits}};
    if (syscall(SYS_capset, &header, sets) < 0) return -errno;
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0) return low_ports ? -errno : 0;
    if (low_ports && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_BIND_SERVICE, 0, 0) < 0) return -errno;
    return 0;
}

int martlet_become(const char *name, uid_t user, gid_t group) {
    int low_ports = martlet_may_bind_low_ports();
    if (prctl(PR_SET_KEEPCAPS, low_ports, 0, 0, 0) < 0) return -errno;
    if (initgroups(name, group) < 0 || setresgid(group, group, group) < 0 || setresuid(user, user, user) < 0) return -errno;
    int result = keep(low_ports);
    if (result < 0) return result;
    if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return -errno;
    if (user != 0 && (setuid(0) == 0 || seteuid(0) == 0)) return -EALREADY;
    return 0;
}

int martlet_is_file(int descriptor, uint64_t device, uint64_t number) {
    struct stat found;
    return fstat(descriptor, &found) == 0 && found.st_dev == device && found.st_ino == number;
}

int martlet_path_owner(const char *path, uint32_t *mode, uint32_t *owner) {
    struct stat found;
    if (lstat(path, &found) < 0) return -errno;
    *mode = found.st_mode;
    *owner = found.st_uid;
    return 0;
}
