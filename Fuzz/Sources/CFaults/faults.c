#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include "faults.h"

enum { kFiles = 4096 };

static struct {
  const char *folder;
  size_t folderLength;
  bool reads;
  long at;
  int error;  // 0 kills
  const char *log;
} plan;

static atomic_long calls;
static atomic_bool watched[kFiles];

__attribute__((constructor)) static void prepare(void) {
  const char *folder = getenv("FAULTS_FOLDER"), *at = getenv("FAULTS_AT");
  if (!folder || !at) return;
  plan.folderLength = strlen(folder);
  plan.reads = getenv("FAULTS_CALLS") && !strcmp(getenv("FAULTS_CALLS"), "read");
  plan.at = atol(at);
  const char *action = getenv("FAULTS_ACTION");
  plan.error = !action || !strcmp(action, "kill") ? 0 : !strcmp(action, "ENOSPC") ? ENOSPC : EIO;
  plan.log = getenv("FAULTS_LOG");
  plan.folder = folder;
}

/// Whether a path lies in the folder; a relative one is taken from the working directory.
static bool isInside(const char *path) {
  if (!plan.folder || !path) return false;
  char whole[PATH_MAX * 2];
  if (path[0] != '/') {
    char here[PATH_MAX];
    if (!getcwd(here, sizeof here)) return false;
    snprintf(whole, sizeof whole, "%s/%s", here, path);
    path = whole;
  }
  return !strncmp(path, plan.folder, plan.folderLength)
    && (path[plan.folderLength] == '/' || path[plan.folderLength] == 0);
}

static bool isWatched(int file) { return file >= 0 && file < kFiles && atomic_load(&watched[file]); }

/// Counts a call; true, with errno set, where it is the one that breaks.
static bool breaks(const char *call, const char *path) {
  if (atomic_fetch_add(&calls, 1) + 1 != plan.at) return false;
  if (plan.log) {
    char line[PATH_MAX + 64];
    int length = snprintf(line, sizeof line, "%s %s\n", call, path ? path : "");
    int log = (int)syscall(SYS_openat, AT_FDCWD, plan.log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (log >= 0) {
      (void)!syscall(SYS_write, log, line, (size_t)length);
      syscall(SYS_close, log);
    }
  }
  if (plan.error == 0) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }
  errno = plan.error;
  return true;
}

static bool breaksPath(const char *call, const char *path, bool reading) {
  return reading == plan.reads && isInside(path) && breaks(call, path);
}

static bool breaksFile(const char *call, int file, bool reading) {
  if (reading != plan.reads || !isWatched(file)) return false;
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  path[length > 0 ? length : 0] = 0;
  return breaks(call, path);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int opened(int file, const char *path) {
  if (file >= 0 && file < kFiles) atomic_store(&watched[file], isInside(path));
  return file;
}

static bool isReading(int flags) { return (flags & O_ACCMODE) == O_RDONLY && !(flags & O_CREAT); }

#define OPEN(name)                                                    \
  int name(const char *path, int flags, ...) {                        \
    va_list rest;                                                     \
    va_start(rest, flags);                                            \
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0; \
    va_end(rest);                                                     \
    if (breaksPath("open", path, isReading(flags))) return -1;        \
    return opened(NEXT(name)(path, flags, mode), path);               \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                    \
  int name(int folder, const char *path, int flags, ...) {              \
    va_list rest;                                                       \
    va_start(rest, flags);                                              \
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0; \
    va_end(rest);                                                       \
    if (breaksPath("openat", path, isReading(flags))) return -1;        \
    return opened(NEXT(name)(folder, path, flags, mode), path);         \
  }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int file, const void *bytes, size_t count) {
  return breaksFile("write", file, false) ? -1 : NEXT(write)(file, bytes, count);
}
ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
  return breaksFile("pwrite", file, false) ? -1 : NEXT(pwrite)(file, bytes, count, at);
}
ssize_t read(int file, void *bytes, size_t count) {
  return breaksFile("read", file, true) ? -1 : NEXT(read)(file, bytes, count);
}
ssize_t pread(int file, void *bytes, size_t count, off_t at) {
  return breaksFile("pread", file, true) ? -1 : NEXT(pread)(file, bytes, count, at);
}
int fsync(int file) { return breaksFile("fsync", file, false) ? -1 : NEXT(fsync)(file); }
int fdatasync(int file) { return breaksFile("fdatasync", file, false) ? -1 : NEXT(fdatasync)(file); }
int ftruncate(int file, off_t length) {
  return breaksFile("ftruncate", file, false) ? -1 : NEXT(ftruncate)(file, length);
}
int close(int file) {
  // What fails is the report of an earlier write: the descriptor is free afterwards all the same.
  bool failing = breaksFile("close", file, false);
  int error = errno;
  if (file >= 0 && file < kFiles) atomic_store(&watched[file], false);
  int result = NEXT(close)(file);
  if (!failing) return result;
  errno = error;
  return -1;
}
int rename(const char *from, const char *to) {
  return breaksPath("rename", to, false) ? -1 : NEXT(rename)(from, to);
}
int unlink(const char *path) { return breaksPath("unlink", path, false) ? -1 : NEXT(unlink)(path); }
int mkdir(const char *path, mode_t mode) { return breaksPath("mkdir", path, false) ? -1 : NEXT(mkdir)(path, mode); }
