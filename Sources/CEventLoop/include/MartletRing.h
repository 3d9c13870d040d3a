// io_uring(7) as far as a loop needs it: system calls and the rings' layout. No library does it for us, and no header of the
// system's is asked: what a machine has installed may be older than its kernel. No logic lives here.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// What the kernel is asked to do: struct io_uring_sqe.
typedef struct {
    uint8_t code;
    uint8_t flags;
    uint16_t variant;
    int32_t fd;
    uint64_t offset;
    uint64_t address;
    uint32_t length;
    uint32_t options;
    uint64_t data;
    uint16_t group;
    uint16_t personality;
    int32_t splice_fd;
    uint64_t rest[2];
} martlet_submission;

/// What became of it: struct io_uring_cqe.
typedef struct {
    uint64_t data;
    int32_t result;
    uint32_t flags;
} martlet_completion;

/// A buffer that the kernel may choose: struct io_uring_buf. The last part of the first one is the ring's tail.
typedef struct {
    uint64_t address;
    uint32_t length;
    uint16_t number;
    uint16_t tail;
} martlet_ring_buffer;

/// A ring. Its memory is shared with the kernel.
typedef struct {
    uint32_t *submit_head, *submit_tail, *complete_head, *complete_tail;
    martlet_submission *submissions;
    martlet_completion *completions;
    martlet_ring_buffer *buffers;
    uint32_t submit_mask, complete_mask;
    /// How many submissions have been written.
    uint32_t written;
    uint16_t buffer_tail, buffer_mask;
    int fd;
    /// What names the ring in a call: its descriptor, or its place in the thread's table.
    int handle;
    uint32_t handle_flag;
    void *rings, *entries;
    size_t rings_bytes, entries_bytes, buffers_bytes;
} martlet_ring;

/// The bits of `martlet_completion.flags`.
static const uint32_t martlet_ring_has_buffer = 1, martlet_ring_has_more = 2;

/// Why a ring cannot be had, besides an errno: the kernel lacks what is needed.
static const int martlet_ring_lacks = -1000;

/// Makes a ring that does nothing until it is started, with room for `buffers` buffers. Returns 0, -errno, or
/// `martlet_ring_lacks`.
int martlet_ring_open(martlet_ring *ring, uint32_t submissions, uint32_t completions, uint32_t buffers);
/// From now on the ring belongs to the calling thread. Returns 0 or -errno.
int martlet_ring_start(martlet_ring *ring);
/// The thread that calls will not use the ring any longer, or is about to close it.
void martlet_ring_stop(martlet_ring *ring);
void martlet_ring_close(martlet_ring *ring);
/// Hands over what was written, and waits for `wanted` completions: -1 nanoseconds for ever. Returns 0 or -errno.
int martlet_ring_enter(martlet_ring *ring, uint32_t wanted, int64_t nanoseconds);
/// Whether receiving again and again into buffers of the kernel's choice works here, and accepting again and again: 0, -errno or
/// `martlet_ring_lacks`.
int martlet_ring_try(void);

static inline uint32_t martlet_ring_load(const uint32_t *place) { return __atomic_load_n(place, __ATOMIC_ACQUIRE); }

/// Whether there is room for one more submission.
static inline int martlet_ring_has_room(const martlet_ring *ring) {
    return ring->written - martlet_ring_load(ring->submit_head) <= ring->submit_mask;
}

/// The next submission, all zero, for which there must be room.
static inline martlet_submission *martlet_ring_next(martlet_ring *ring) {
    martlet_submission *next = &ring->submissions[ring->written++ & ring->submit_mask];
    *next = (martlet_submission){0};
    return next;
}

/// Receives again and again, each time into a buffer that the kernel chooses.
static inline void martlet_ring_receive(martlet_ring *ring, int fd, uint64_t data) {
    martlet_submission *next = martlet_ring_next(ring);
    next->code = 27;      // IORING_OP_RECV
    next->flags = 1 << 5; // IOSQE_BUFFER_SELECT
    next->variant = 2;    // IORING_RECV_MULTISHOT
    next->fd = fd;
    next->data = data;
}

/// Accepts again and again; who is at the other end is asked for afterwards.
static inline void martlet_ring_accept(martlet_ring *ring, int fd, uint64_t data) {
    martlet_submission *next = martlet_ring_next(ring);
    next->code = 13;   // IORING_OP_ACCEPT
    next->variant = 1; // IORING_ACCEPT_MULTISHOT
    next->fd = fd;
    next->options = 04000 | 02000000; // SOCK_NONBLOCK, SOCK_CLOEXEC
    next->data = data;
}

/// Sends as much as there is room for, or fails: it never waits.
static inline void martlet_ring_send(martlet_ring *ring, int fd, const void *bytes, uint32_t count, uint64_t data) {
    martlet_submission *next = martlet_ring_next(ring);
    next->code = 26; // IORING_OP_SEND
    next->fd = fd;
    next->address = (uint64_t)(uintptr_t)bytes;
    next->length = count;
    next->options = 0x4000 | 0x40; // MSG_NOSIGNAL, MSG_DONTWAIT
    next->data = data;
}

/// Waits for one of `events`; `again` and again, each time that one of them comes about, from those that are there on.
static inline void martlet_ring_poll(martlet_ring *ring, int fd, uint32_t events, int again, uint64_t data) {
    martlet_submission *next = martlet_ring_next(ring);
    next->code = 6; // IORING_OP_POLL_ADD
    next->fd = fd;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    events = events << 16 | events >> 16;
#endif
    next->options = events;
    next->length = again ? 1 : 0; // IORING_POLL_ADD_MULTI
    next->data = data;
}

/// Cancels what was submitted with `target`, or all there is. Only a failure has a completion.
static inline void martlet_ring_cancel(martlet_ring *ring, int all, uint64_t target, uint64_t data) {
    martlet_submission *next = martlet_ring_next(ring);
    next->code = 14;      // IORING_OP_ASYNC_CANCEL
    next->flags = 1 << 6; // IOSQE_CQE_SKIP_SUCCESS
    next->fd = -1;
    next->address = target;
    next->options = all ? 1 | 4 : 0; // IORING_ASYNC_CANCEL_ALL, IORING_ASYNC_CANCEL_ANY
    next->data = data;
}

/// How many completions there are.
static inline uint32_t martlet_ring_count(const martlet_ring *ring) {
    return martlet_ring_load(ring->complete_tail) - *ring->complete_head;
}

/// Takes the first of the completions, of which there must be one.
static inline martlet_completion martlet_ring_take(martlet_ring *ring) {
    uint32_t head = *ring->complete_head;
    martlet_completion first = ring->completions[head & ring->complete_mask];
    __atomic_store_n(ring->complete_head, head + 1, __ATOMIC_RELEASE);
    return first;
}

/// Lends a buffer to the kernel.
static inline void martlet_ring_lend(martlet_ring *ring, void *bytes, uint32_t count, uint16_t number) {
    martlet_ring_buffer *place = &ring->buffers[ring->buffer_tail & ring->buffer_mask];
    place->address = (uint64_t)(uintptr_t)bytes;
    place->length = count;
    place->number = number;
    ring->buffer_tail++;
    __atomic_store_n(&ring->buffers[0].tail, ring->buffer_tail, __ATOMIC_RELEASE);
}
