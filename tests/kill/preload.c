// Loaded into binrip by the kill tests: numbers the calls that change files below one folder, writes them
// down, and at one of them ends the process or lets the call fail.
//
//   BINRIP_KILL_FOLDER  the folder, without links in its path; nothing else is counted
//   BINRIP_KILL_LOG     what was called is appended here; see journal.hpp for the form
//   BINRIP_KILL_AT      number of the call, from 1
//   BINRIP_KILL_HOW     before, after: SIGKILL there. half: SIGKILL after half of a write. fail: that call
//   fails,
//                       with EIO where it syncs or renames, else with ENOSPC. full: from there on the disk is
//                       full, and the first write is a short one
//   BINRIP_KILL_CLOCK   the monotonic clock runs so many times as fast, so that what happens now and then
//                       happens in a short rip too
//
// Syncs are not handed on to the kernel: what they promise is kept by the journal, and the tests stay fast.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define NEXT(type, name, ...)                          \
  static type (*next_##name)(__VA_ARGS__);             \
  if (next_##name == NULL) {                           \
    void* found = dlsym(RTLD_NEXT, #name);             \
    memcpy(&next_##name, &found, sizeof(next_##name)); \
  }

enum How { kNothing, kBefore, kAfter, kHalf, kFail, kFull };
enum Kind { kData, kSync, kName };  // data and new files take space; names change in folders

static char folder[4096];
static size_t folder_length;
static enum How how;
static long kill_at;
static long calls;
static int log_fd = -1;
static int already_full;

__attribute__((constructor)) static void begin(void) {
  static const char* const words[] = {"", "before", "after", "half", "fail", "full"};
  const char* text = getenv("BINRIP_KILL_FOLDER");
  if (text == NULL || strlen(text) >= sizeof(folder)) return;
  folder_length = strlen(strcpy(folder, text));
  if ((text = getenv("BINRIP_KILL_AT")) != NULL) kill_at = atol(text);
  if ((text = getenv("BINRIP_KILL_HOW")) != NULL) {
    for (int i = 0; i < 6; ++i) {
      if (strcmp(text, words[i]) == 0) how = (enum How)i;
    }
  }
  if ((text = getenv("BINRIP_KILL_LOG")) != NULL) {
    log_fd = open(text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }
}

static int is_ours(const char* path) {
  return folder_length > 0 && path != NULL && strncmp(path, folder, folder_length) == 0 &&
         (path[folder_length] == '/' || path[folder_length] == '\0');
}

static const char* path_of(int fd, char buffer[4096]) {
  char link[64];
  snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, buffer, 4095);
  if (length < 0) return NULL;
  buffer[length] = '\0';
  return is_ours(buffer) ? buffer : NULL;
}

static unsigned long inode_of(int fd) {
  struct stat info;
  return fstat(fd, &info) == 0 ? (unsigned long)info.st_ino : 0;
}

static void write_all(const char* data, size_t size) {
  while (size > 0) {
    const long n = syscall(SYS_write, log_fd, data, size);
    if (n <= 0) return;
    data += n;
    size -= (size_t)n;
  }
}

// A line, and the bytes of a write behind it.
static void note(const char* what, int error, unsigned long inode, long offset, const char* path,
                 const char* second, const char* data, size_t size) {
  if (log_fd < 0) return;
  char line[9000];
  const int length = snprintf(line, sizeof(line), "%ld\t%s\t%d\t%lu\t%ld\t%zu\t%s\t%s\n", calls, what, error,
                              inode, offset, size, path, second != NULL ? second : "-");
  write_all(line, (size_t)length);
  if (data != NULL) write_all(data, size);
}

static void die(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

// At the beginning of each call, with the lock held: 0, or the error that it is to fail with.
static int enter(enum Kind kind, int takes_space) {
  ++calls;
  if (how == kFull && kill_at > 0 && calls >= kill_at && takes_space) return ENOSPC;
  if (calls != kill_at) return 0;
  if (how == kBefore || (how == kHalf && kind != kData)) die();
  if (how == kFail) return kind == kData ? ENOSPC : EIO;
  return 0;
}

static void leave(void) {
  if (calls == kill_at && how == kAfter) die();
  pthread_mutex_unlock(&lock);
}

// The common end of calls that give 0 or -1.
static int done(int result, const char* what, int error, unsigned long inode, long offset, const char* path,
                const char* second) {
  if (result != 0 && error == 0) error = errno;
  note(what, error, inode, offset, path, second, NULL, 0);
  leave();
  errno = error;
  return result;
}

// --- files ---
static int open_counted(const char* path, int flags, mode_t mode, int (*next)(const char*, int, ...)) {
  struct stat info;
  if (!is_ours(path) || (flags & O_CREAT) == 0) return next(path, flags, mode);
  pthread_mutex_lock(&lock);
  const int is_new = stat(path, &info) != 0;
  if (!is_new && (flags & O_TRUNC) == 0) {
    pthread_mutex_unlock(&lock);
    return next(path, flags, mode);
  }
  int error = enter(kData, 1);
  int fd = -1;
  if (error == 0) {
    fd = next(path, flags, mode);
    if (fd < 0) error = errno;
  }
  note(is_new ? "create" : "empty", error, fd >= 0 ? inode_of(fd) : 0, 0, path, NULL, NULL, 0);
  leave();
  errno = error;
  return fd;
}

int open(const char* path, int flags, ...) {
  NEXT(int, open, const char*, int, ...)
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return open_counted(path, flags, mode, next_open);
}

int open64(const char* path, int flags, ...) {
  NEXT(int, open64, const char*, int, ...)
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return open_counted(path, flags, mode, next_open64);
}

ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) {
  NEXT(ssize_t, pwrite, int, const void*, size_t, off_t)
  char buffer[4096];
  const char* path = path_of(fd, buffer);
  if (path == NULL || size == 0) return next_pwrite(fd, data, size, offset);
  pthread_mutex_lock(&lock);
  int error = enter(kData, 1);
  const int is_half = calls == kill_at && how == kHalf;
  if (is_half) size = (size + 1) / 2;
  if (error == ENOSPC && how == kFull && !already_full && size > 1) {
    already_full = 1;
    error = 0;
    size /= 2;
  }
  ssize_t written = -1;
  if (error == 0) {
    written = next_pwrite(fd, data, size, offset);
    if (written < 0) error = errno;
  }
  note("write", error, inode_of(fd), offset, path, NULL, data, written > 0 ? (size_t)written : 0);
  if (is_half) die();
  leave();
  errno = error;
  return written;
}

ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset) {
  return pwrite(fd, data, size, offset);
}

ssize_t copy_file_range(int in, off64_t* in_offset, int out, off64_t* out_offset, size_t size,
                        unsigned flags) {
  NEXT(ssize_t, copy_file_range, int, off64_t*, int, off64_t*, size_t, unsigned)
  char buffer[4096];
  const char* path = path_of(out, buffer);
  if (path == NULL || out_offset == NULL)
    return next_copy_file_range(in, in_offset, out, out_offset, size, flags);
  pthread_mutex_lock(&lock);
  int error = enter(kData, 1);
  const long begin = *out_offset;
  ssize_t copied = -1;
  if (error == 0) {
    copied = next_copy_file_range(in, in_offset, out, out_offset, size, flags);
    if (copied < 0) error = errno;
  }
  char* bytes = copied > 0 ? malloc((size_t)copied) : NULL;
  if (bytes != NULL && pread(out, bytes, (size_t)copied, begin) != copied) abort();
  note("write", error, inode_of(out), begin, path, NULL, bytes, bytes != NULL ? (size_t)copied : 0);
  free(bytes);
  leave();
  errno = error;
  return copied;
}

static int resize(int fd, off64_t size, int (*next)(int, off64_t)) {
  char buffer[4096];
  const char* path = path_of(fd, buffer);
  if (path == NULL) return next(fd, size);
  pthread_mutex_lock(&lock);
  const int error = enter(kData, 1);
  return done(error != 0 ? -1 : next(fd, size), "resize", error, inode_of(fd), size, path, NULL);
}
int ftruncate(int fd, off_t size) {
  NEXT(int, ftruncate, int, off_t)
  return resize(fd, size, next_ftruncate);
}
int ftruncate64(int fd, off64_t size) {
  NEXT(int, ftruncate64, int, off64_t)
  return resize(fd, size, next_ftruncate64);
}

static int synced(int fd, int (*next)(int)) {
  char buffer[4096];
  const char* path = path_of(fd, buffer);
  if (path == NULL) return next(fd);
  pthread_mutex_lock(&lock);
  const int error = enter(kSync, 0);
  return done(error != 0 ? -1 : 0, "sync", error, inode_of(fd), 0, path, NULL);
}
int fsync(int fd) {
  NEXT(int, fsync, int)
  return synced(fd, next_fsync);
}
int fdatasync(int fd) {
  NEXT(int, fdatasync, int)
  return synced(fd, next_fdatasync);
}

// --- names ---
int rename(const char* from, const char* to) {
  NEXT(int, rename, const char*, const char*)
  if (!is_ours(from)) return next_rename(from, to);
  pthread_mutex_lock(&lock);
  const int error = enter(kName, 0);
  return done(error != 0 ? -1 : next_rename(from, to), "rename", error, 0, 0, from, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  NEXT(int, renameat2, int, const char*, int, const char*, unsigned)
  if (!is_ours(from)) return next_renameat2(from_folder, from, to_folder, to, flags);
  pthread_mutex_lock(&lock);
  const int error = enter(kName, 0);
  const int result = error != 0 ? -1 : next_renameat2(from_folder, from, to_folder, to, flags);
  return done(result, "rename", error, 0, 0, from, to);
}

static int removed(const char* path, int (*next)(const char*)) {
  if (!is_ours(path)) return next(path);
  pthread_mutex_lock(&lock);
  const int error = enter(kName, 0);
  return done(error != 0 ? -1 : next(path), "remove", error, 0, 0, path, NULL);
}
int unlink(const char* path) {
  NEXT(int, unlink, const char*)
  return removed(path, next_unlink);
}
int rmdir(const char* path) {
  NEXT(int, rmdir, const char*)
  return removed(path, next_rmdir);
}
int remove(const char* path) {
  NEXT(int, remove, const char*)
  return removed(path, next_remove);
}

int mkdir(const char* path, mode_t mode) {
  NEXT(int, mkdir, const char*, mode_t)
  struct stat info;
  if (!is_ours(path) || stat(path, &info) == 0) return next_mkdir(path, mode);
  pthread_mutex_lock(&lock);
  const int error = enter(kData, 1);
  return done(error != 0 ? -1 : next_mkdir(path, mode), "mkdir", error, 0, 0, path, NULL);
}

// --- time ---
int clock_gettime(clockid_t clock, struct timespec* now) {
  NEXT(int, clock_gettime, clockid_t, struct timespec*)
  static int64_t began;
  static int64_t factor;
  const int result = next_clock_gettime(clock, now);
  if (result != 0 || clock != CLOCK_MONOTONIC) return result;
  const int64_t real = now->tv_sec * (int64_t)1000000000 + now->tv_nsec;
  if (factor == 0) {
    const char* text = getenv("BINRIP_KILL_CLOCK");
    began = real;
    factor = text != NULL && atol(text) > 0 ? atol(text) : 1;
  }
  const int64_t shown = began + (real - began) * factor;
  now->tv_sec = shown / 1000000000;
  now->tv_nsec = shown % 1000000000;
  return 0;
}
