/* Loaded into a build with LD_PRELOAD: counts the calls that change anything below the path FAULT_UNDER. At call number
 * FAULT_AT it kills the process, half of a write done; or, with FAULT_ERRNO, that call fails, and with FAULT_STAYS every
 * one from there on: on a full disk those that need room. FAULT_LOG names a file for a line a call. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum verdict { GO, FAIL, DIE };
enum need { ROOM, NO_ROOM };

static const char *under;
static long at;
static int error_number, stays, log_to = -1;
static atomic_long calls;

static long number(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

__attribute__((constructor)) static void set_up(void) {
    const char *log = getenv("FAULT_LOG");
    if (log) log_to = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    at = number("FAULT_AT");
    error_number = (int)number("FAULT_ERRNO");
    stays = (int)number("FAULT_STAYS");
    under = getenv("FAULT_UNDER");
}

/* The whole path of a name below an open folder, or of an open file where the name is null. */
static const char *whole(int folder, const char *name, char *out) {
    char link[64], base[PATH_MAX];
    if (name && name[0] == '/') {
        snprintf(out, PATH_MAX, "%s", name);
        return out;
    }
    snprintf(link, sizeof link, folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, base, sizeof base - 1);
    base[length < 0 ? 0 : length] = 0;
    if (name)
        snprintf(out, PATH_MAX, "%.2000s/%.2000s", base, name);
    else
        snprintf(out, PATH_MAX, "%s", base);
    return out;
}

/* A file that is there can be opened on a full disk. */
static enum need room_to_open(int folder, const char *path, int flags) {
    return flags & O_TRUNC || faccessat(folder, path, F_OK, 0) != 0 ? ROOM : NO_ROOM;
}

static enum verdict judge(const char *call, enum need need, const char *path, const char *to) {
    if (!under || strncmp(path, under, strlen(under)) != 0) return GO;
    long n = atomic_fetch_add(&calls, 1) + 1;
    if (log_to >= 0) dprintf(log_to, "%s\t%s\t%s\n", call, path, to);
    if (at == 0 || n < at) return GO;
    if (error_number == 0) return n == at ? DIE : GO;
    if (!stays) return n == at ? FAIL : GO;
    return error_number == ENOSPC && need == NO_ROOM ? GO : FAIL;
}

#define REAL(name)                                                                                                     \
    static __typeof__(name) *real;                                                                                     \
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name)
/* `half` is what a killed call has done of its work. */
#define JUDGED(call, need, path, to, half)                                                                             \
    switch (judge(call, need, path, to)) {                                                                             \
    case DIE:                                                                                                          \
        half;                                                                                                          \
        kill(getpid(), SIGKILL);                                                                                       \
        pause();                                                                                                       \
        break;                                                                                                         \
    case FAIL:                                                                                                         \
        errno = error_number;                                                                                          \
        return -1;                                                                                                     \
    case GO:                                                                                                           \
        break;                                                                                                         \
    }
#define AT(folder, name) whole(folder, name, (char[PATH_MAX]){0})
#define PATH(name) AT(AT_FDCWD, name)
#define OPEN_FILE(fd) whole(fd, NULL, (char[PATH_MAX]){0})

#define OPENS(name, parameters, folder, ...)                                                                           \
    int name parameters {                                                                                              \
        REAL(name);                                                                                                    \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;                                        \
        va_end(rest);                                                                                                  \
        if (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC))                                                           \
            JUDGED("open", room_to_open(folder, path, flags), AT(folder, path), "", )                                  \
        return real(__VA_ARGS__, flags, mode);                                                                         \
    }
OPENS(open, (const char *path, int flags, ...), AT_FDCWD, path)
OPENS(open64, (const char *path, int flags, ...), AT_FDCWD, path)
OPENS(openat, (int folder, const char *path, int flags, ...), folder, folder, path)
OPENS(openat64, (int folder, const char *path, int flags, ...), folder, folder, path)

#define CALL(type, name, parameters, need, path, to, half, ...)                                                        \
    type name parameters {                                                                                             \
        REAL(name);                                                                                                    \
        JUDGED(#name, need, path, to, half)                                                                            \
        return real(__VA_ARGS__);                                                                                      \
    }
#define HALF_WRITTEN (void)!real(fd, data, size / 2)
#define HALF_WRITTEN_AT (void)!real(fd, data, size / 2, offset)
CALL(ssize_t, write, (int fd, const void *data, size_t size), ROOM, OPEN_FILE(fd), "", HALF_WRITTEN, fd, data, size)
CALL(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t offset), ROOM, OPEN_FILE(fd), "", HALF_WRITTEN_AT, fd, data, size, offset)
CALL(ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t offset), ROOM, OPEN_FILE(fd), "", HALF_WRITTEN_AT, fd, data, size, offset)
CALL(ssize_t, writev, (int fd, const struct iovec *parts, int count), ROOM, OPEN_FILE(fd), "", , fd, parts, count)
CALL(int, ftruncate, (int fd, off_t length), ROOM, OPEN_FILE(fd), "", , fd, length)
CALL(int, ftruncate64, (int fd, off64_t length), ROOM, OPEN_FILE(fd), "", , fd, length)
CALL(int, fsync, (int fd), ROOM, OPEN_FILE(fd), "", , fd)
CALL(int, fdatasync, (int fd), ROOM, OPEN_FILE(fd), "", , fd)
CALL(int, flock, (int fd, int how), NO_ROOM, OPEN_FILE(fd), "", , fd, how)
CALL(int, chmod, (const char *path, mode_t mode), NO_ROOM, PATH(path), "", , path, mode)
CALL(int, fchmod, (int fd, mode_t mode), NO_ROOM, OPEN_FILE(fd), "", , fd, mode)
CALL(int, mkdir, (const char *path, mode_t mode), ROOM, PATH(path), "", , path, mode)
CALL(int, mkdirat, (int folder, const char *path, mode_t mode), ROOM, AT(folder, path), "", , folder, path, mode)
CALL(int, symlink, (const char *to, const char *path), ROOM, PATH(path), "", , to, path)
CALL(int, symlinkat, (const char *to, int folder, const char *path), ROOM, AT(folder, path), "", , to, folder, path)
CALL(int, rename, (const char *from, const char *to), NO_ROOM, PATH(from), PATH(to), , from, to)
CALL(int, renameat, (int a, const char *from, int b, const char *to), NO_ROOM, AT(a, from), AT(b, to), , a, from, b, to)
CALL(int, renameat2, (int a, const char *from, int b, const char *to, unsigned how), NO_ROOM, AT(a, from), AT(b, to), , a, from, b, to, how)
CALL(int, unlink, (const char *path), NO_ROOM, PATH(path), "", , path)
CALL(int, unlinkat, (int folder, const char *path, int how), NO_ROOM, AT(folder, path), "", , folder, path, how)
CALL(int, rmdir, (const char *path), NO_ROOM, PATH(path), "", , path)
