#include "binrip/verify/repair.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "binrip/base/file.hpp"
#include "binrip/cd/repair.hpp"
#include "binrip/image/cue.hpp"

namespace binrip::verify {
namespace {

namespace fs = std::filesystem;
using Sector = std::array<Byte, cd::kSectorSize>;

constexpr std::size_t kBlockSize = std::size_t{446} * cd::kSectorSize;
constexpr std::size_t kModeOffset = cd::kHeaderOffset + 3;

// A file that gets its name once it is complete; without that it goes again.
class NewFile {
 public:
  static Result<NewFile> create(fs::path path) {
    fs::path temporary = path;
    temporary += ".tmp";
    TRY(File file, File::create(temporary));
    return NewFile(std::move(file), std::move(path));
  }
  NewFile(NewFile&& other) noexcept
      : file_(std::move(other.file_)),
        path_(std::exchange(other.path_, {})),
        buffer_(std::move(other.buffer_)) {}
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile() {
    if (path_.empty()) return;
    std::error_code ignored;
    fs::remove(file_.path(), ignored);
  }

  Result<void> append(Bytes data) {
    buffer_.insert(buffer_.end(), data.begin(), data.end());
    return buffer_.size() < kBlockSize ? Result<void>{} : flush();
  }
  Result<void> finish() {
    TRY_VOID(flush());
    TRY_VOID(file_.sync());
    TRY_VOID(file_.close());
    TRY_VOID(rename_durably(file_.path(), path_, Occupied::keep));
    path_.clear();
    return {};
  }

 private:
  NewFile(File file, fs::path path) : file_(std::move(file)), path_(std::move(path)) {}
  Result<void> flush() {
    TRY_VOID(file_.append(buffer_));
    buffer_.clear();
    return {};
  }

  File file_;
  fs::path path_;  // empty: it has been renamed, or moved from
  ByteVector buffer_;
};

Result<void> check_free(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(path, ignored))) return {};
  return fail(ErrorKind::exists, fmt::format("{} is there already", path.string()),
              "choose another name for the repaired image");
}

const cd::Track* track_of(const std::vector<cd::TrackRef>& tracks, cd::Lba lba) {
  const auto found =
      std::find_if(tracks.begin(), tracks.end(), [&](const auto& t) { return t.range.contains(lba); });
  return found == tracks.end() ? nullptr : found->track;
}

}  // namespace

std::optional<int> mend_sector(cd::MutableSectorBytes sector, cd::Lba lba, cd::TrackMode mode) {
  Sector mended;
  cd::build_mode0(mended, lba);  // sync and address
  std::copy(sector.begin() + cd::kSubheaderOffset, sector.end(), mended.begin() + cd::kSubheaderOffset);
  const bool is_mode1 = mode == cd::TrackMode::mode1;
  mended[kModeOffset] = is_mode1 ? 1 : 2;
  if (!cd::repair_data_sector(mended, lba, {})) return std::nullopt;
  if (cd::classify(mended) != (is_mode1 ? cd::SectorKind::mode1 : cd::SectorKind::mode2_form1)) {
    return std::nullopt;
  }
  int changed = 0;
  for (std::size_t i = 0; i < mended.size(); ++i) changed += mended[i] != sector[i] ? 1 : 0;
  std::copy(mended.begin(), mended.end(), sector.begin());
  return changed;
}

Result<Repair> write_repaired(image::DiscImage& image, std::span<const FaultRun> faults,
                              const fs::path& sheet, std::stop_token stop) {
  const fs::path bin = fs::path(sheet).replace_extension(".bin");
  const fs::path sub = fs::path(sheet).replace_extension(".sub");
  for (const fs::path& path : {bin, sub, sheet}) TRY_VOID(check_free(path));
  const std::vector<cd::TrackRef> tracks = cd::track_ranges(image.disc());
  const auto is_faulty = [&](cd::Lba lba) {
    const auto after =
        std::upper_bound(faults.begin(), faults.end(), lba,
                         [](cd::Lba value, const FaultRun& f) { return value < f.range.begin; });
    return after != faults.begin() && std::prev(after)->range.contains(lba);
  };
  Repair repair;
  TRY(NewFile main, NewFile::create(bin));
  TRY(NewFile records, NewFile::create(sub));
  bool has_sub = false;
  for (const cd::LbaRange& range : cd::image_ranges(image.disc())) {
    for (cd::Lba lba = range.begin; lba < range.end; ++lba) {
      if (stop.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
      Sector sector;
      TRY_VOID(image.read_main(lba, sector));
      if (is_faulty(lba)) {
        const cd::Track* track = track_of(tracks, lba);
        const auto changed = track == nullptr ? std::nullopt : mend_sector(sector, lba, track->mode);
        if (changed) repair.mended.push_back({lba, *changed});
        if (!changed) repair.left.push_back(lba);
      }
      TRY_VOID(main.append(sector));
      std::array<Byte, cd::kSubSize> record;
      TRY(const bool there, image.read_sub(lba, record));
      has_sub = has_sub || there;
      if (there) TRY_VOID(records.append(record));
    }
  }
  TRY_VOID(main.finish());
  if (has_sub) TRY_VOID(records.finish());
  cd::Disc disc = image.disc();
  disc.cdtext_packs.clear();  // their texts stand in the sheet
  TRY_VOID(write_atomically(
      sheet, image::write_cue(image::cue_of(disc, sheet.stem().string(), image::BinLayout::single))));
  return repair;
}

}  // namespace binrip::verify
