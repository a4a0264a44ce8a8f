// Loaded before libumockdev-preload into every program in the bed: fills in what umockdev leaves out, so that
// programs see /dev/sr0 as the kernel shows it.
//
// - dup, fcntl(F_DUPFD) and fstat of a device: umockdev knows a device by the number of its descriptor only.
// - Links to a device (/dev/cdrom, by-id): umockdev serves ioctls for the node's own name only.
// - O_EXCL, the sticky bit on block nodes, /run/udev/data, and open(2) of a drive without a disc, which the
//   kernel refuses unless O_NONBLOCK is given.
// - BINRIP_BED_DENY=all: a user who may not open drives; =write: one who may only read, with the kernel's
//   command filter for a descriptor opened read-only; =block: who may only read /dev/srN, but has /dev/sgN.
//   Root would be let through everywhere.
// - Its tables are not safe against threads that open and close: one lock round these calls.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/cdrom.h>
#include <pthread.h>
#include <scsi/sg.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

// The next function of that name, which is umockdev's or the C library's.
#define NEXT(type, name, ...)                          \
  static type (*next_##name)(__VA_ARGS__);             \
  do {                                                 \
    void* found = dlsym(RTLD_NEXT, #name);             \
    memcpy(&next_##name, &found, sizeof(next_##name)); \
  } while (0)

// --- which descriptors are devices ---
enum { kMaxOpen = 256 };
static char* open_paths[kMaxOpen];  // by descriptor
static int open_flags[kMaxOpen];

static const char* device_path(int fd) { return fd >= 0 && fd < kMaxOpen ? open_paths[fd] : NULL; }

static void remember(int fd, const char* path, int flags) {
  if (fd < 0 || fd >= kMaxOpen) return;
  free(open_paths[fd]);
  open_paths[fd] = path != NULL ? strdup(path) : NULL;
  open_flags[fd] = flags;
}

// --- names ---
static const char* root(void) { return getenv("UMOCKDEV_DIR"); }

static int starts_with(const char* text, const char* prefix) {
  return strncmp(text, prefix, strlen(prefix)) == 0;
}

// The node's own name for a device of the bed, the place in the bed for udev's data, else `path` itself.
static const char* own_name(const char* path, char buffer[PATH_MAX]) {
  if (path == NULL || root() == NULL) return path;
  const int saved = errno;
  if (starts_with(path, "/run/udev/data/")) {
    if (snprintf(buffer, PATH_MAX, "%s%s", root(), path) < PATH_MAX) path = buffer;
  } else if (starts_with(path, "/dev/")) {
    NEXT(char*, realpath, const char*, char*);
    char inside[PATH_MAX + 64], real_root[PATH_MAX], real[PATH_MAX];
    snprintf(inside, sizeof(inside), "%s%s", root(), path);
    // Both names lie outside /dev, so that umockdev hands them on as they are.
    if (next_realpath(root(), real_root) != NULL && next_realpath(inside, real) != NULL) {
      const size_t length = strlen(real_root);
      if (strncmp(real, real_root, length) == 0 && starts_with(real + length, "/dev/")) {
        strcpy(buffer, real + length);
        path = buffer;
      }
    }
  }
  errno = saved;
  return path;
}

static int is_optical(const char* path) { return path != NULL && starts_with(path, "/dev/sr"); }
static int is_device(const char* path) {
  return is_optical(path) || (path != NULL && starts_with(path, "/dev/sg"));
}

static int denied(const char* path, int flags) {
  const char* deny = getenv("BINRIP_BED_DENY");
  if (deny == NULL || !is_device(path)) return 0;
  if (strcmp(deny, "block") == 0 && !is_optical(path)) return 0;
  return strcmp(deny, "all") == 0 || (flags & O_ACCMODE) != O_RDONLY;
}

// --- open and close ---
int close(int fd) {
  NEXT(int, close, int);
  pthread_mutex_lock(&lock);
  remember(fd, NULL, 0);
  const int result = next_close(fd);
  pthread_mutex_unlock(&lock);
  return result;
}

int ioctl(int fd, unsigned long request, ...);

// As sr_block_open: only O_NONBLOCK opens a drive that has no disc.
static int refuse_without_disc(int fd, int flags) {
  if ((flags & O_NONBLOCK) != 0) return fd;
  const int status = ioctl(fd, CDROM_DRIVE_STATUS, CDSL_CURRENT);
  if (status == CDS_DISC_OK || status == CDS_NO_INFO) return fd;
  close(fd);
  errno = ENOMEDIUM;
  return -1;
}

typedef int open_function(const char*, int, ...);

static int open_device(open_function* next, const char* path, int flags, mode_t mode) {
  char buffer[PATH_MAX];
  path = own_name(path, buffer);
  if (denied(path, flags)) {
    errno = EACCES;
    return -1;
  }
  if (is_device(path)) flags &= ~O_EXCL;
  pthread_mutex_lock(&lock);
  int fd = next(path, flags, mode);
  if (fd >= 0 && is_device(path) && root() != NULL) remember(fd, path, flags);
  pthread_mutex_unlock(&lock);
  if (fd >= 0 && is_optical(device_path(fd))) fd = refuse_without_disc(fd, flags);
  return fd;
}

#define WRAP_OPEN(name)                                 \
  int name(const char* path, int flags, ...) {          \
    NEXT(int, name, const char*, int, ...);             \
    mode_t mode = 0;                                    \
    if ((flags & (O_CREAT | __O_TMPFILE)) != 0) {       \
      va_list arguments;                                \
      va_start(arguments, flags);                       \
      mode = va_arg(arguments, mode_t);                 \
      va_end(arguments);                                \
    }                                                   \
    return open_device(next_##name, path, flags, mode); \
  }
WRAP_OPEN(open)
WRAP_OPEN(open64)

int __open_2(const char* path, int flags) { return open(path, flags); }
int __open64_2(const char* path, int flags) { return open64(path, flags); }

#define WRAP_OPENAT(name, by_path)                                            \
  int name(int folder, const char* path, int flags, ...) {                    \
    NEXT(int, name, int, const char*, int, ...);                              \
    mode_t mode = 0;                                                          \
    if ((flags & (O_CREAT | __O_TMPFILE)) != 0) {                             \
      va_list arguments;                                                      \
      va_start(arguments, flags);                                             \
      mode = va_arg(arguments, mode_t);                                       \
      va_end(arguments);                                                      \
    }                                                                         \
    if (starts_with(path, "/dev/") || starts_with(path, "/run/udev/data/")) { \
      return by_path(path, flags, mode);                                      \
    }                                                                         \
    return next_##name(folder, path, flags, mode);                            \
  }
WRAP_OPENAT(openat, open)
WRAP_OPENAT(openat64, open64)

static FILE* open_stream(FILE* (*next)(const char*, const char*), const char* path, const char* mode) {
  char buffer[PATH_MAX];
  pthread_mutex_lock(&lock);
  FILE* stream = next(own_name(path, buffer), mode);
  pthread_mutex_unlock(&lock);
  return stream;
}
FILE* fopen(const char* path, const char* mode) {
  NEXT(FILE*, fopen, const char*, const char*);
  return open_stream(next_fopen, path, mode);
}
FILE* fopen64(const char* path, const char* mode) {
  NEXT(FILE*, fopen64, const char*, const char*);
  return open_stream(next_fopen64, path, mode);
}

// --- copies of a descriptor ---
static int reopen(int fd, int flags) { return open(device_path(fd), flags | O_NONBLOCK); }

int dup(int fd) {
  NEXT(int, dup, int);
  return device_path(fd) != NULL ? reopen(fd, open_flags[fd]) : next_dup(fd);
}

static int control(int (*next)(int, int, ...), int fd, int command, void* argument) {
  if ((command == F_DUPFD || command == F_DUPFD_CLOEXEC) && device_path(fd) != NULL) {
    return reopen(fd, open_flags[fd] | (command == F_DUPFD_CLOEXEC ? O_CLOEXEC : 0));
  }
  return next(fd, command, argument);
}
#define WRAP_FCNTL(name)                                \
  int name(int fd, int command, ...) {                  \
    NEXT(int, name, int, int, ...);                     \
    va_list arguments;                                  \
    va_start(arguments, command);                       \
    void* argument = va_arg(arguments, void*);          \
    va_end(arguments);                                  \
    return control(next_##name, fd, command, argument); \
  }
WRAP_FCNTL(fcntl)
WRAP_FCNTL(fcntl64)

// --- stat ---
#define WRAP_STAT(name, type)                                                   \
  int name(const char* restrict path, struct type* restrict out) {              \
    NEXT(int, name, const char*, struct type*);                                 \
    char buffer[PATH_MAX];                                                      \
    pthread_mutex_lock(&lock);                                                  \
    const int result = next_##name(own_name(path, buffer), out);                \
    pthread_mutex_unlock(&lock);                                                \
    if (result == 0 && S_ISBLK(out->st_mode)) out->st_mode &= ~(mode_t)S_ISVTX; \
    return result;                                                              \
  }
WRAP_STAT(stat, stat)
WRAP_STAT(stat64, stat64)

#define WRAP_XSTAT(name, base, type)                          \
  int name(int version, const char* path, struct type* out) { \
    (void)version;                                            \
    return base(path, out);                                   \
  }
WRAP_XSTAT(__xstat, stat, stat)
WRAP_XSTAT(__xstat64, stat64, stat64)

#define WRAP_FSTAT(name, by_path, type)                              \
  int name(int fd, struct type* out) {                               \
    NEXT(int, name, int, struct type*);                              \
    const char* path = device_path(fd);                              \
    return path != NULL ? by_path(path, out) : next_##name(fd, out); \
  }
WRAP_FSTAT(fstat, stat, stat)
WRAP_FSTAT(fstat64, stat64, stat64)

int __fxstat(int version, int fd, struct stat* out) {
  (void)version;
  return fstat(fd, out);
}
int __fxstat64(int version, int fd, struct stat64* out) {
  (void)version;
  return fstat64(fd, out);
}

int statx(int folder, const char* restrict path, int flags, unsigned mask, struct statx* restrict out) {
  NEXT(int, statx, int, const char*, int, unsigned, struct statx*);
  char buffer[PATH_MAX];
  pthread_mutex_lock(&lock);
  const int follow = (flags & AT_SYMLINK_NOFOLLOW) == 0;
  const int result = next_statx(folder, follow ? own_name(path, buffer) : path, flags, mask, out);
  pthread_mutex_unlock(&lock);
  if (result == 0 && S_ISBLK(out->stx_mode)) out->stx_mode &= (unsigned short)~S_ISVTX;
  return result;
}

// --- the command filter ---
// Commands that the kernel lets through on a descriptor opened read-only (scsi_cmd_allowed).
static int is_read_command(unsigned char opcode) {
  static const unsigned char allowed[] = {0x00, 0x03, 0x08, 0x12, 0x1A, 0x1B, 0x1C, 0x25, 0x28, 0x2B, 0x2F,
                                          0x3C, 0x3E, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x4A, 0x4B,
                                          0x4D, 0x4E, 0x51, 0x52, 0x5A, 0x5C, 0x88, 0x8F, 0x9E, 0xA0, 0xA3,
                                          0xA4, 0xA8, 0xAC, 0xAD, 0xB7, 0xB9, 0xBA, 0xBC, 0xBE};
  return memchr(allowed, opcode, sizeof(allowed)) != NULL;
}

static int is_filtered(int fd, unsigned long request, const void* argument) {
  if (getenv("BINRIP_BED_DENY") == NULL || !is_device(device_path(fd))) return 0;
  if ((open_flags[fd] & O_ACCMODE) != O_RDONLY) return 0;
  if (request == CDROM_SEND_PACKET)
    return !is_read_command(((const struct cdrom_generic_command*)argument)->cmd[0]);
  if (request == SG_IO) return !is_read_command(((const sg_io_hdr_t*)argument)->cmdp[0]);
  return 0;
}

int ioctl(int fd, unsigned long request, ...) {
  NEXT(int, ioctl, int, unsigned long, ...);
  va_list arguments;
  va_start(arguments, request);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  if (is_filtered(fd, request, argument)) {
    errno = EPERM;
    return -1;
  }
  return next_ioctl(fd, request, argument);
}
