// Loaded with preload.c: a folder as a disk of its own, BINRIP_BED_DISK, absolute and without links. While
// there is a file FOLDER.full beside it, what would take space there fails with ENOSPC, and statvfs says that
// nothing is free. While there is FOLDER.quota, it fails with EDQUOT, and statvfs knows nothing of it. What
// lies on the disk can be written over, as on a real one.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#define NEXT(type, name, ...)                          \
  static type (*next_##name)(__VA_ARGS__);             \
  do {                                                 \
    void* found = dlsym(RTLD_NEXT, #name);             \
    memcpy(&next_##name, &found, sizeof(next_##name)); \
  } while (0)

static int marked(const char* disk, const char* mark) {
  char path[PATH_MAX];
  return snprintf(path, sizeof(path), "%s.%s", disk, mark) < PATH_MAX && access(path, F_OK) == 0;
}

// The error of what would take space; 0: there is enough.
static int shortage(void) {
  const char* disk = getenv("BINRIP_BED_DISK");
  if (disk == NULL) return 0;
  const int saved = errno;
  const int error = marked(disk, "full") ? ENOSPC : (marked(disk, "quota") ? EDQUOT : 0);
  errno = saved;
  return error;
}

static int lies_there(const char* path) {
  const char* disk = getenv("BINRIP_BED_DISK");
  const size_t length = strlen(disk);
  return strncmp(path, disk, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static int is_on_disk(int fd) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, path, sizeof(path) - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return lies_there(path);
}

// Whether there is no space for these bytes. Below 0: where the descriptor stands.
static int is_refused(int fd, off_t offset, size_t size) {
  const int saved = errno;
  const int error = shortage();
  struct stat about;
  if (error == 0 || fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || !is_on_disk(fd)) {
    errno = saved;
    return 0;
  }
  const off_t here = lseek(fd, 0, SEEK_CUR);
  if (offset < 0) offset = here;
  const off_t hole = lseek(fd, offset, SEEK_HOLE);
  lseek(fd, here, SEEK_SET);
  const int there = offset < about.st_size && hole >= offset + (off_t)size;
  errno = there ? saved : error;
  return !there;
}

ssize_t write(int fd, const void* data, size_t size) {
  NEXT(ssize_t, write, int, const void*, size_t);
  return is_refused(fd, -1, size) ? -1 : next_write(fd, data, size);
}

ssize_t writev(int fd, const struct iovec* parts, int count) {
  NEXT(ssize_t, writev, int, const struct iovec*, int);
  size_t size = 0;
  for (int i = 0; i < count; ++i) size += parts[i].iov_len;
  return is_refused(fd, -1, size) ? -1 : next_writev(fd, parts, count);
}

#define WRAP_PWRITE(name)                                                           \
  ssize_t name(int fd, const void* data, size_t size, off_t offset) {               \
    NEXT(ssize_t, name, int, const void*, size_t, off_t);                           \
    return is_refused(fd, offset, size) ? -1 : next_##name(fd, data, size, offset); \
  }
WRAP_PWRITE(pwrite)
WRAP_PWRITE(pwrite64)

int mkdir(const char* path, mode_t mode) {
  NEXT(int, mkdir, const char*, mode_t);
  const int error = shortage();
  if (error != 0 && access(path, F_OK) != 0) {
    // A new folder takes a block. Its parent is there, or it cannot be made anyway.
    char parent[PATH_MAX], real[PATH_MAX];
    snprintf(parent, sizeof(parent), "%s", path);
    char* slash = strrchr(parent, '/');
    if (slash != NULL) *slash = '\0';
    if (realpath(slash == NULL ? "." : parent, real) != NULL && lies_there(real)) {
      errno = error;
      return -1;
    }
  }
  return next_mkdir(path, mode);
}

#define WRAP_STATVFS(name, type)                                                                   \
  int name(const char* restrict path, struct type* restrict out) {                                 \
    NEXT(int, name, const char*, struct type*);                                                    \
    const int result = next_##name(path, out);                                                     \
    char real[PATH_MAX];                                                                           \
    if (result == 0 && shortage() == ENOSPC && realpath(path, real) != NULL && lies_there(real)) { \
      out->f_bfree = out->f_bavail = 0;                                                            \
    }                                                                                              \
    return result;                                                                                 \
  }
WRAP_STATVFS(statvfs, statvfs)
WRAP_STATVFS(statvfs64, statvfs64)
