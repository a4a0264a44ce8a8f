#include "binrip/base/file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace binrip {
namespace {

Result<int> open_fd(const std::filesystem::path& path, int flags, std::string_view doing) {
  int fd = -1;
  do {
    fd = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) return fail(errno_error(errno, doing, path));
  return fd;
}

}  // namespace

Error errno_error(int error_number, std::string_view doing, const std::filesystem::path& path) {
  ErrorKind kind = ErrorKind::io;
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      kind = ErrorKind::no_space;
      break;
    case EACCES:
    case EPERM:
    case EROFS:
      kind = ErrorKind::permission;
      break;
    case EEXIST:
      kind = ErrorKind::exists;
      break;
    default:
      break;
  }
  return Error{kind, fmt::format("cannot {} {}: {}", doing, path.string(), std::strerror(error_number))};
}

Result<File> File::open_read(const std::filesystem::path& path) {
  TRY(const int fd, open_fd(path, O_RDONLY, "open"));
  return File(fd, path);
}
Result<File> File::create(const std::filesystem::path& path) {
  TRY(const int fd, open_fd(path, O_RDWR | O_CREAT | O_TRUNC, "create"));
  return File(fd, path);
}
Result<File> File::create_new(const std::filesystem::path& path) {
  TRY(const int fd, open_fd(path, O_RDWR | O_CREAT | O_EXCL, "create"));
  return File(fd, path);
}
Result<File> File::open_update(const std::filesystem::path& path) {
  TRY(const int fd, open_fd(path, O_RDWR | O_CREAT, "open"));
  return File(fd, path);
}

File::File(File&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), failed_sync_(other.failed_sync_), path_(std::move(other.path_)) {}
File& File::operator=(File&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = std::exchange(other.fd_, -1);
    failed_sync_ = other.failed_sync_;
    path_ = std::move(other.path_);
  }
  return *this;
}
File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::int64_t> File::size() const {
  struct stat info {};
  if (::fstat(fd_, &info) != 0) return fail(errno_error(errno, "examine", path_));
  return std::int64_t{info.st_size};
}

Result<void> File::write_at(Bytes data, std::int64_t offset) {
  while (!data.empty()) {
    const ssize_t n = ::pwrite(fd_, data.data(), data.size(), offset);
    if (n < 0) {
      if (errno == EINTR) continue;
      return fail(errno_error(errno, "write", path_));
    }
    data = data.subspan(static_cast<std::size_t>(n));
    offset += n;
  }
  return {};
}

Result<std::size_t> File::read_at(MutableBytes data, std::int64_t offset) const {
  std::size_t done = 0;
  while (done < data.size()) {
    const ssize_t n = ::pread(fd_, data.data() + done, data.size() - done, offset + static_cast<off_t>(done));
    if (n < 0) {
      if (errno == EINTR) continue;
      return fail(errno_error(errno, "read", path_));
    }
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

Result<void> File::append(Bytes data) {
  TRY(const std::int64_t end, size());
  return write_at(data, end);
}

Result<void> File::truncate(std::int64_t size) {
  int result = 0;
  do {
    result = ::ftruncate(fd_, size);
  } while (result != 0 && errno == EINTR);
  if (result != 0) return fail(errno_error(errno, "resize", path_));
  return {};
}

Result<void> File::sync() {
  if (failed_sync_ == 0 && ::fdatasync(fd_) != 0) failed_sync_ = errno;
  if (failed_sync_ != 0) return fail(errno_error(failed_sync_, "sync", path_));
  return {};
}

void File::begin_write_back(std::int64_t offset, std::int64_t size) const {
  static_cast<void>(::sync_file_range(fd_, offset, size, SYNC_FILE_RANGE_WRITE));
}

Result<void> File::close() {
  if (fd_ >= 0 && ::close(std::exchange(fd_, -1)) != 0 && errno != EINTR) {
    return fail(errno_error(errno, "close", path_));
  }
  return {};
}

Result<std::string> read_text(const std::filesystem::path& path, std::size_t limit) {
  TRY(const File file, File::open_read(path));
  TRY(const std::int64_t size, file.size());
  if (static_cast<std::uint64_t>(size) > limit) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: expected at most {} bytes, got {}", path.string(), limit, size));
  }
  // A file of /proc says that it is empty, whatever it holds, so the end is where nothing more comes.
  constexpr std::size_t kLeastStep = 4096;
  const std::size_t step = std::max(kLeastStep, static_cast<std::size_t>(size) + 1);
  std::string text;
  for (std::size_t begin = 0; text.size() == begin; begin += step) {
    text.resize(begin + step);
    const MutableBytes rest(reinterpret_cast<Byte*>(text.data()) + begin, step);
    TRY(const std::size_t got, file.read_at(rest, static_cast<std::int64_t>(begin)));
    text.resize(begin + got);
    if (text.size() > limit) {
      return fail(ErrorKind::invalid, fmt::format("{}: expected at most {} bytes", path.string(), limit));
    }
  }
  return text;
}

Result<void> write_atomically(const std::filesystem::path& path, std::string_view contents) {
  std::filesystem::path temporary = path;
  temporary += ".tmp";
  const auto write = [&]() -> Result<void> {
    TRY(File file, File::create(temporary));
    TRY_VOID(file.write_at(Bytes(reinterpret_cast<const Byte*>(contents.data()), contents.size()), 0));
    TRY_VOID(file.sync());
    TRY_VOID(file.close());
    return rename_durably(temporary, path);
  };
  auto result = write();
  if (!result) ::unlink(temporary.c_str());
  return result;
}

namespace {

int rename_if_free(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  // Not every file system knows the flag; then a look has to do.
  if (errno != EINVAL && errno != ENOSYS) return -1;
  struct stat info {};
  if (::lstat(to.c_str(), &info) == 0) {
    errno = EEXIST;
    return -1;
  }
  return ::rename(from.c_str(), to.c_str());
}

}  // namespace

Result<void> rename_durably(const std::filesystem::path& from, const std::filesystem::path& to,
                            Occupied occupied) {
  const int result =
      occupied == Occupied::keep ? rename_if_free(from, to) : ::rename(from.c_str(), to.c_str());
  if (result != 0) return fail(errno_error(errno, "rename to", to));
  return sync_folder(to.parent_path());
}

Result<void> sync_folder(const std::filesystem::path& folder) {
  const std::filesystem::path where = folder.empty() ? std::filesystem::path(".") : folder;
  TRY(const int fd, open_fd(where, O_RDONLY | O_DIRECTORY, "open"));
  const int result = ::fsync(fd);
  const int error_number = errno;
  ::close(fd);
  // Some file systems (network, FUSE) cannot sync a folder; they answer EINVAL.
  if (result != 0 && error_number != EINVAL) return fail(errno_error(error_number, "sync", where));
  return {};
}

Result<std::uint64_t> free_space(const std::filesystem::path& folder) {
  const std::filesystem::path where = folder.empty() ? std::filesystem::path(".") : folder;
  struct statvfs info {};
  if (::statvfs(where.c_str(), &info) != 0) return fail(errno_error(errno, "examine", where));
  return std::uint64_t{info.f_bavail} * info.f_frsize;
}

}  // namespace binrip
