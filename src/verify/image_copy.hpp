// Copies of images with some bytes changed, made of files that get their names once they are complete. The
// image itself stays as it is.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>

#include "binrip/base/file.hpp"
#include "binrip/image/disc_image.hpp"

namespace binrip::verify {

// A file that gets its name once it is complete; without that it goes again.
class NewFile {
 public:
  static Result<NewFile> create(std::filesystem::path path);
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();
  Result<void> append(Bytes data);
  Result<void> finish();  // syncs and renames

 private:
  NewFile(File file, std::filesystem::path path) : file_(std::move(file)), path_(std::move(path)) {}
  Result<void> flush();

  File file_;
  std::filesystem::path path_;  // empty: it has been renamed, or moved from
  ByteVector buffer_;
};

// exists, when something is there.
Result<void> check_free(const std::filesystem::path& path);

// The BIN and, where the image has a subchannel, the .sub that go with `sheet`. `change` sees each sector
// before it is written, ascending. Errors: exists; those of `change`; cancelled. Then no file is left, unless
// naming the second one fails.
using SectorChange = std::function<Result<void>(cd::Lba lba, cd::MutableSectorBytes sector)>;
Result<void> write_copied_files(image::DiscImage& image, const std::filesystem::path& sheet,
                                const SectorChange& change, std::stop_token stop);
// The sheet itself, last.
Result<void> write_copied_sheet(const cd::Disc& disc, const std::filesystem::path& sheet);

}  // namespace binrip::verify
