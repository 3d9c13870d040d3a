#define _GNU_SOURCE
#include "MartletRing.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

// The numbers are the same on all machines but Alpha.
enum { NR_SETUP = 425, NR_ENTER = 426, NR_REGISTER = 427 };
enum { SETUP_CQSIZE = 1 << 3, SETUP_R_DISABLED = 1 << 6, SETUP_SUBMIT_ALL = 1 << 7, SETUP_SINGLE_ISSUER = 1 << 12, SETUP_DEFER_TASKRUN = 1 << 13 };
enum { FEATURE_SINGLE_MMAP = 1 << 0, FEATURE_NODROP = 1 << 1, FEATURE_EXT_ARG = 1 << 8 };
enum { ENTER_GETEVENTS = 1 << 0, ENTER_EXT_ARG = 1 << 3, ENTER_REGISTERED = 1 << 4 };
enum { REGISTER_PROBE = 8, REGISTER_ENABLE = 12, REGISTER_RING_FDS = 20, UNREGISTER_RING_FDS = 21, REGISTER_BUFFERS = 22 };
enum { OP_POLL_ADD = 6, OP_ACCEPT = 13, OP_ASYNC_CANCEL = 14, OP_SEND = 26, OP_RECV = 27 };
static const off_t OFFSET_RINGS = 0, OFFSET_ENTRIES = 0x10000000;

struct submit_offsets { uint32_t head, tail, mask, entries, flags, dropped, array, reserved; uint64_t user; };
struct complete_offsets { uint32_t head, tail, mask, entries, overflow, completions, flags, reserved; uint64_t user; };
struct parameters {
    uint32_t submissions, completions, flags, cpu, idle, features, queue, reserved[3];
    struct submit_offsets submit;
    struct complete_offsets complete;
};
struct wait_argument { uint64_t signals; uint32_t signals_size, pad; uint64_t time; };
struct time { int64_t seconds, nanoseconds; };
struct buffers { uint64_t address; uint32_t entries; uint16_t group, flags; uint64_t reserved[3]; };
struct ring_name { uint32_t place, reserved; uint64_t data; };
struct probe {
    uint8_t last, count; uint16_t reserved; uint32_t more[3];
    struct { uint8_t code, reserved; uint16_t flags; uint32_t more; } codes[OP_RECV + 1];
};

_Static_assert(sizeof(martlet_submission) == 64 && sizeof(martlet_completion) == 16 && sizeof(martlet_ring_buffer) == 16 &&
                   sizeof(struct parameters) == 120 && sizeof(struct wait_argument) == 24 && sizeof(struct buffers) == 40 &&
                   sizeof(struct ring_name) == 16 && sizeof(struct probe) == 16 + 8 * (OP_RECV + 1),
               "the layout is the kernel's");

static int call_register(int fd, unsigned what, void *argument, unsigned count) {
    long result = syscall(NR_REGISTER, fd, what, argument, count);
    return result < 0 ? -errno : (int)result;
}

/// Whether the kernel knows the operations.
static int check_operations(int fd) {
    static const int needed[] = {OP_POLL_ADD, OP_ACCEPT, OP_ASYNC_CANCEL, OP_SEND, OP_RECV};
    struct probe probe;
    memset(&probe, 0, sizeof probe);
    int result = call_register(fd, REGISTER_PROBE, &probe, OP_RECV + 1);
    if (result < 0) return result;
    for (size_t index = 0; index < sizeof needed / sizeof *needed; index++)
        if (!(probe.codes[needed[index]].flags & 1)) return martlet_ring_lacks;
    return 0;
}

static void *map(size_t bytes, int fd, off_t offset) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED | MAP_POPULATE, fd, offset);
    return memory == MAP_FAILED ? NULL : memory;
}

static int map_rings(martlet_ring *ring, const struct parameters *parameters) {
    const struct submit_offsets *submit = &parameters->submit;
    const struct complete_offsets *complete = &parameters->complete;
    size_t submit_bytes = submit->array + parameters->submissions * sizeof(uint32_t);
    size_t complete_bytes = complete->completions + parameters->completions * sizeof(martlet_completion);
    ring->rings_bytes = submit_bytes > complete_bytes ? submit_bytes : complete_bytes;
    ring->entries_bytes = parameters->submissions * sizeof(martlet_submission);
    char *base = ring->rings = map(ring->rings_bytes, ring->fd, OFFSET_RINGS);
    if (!base) return -errno;
    ring->entries = map(ring->entries_bytes, ring->fd, OFFSET_ENTRIES);
    if (!ring->entries) return -errno;
    ring->submit_head = (uint32_t *)(base + submit->head);
    ring->submit_tail = (uint32_t *)(base + submit->tail);
    ring->submit_mask = *(uint32_t *)(base + submit->mask);
    ring->complete_head = (uint32_t *)(base + complete->head);
    ring->complete_tail = (uint32_t *)(base + complete->tail);
    ring->complete_mask = *(uint32_t *)(base + complete->mask);
    ring->completions = (martlet_completion *)(base + complete->completions);
    ring->submissions = ring->entries;
    // Submissions are handed over in the order in which they are written.
    uint32_t *order = (uint32_t *)(base + submit->array);
    for (uint32_t index = 0; index < parameters->submissions; index++) order[index] = index;
    return 0;
}

static int register_buffers(martlet_ring *ring, uint32_t count) {
    ring->buffers_bytes = (count * sizeof(martlet_ring_buffer) + 4095) & ~(size_t)4095;
    ring->buffers = map(ring->buffers_bytes, -1, 0);
    if (!ring->buffers) return -errno;
    ring->buffer_mask = (uint16_t)(count - 1);
    struct buffers group = {.address = (uint64_t)(uintptr_t)ring->buffers, .entries = count};
    return call_register(ring->fd, REGISTER_BUFFERS, &group, 1);
}

int martlet_ring_open(martlet_ring *ring, uint32_t submissions, uint32_t completions, uint32_t buffers) {
    struct parameters parameters = {
        .completions = completions,
        .flags = SETUP_CQSIZE | SETUP_R_DISABLED | SETUP_SUBMIT_ALL | SETUP_SINGLE_ISSUER | SETUP_DEFER_TASKRUN};
    const uint32_t features = FEATURE_SINGLE_MMAP | FEATURE_NODROP | FEATURE_EXT_ARG;
    memset(ring, 0, sizeof *ring);
    ring->fd = (int)syscall(NR_SETUP, submissions, &parameters);
    // Flags that the kernel does not know are an invalid argument.
    if (ring->fd < 0) return errno == EINVAL ? martlet_ring_lacks : -errno;
    ring->handle = ring->fd;
    int result = (parameters.features & features) == features ? check_operations(ring->fd) : martlet_ring_lacks;
    if (result == 0) result = map_rings(ring, &parameters);
    if (result == 0) result = register_buffers(ring, buffers);
    if (result == 0) return 0;
    martlet_ring_close(ring);
    return result == -EINVAL ? martlet_ring_lacks : result;
}

int martlet_ring_start(martlet_ring *ring) {
    int result = call_register(ring->fd, REGISTER_ENABLE, NULL, 0);
    // It has been started before.
    if (result < 0 && result != -EBADFD) return result;
    // The kernel finds a ring sooner by its place in the thread's own table.
    struct ring_name name = {.place = ~0u, .data = (uint64_t)ring->fd};
    if (call_register(ring->fd, REGISTER_RING_FDS, &name, 1) == 1) {
        ring->handle = (int)name.place;
        ring->handle_flag = ENTER_REGISTERED;
    }
    return 0;
}

void martlet_ring_stop(martlet_ring *ring) {
    if (!ring->handle_flag) return;
    struct ring_name name = {.place = (uint32_t)ring->handle};
    call_register(ring->fd, UNREGISTER_RING_FDS, &name, 1);
    ring->handle = ring->fd;
    ring->handle_flag = 0;
}

void martlet_ring_close(martlet_ring *ring) {
    if (ring->fd >= 0) close(ring->fd);
    if (ring->rings) munmap(ring->rings, ring->rings_bytes);
    if (ring->entries) munmap(ring->entries, ring->entries_bytes);
    if (ring->buffers) munmap(ring->buffers, ring->buffers_bytes);
    memset(ring, 0, sizeof *ring);
    ring->fd = -1;
}

int martlet_ring_enter(martlet_ring *ring, uint32_t wanted, int64_t nanoseconds) {
    uint32_t count = ring->written - martlet_ring_load(ring->submit_head);
    __atomic_store_n(ring->submit_tail, ring->written, __ATOMIC_RELEASE);
    struct time time = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    struct wait_argument argument = {.time = nanoseconds < 0 ? 0 : (uint64_t)(uintptr_t)&time};
    long result = syscall(NR_ENTER, ring->handle, count, wanted, ENTER_GETEVENTS | ENTER_EXT_ARG | ring->handle_flag, &argument, sizeof argument);
    return result < 0 && errno != ETIME ? -errno : 0;
}

_Static_assert(SOCK_NONBLOCK == 04000 && SOCK_CLOEXEC == 02000000, "the flags of the header are the kernel's");

/// Whether a byte that lies in a socket comes as a completion after which more may follow.
static int receives_again(martlet_ring *ring, int fd) {
    char room[64];
    martlet_ring_lend(ring, room, sizeof room, 0);
    martlet_ring_receive(ring, fd, 1);
    int result = martlet_ring_enter(ring, 1, 1000000000);
    if (result < 0) return result;
    if (martlet_ring_count(ring) == 0) return martlet_ring_lacks;
    martlet_completion first = martlet_ring_take(ring);
    uint32_t wanted = martlet_ring_has_buffer | martlet_ring_has_more;
    if (first.result == 1 && (first.flags & wanted) == wanted) return 0;
    return first.result < 0 && first.result != -EINVAL ? first.result : martlet_ring_lacks;
}

/// Whether a connection comes as a completion after which more may follow.
static int accepts_again(martlet_ring *ring) {
    // The kernel finds a name for it that is no file's.
    struct sockaddr address = {.sa_family = AF_UNIX};
    struct sockaddr_un name;
    socklen_t length = sizeof name;
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int client = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int result = 0;
    if (listener < 0 || client < 0 || bind(listener, &address, sizeof address.sa_family) < 0 || listen(listener, 1) < 0 ||
        getsockname(listener, (struct sockaddr *)&name, &length) < 0 || connect(client, (struct sockaddr *)&name, length) < 0)
        result = -errno;
    if (result == 0) {
        martlet_ring_accept(ring, listener, 2);
        result = martlet_ring_enter(ring, 1, 1000000000);
    }
    if (result == 0) {
        martlet_completion first = {.result = martlet_ring_lacks};
        if (martlet_ring_count(ring) > 0) first = martlet_ring_take(ring);
        if (first.result >= 0) close(first.result);
        if (first.result < 0) result = first.result == -EINVAL ? martlet_ring_lacks : first.result;
        else if (!(first.flags & martlet_ring_has_more)) result = martlet_ring_lacks;
    }
    if (client >= 0) close(client);
    if (listener >= 0) close(listener);
    return result;
}

int martlet_ring_try(void) {
    martlet_ring ring;
    int sockets[2];
    int result = martlet_ring_open(&ring, 4, 8, 4);
    if (result < 0) return result;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, sockets) < 0) {
        result = -errno;
        martlet_ring_close(&ring);
        return result;
    }
    result = martlet_ring_start(&ring);
    if (result == 0) result = write(sockets[1], "x", 1) == 1 ? receives_again(&ring, sockets[0]) : -errno;
    // The other side's end is the last completion: the kernel has none of this function's memory any more.
    close(sockets[1]);
    if (result == 0) result = martlet_ring_enter(&ring, 1, 1000000000);
    if (result == 0 && martlet_ring_count(&ring) > 0) martlet_ring_take(&ring);
    if (result == 0) result = accepts_again(&ring);
    martlet_ring_stop(&ring);
    martlet_ring_close(&ring);
    close(sockets[0]);
    return result;
}
