// Files that are never half-written: temporary name, sync, rename, sync of the folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "binrip/base/bytes.hpp"
#include "binrip/base/result.hpp"

namespace binrip {

// An open file descriptor that closes itself. All errors carry the path and errno's words; ENOSPC and EDQUOT
// are no_space, EACCES, EPERM and EROFS permission, EEXIST exists.
class File {
 public:
  static Result<File> open_read(const std::filesystem::path& path);
  static Result<File> create(const std::filesystem::path& path);       // truncates what was there
  static Result<File> create_new(const std::filesystem::path& path);   // fails when something is there
  static Result<File> open_update(const std::filesystem::path& path);  // read and write; made when missing

  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  int descriptor() const { return fd_; }
  const std::filesystem::path& path() const { return path_; }
  Result<std::int64_t> size() const;
  Result<void> write_at(Bytes data, std::int64_t offset);  // all of it
  Result<std::size_t> read_at(MutableBytes data,
                              std::int64_t offset) const;  // less only at the end of the file
  Result<void> append(Bytes data);
  Result<void> truncate(std::int64_t size);
  // fdatasync. Once it has failed it fails for good: the kernel forgets the pages that it could not write, so
  // that a second try would succeed without them.
  Result<void> sync();
  // Has the kernel begin to write these bytes to the disk now, so that sync() has little left to wait for.
  // Proves nothing, and takes no error away from sync(), since it waits for no page; where it cannot be done,
  // nothing happens.
  void begin_write_back(std::int64_t offset, std::int64_t size) const;
  Result<void> close();  // reports a late write error; the destructor cannot

 private:
  File(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}
  int fd_ = -1;
  int failed_sync_ = 0;  // errno
  std::filesystem::path path_;
};

Result<std::string> read_text(const std::filesystem::path& path, std::size_t limit = 64U << 20);
// Replaces `path` atomically and durably: after a crash the old or the new contents stand there, whole.
Result<void> write_atomically(const std::filesystem::path& path, std::string_view contents);
// rename(2), then sync of the folder. `keep`: what is there already stays, and the Error is exists.
enum class Occupied { replace, keep };
Result<void> rename_durably(const std::filesystem::path& from, const std::filesystem::path& to,
                            Occupied occupied = Occupied::replace);
Result<void> sync_folder(const std::filesystem::path& folder);
Result<std::uint64_t> free_space(const std::filesystem::path& folder);

Error errno_error(int error_number, std::string_view doing, const std::filesystem::path& path);

}  // namespace binrip
