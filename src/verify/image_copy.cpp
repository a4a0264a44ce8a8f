#include "image_copy.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "binrip/image/cue.hpp"

namespace binrip::verify {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kCopyBlock = std::size_t{446} * cd::kSectorSize;

}  // namespace

Result<NewFile> NewFile::create(fs::path path) {
  fs::path temporary = path;
  temporary += ".tmp";
  TRY(File file, File::create(temporary));
  return NewFile(std::move(file), std::move(path));
}

NewFile::NewFile(NewFile&& other) noexcept
    : file_(std::move(other.file_)),
      path_(std::exchange(other.path_, {})),
      buffer_(std::move(other.buffer_)) {}

NewFile::~NewFile() {
  if (path_.empty()) return;
  std::error_code ignored;
  fs::remove(file_.path(), ignored);
}

Result<void> NewFile::append(Bytes data) {
  buffer_.insert(buffer_.end(), data.begin(), data.end());
  return buffer_.size() < kCopyBlock ? Result<void>{} : flush();
}

Result<void> NewFile::finish() {
  TRY_VOID(flush());
  TRY_VOID(file_.sync());
  TRY_VOID(file_.close());
  TRY_VOID(rename_durably(file_.path(), path_, Occupied::keep));
  path_.clear();
  return {};
}

Result<void> NewFile::flush() {
  TRY_VOID(file_.append(buffer_));
  buffer_.clear();
  return {};
}

Result<void> check_free(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(path, ignored))) return {};
  return fail(ErrorKind::exists, fmt::format("{} is there already", path.string()),
              "choose another name for the repaired image");
}

Result<void> write_copied_files(image::DiscImage& image, const fs::path& sheet, const SectorChange& change,
                                std::stop_token stop) {
  const fs::path bin = fs::path(sheet).replace_extension(".bin");
  const fs::path sub = fs::path(sheet).replace_extension(".sub");
  for (const fs::path& path : {bin, sub, sheet}) TRY_VOID(check_free(path));
  TRY(NewFile main, NewFile::create(bin));
  TRY(NewFile records, NewFile::create(sub));
  bool has_sub = false;
  for (const cd::LbaRange& range : cd::image_ranges(image.disc())) {
    for (cd::Lba lba = range.begin; lba < range.end; ++lba) {
      if (stop.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
      std::array<Byte, cd::kSectorSize> sector;
      TRY_VOID(image.read_main(lba, sector));
      TRY_VOID(change(lba, sector));
      TRY_VOID(main.append(sector));
      std::array<Byte, cd::kSubSize> record;
      TRY(const bool there, image.read_sub(lba, record));
      has_sub = has_sub || there;
      if (there) TRY_VOID(records.append(record));
    }
  }
  TRY_VOID(main.finish());
  if (has_sub) TRY_VOID(records.finish());
  return {};
}

Result<void> write_copied_sheet(const cd::Disc& disc, const fs::path& sheet) {
  cd::Disc copy = disc;
  copy.cdtext_packs.clear();  // their texts stand in the sheet
  return write_atomically(
      sheet, image::write_cue(image::cue_of(copy, sheet.stem().string(), image::BinLayout::single)));
}

}  // namespace binrip::verify
