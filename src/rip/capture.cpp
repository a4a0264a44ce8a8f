#include "binrip/rip/capture.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>

#include <fmt/format.h>
#include <sys/file.h>

#include "sub_merger.hpp"

#include "binrip/cd/lba_ranges.hpp"

namespace binrip::rip {

using cd::Lba;
using cd::LbaRange;
using cd::SectorState;

namespace {

// Large enough that a write costs little, small enough that a kill loses little.
constexpr std::size_t kWriteSize = 256 * 1024;
constexpr std::int64_t kWriteBackSize = 4 * 1024 * 1024;

// Once a write passes the end of a large piece of the file, that piece goes to the disk: few calls, and no
// page that the next write would touch again.
void begin_write_back(const File& file, std::int64_t begin, std::int64_t end) {
  const std::int64_t first = begin / kWriteBackSize * kWriteBackSize;
  const std::int64_t last = end / kWriteBackSize * kWriteBackSize;
  if (last > first) file.begin_write_back(first, last - first);
}

Result<File> lock_folder(const std::filesystem::path& folder) {
  TRY(File lock, File::open_update(folder / "lock"));
  if (::flock(lock.descriptor(), LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorKind::exists, fmt::format("another binrip is working on {}", folder.string()),
                "wait for it to end, or choose another output name");
  }
  return lock;
}

Result<SectorMap> load_map(const std::filesystem::path& path, const std::string& identity,
                           const std::vector<LbaRange>& ranges) {
  TRY(const std::string text, read_text(path));
  TRY(SectorMap map, parse_map(text, path.string()));
  if (map.disc_identity() != identity || map.ranges() != ranges) {
    return fail(ErrorKind::mismatch, fmt::format("{} belongs to another disc", path.parent_path().string()),
                "put that disc in, choose another output name, or remove the folder");
  }
  return map;
}

// A map without the sectors that it speaks of would make an image of zeros.
Result<void> check_whole(const File& file, std::int64_t size) {
  TRY(const std::int64_t found, file.size());
  if (found == size) return {};
  return fail(
      ErrorKind::invalid, fmt::format("{}: expected {} bytes, got {}", file.path().string(), size, found),
      fmt::format("what was read is lost: remove {} to begin anew", file.path().parent_path().string()));
}

// The names too, the folder's own first, so that a map which is saved here is not lost with its folder.
Result<void> begin_files(const std::filesystem::path& folder, File& main, std::int64_t main_size, File& sub,
                         std::int64_t sub_size) {
  TRY_VOID(main.truncate(main_size));
  TRY_VOID(sub.truncate(sub_size));
  TRY_VOID(sync_folder(folder.parent_path()));
  return sync_folder(folder);
}

}  // namespace

Capture::Capture(std::filesystem::path folder, File lock, File main, File sub, SectorMap map, bool resumed)
    : folder_(std::move(folder)),
      lock_(std::move(lock)),
      main_(std::move(main)),
      sub_(std::move(sub)),
      map_(std::move(map)),
      resumed_(resumed) {}

Result<Capture> Capture::open(const std::filesystem::path& folder, const std::string& disc_identity,
                              const std::vector<LbaRange>& ranges, Begin begin) {
  std::error_code error;
  std::filesystem::create_directory(folder, error);
  if (error) return fail(errno_error(error.value(), "create", folder));
  TRY(File lock, lock_folder(folder));
  SectorMap map(disc_identity, ranges);
  const std::filesystem::path saved = map_path(folder);
  if (begin == Begin::anew && std::filesystem::remove(saved, error)) TRY_VOID(sync_folder(folder));
  if (error) return fail(errno_error(error.value(), "remove", saved));
  const bool resumed = std::filesystem::exists(saved);
  if (resumed) {
    TRY(map, load_map(saved, disc_identity, ranges));
  }
  TRY(File main, File::open_update(folder / "main"));
  TRY(File sub, File::open_update(folder / "sub"));
  const std::int64_t sectors = cd::total_size(ranges);
  const std::int64_t main_size = sectors * static_cast<std::int64_t>(cd::kSectorSize);
  const std::int64_t sub_size = sectors * static_cast<std::int64_t>(cd::kSubSize);
  if (resumed) {
    TRY_VOID(check_whole(main, main_size));
    TRY_VOID(check_whole(sub, sub_size));
  } else {
    TRY_VOID(begin_files(folder, main, main_size, sub, sub_size));
  }
  Capture capture(folder, std::move(lock), std::move(main), std::move(sub), std::move(map), resumed);
  if (resumed) TRY_VOID(capture.recognise_right_subs());
  return capture;
}

// A map of before the states of the subchannel says of none that it is right.
Result<void> Capture::recognise_right_subs() {
  std::array<Byte, cd::kSubSize> record;
  for (const LbaRange& range : map_.with_sub(SubState::read)) {
    for (Lba lba = range.begin; lba < range.end; ++lba) {
      TRY_VOID(read_sub(lba, record));
      if (cd::has_right_q(record, lba)) map_.raise_sub({lba, lba + cd::SectorCount{1}}, SubState::right);
    }
  }
  return {};
}

Result<void> Capture::restore(SectorMap map) {
  assert(map.ranges() == map_.ranges());
  map_ = std::move(map);
  resumed_ = true;
  return recognise_right_subs();
}

std::int64_t Capture::position(Lba lba) const {
  std::int64_t before = 0;
  for (const LbaRange& range : map_.ranges()) {
    if (range.contains(lba)) return before + (lba - range.begin).value;
    before += range.size().value;
  }
  return -1;
}

Result<void> Capture::flush(Run& run, File& file) {
  if (run.bytes.empty()) return {};
  const std::int64_t offset = run.first * static_cast<std::int64_t>(run.record_size);
  TRY_VOID(file.write_at(run.bytes, offset));
  begin_write_back(file, offset, offset + static_cast<std::int64_t>(run.bytes.size()));
  run.bytes.clear();
  return {};
}

Result<void> Capture::add(Run& run, File& file, std::int64_t position, Bytes record) {
  const auto held = static_cast<std::int64_t>(run.bytes.size() / run.record_size);
  if (!run.bytes.empty() && position != run.first + held) TRY_VOID(flush(run, file));
  if (run.bytes.empty()) run.first = position;
  run.bytes.insert(run.bytes.end(), record.begin(), record.end());
  if (run.bytes.size() >= kWriteSize) TRY_VOID(flush(run, file));
  return {};
}

Result<void> Capture::put_main(Lba lba, cd::SectorBytes main, SectorState state) {
  if (!map_.contains(lba)) return {};
  const SectorState known = map_.state(lba);
  if (state < known || (state == known && state >= SectorState::consistent)) return {};
  if (state > SectorState::failed) TRY_VOID(add(main_run_, main_, position(lba), main));
  map_.raise({lba, lba + cd::SectorCount{1}}, state);
  return {};
}

void Capture::vouch(LbaRange range, SectorState state) {
  map_.raise(range, state);
  spare({range});
}

void Capture::doubt(LbaRange range) {
  for (const LbaRange& part : cd::without({range}, spared_)) map_.doubt(part);
}

bool Capture::wants(Lba lba) const { return map_.contains(lba) && map_.state(lba) < SectorState::consistent; }

Result<void> Capture::put_sub(Lba lba, cd::SubBytes sub, SubState state) {
  if (sub_is_kept_ || !map_.contains(lba)) return {};
  const SubState known = map_.sub_state(lba);
  if (known != SubState::untried && state <= known) return {};
  TRY_VOID(add(sub_run_, sub_, position(lba), sub));
  map_.raise_sub({lba, lba + cd::SectorCount{1}}, state);
  return {};
}

Result<void> Capture::read_main(Lba lba, cd::MutableSectorBytes out) {
  TRY_VOID(flush(main_run_, main_));
  TRY(const std::size_t got, main_.read_at(out, position(lba) * static_cast<std::int64_t>(cd::kSectorSize)));
  if (got != out.size())
    return fail(ErrorKind::io, fmt::format("{} is shorter than it was", main_path().string()));
  return {};
}

Result<void> Capture::read_sub(Lba lba, cd::MutableSubBytes out) {
  TRY_VOID(flush(sub_run_, sub_));
  TRY(const std::size_t got, sub_.read_at(out, position(lba) * static_cast<std::int64_t>(cd::kSubSize)));
  if (got != out.size())
    return fail(ErrorKind::io, fmt::format("{} is shorter than it was", sub_path().string()));
  return {};
}

Result<void> Capture::flush() {
  TRY_VOID(flush(main_run_, main_));
  return flush(sub_run_, sub_);
}

Result<std::string> Capture::snapshot() {
  TRY_VOID(flush());
  return map_.to_text();
}

Result<void> Capture::sync() {
  TRY_VOID(main_.sync());
  return sub_.sync();
}

Result<void> Capture::save_map(const std::string& text) { return write_atomically(map_path(folder_), text); }

Result<void> Capture::checkpoint() {
  TRY(const std::string text, snapshot());
  TRY_VOID(sync());
  return save_map(text);
}

Result<std::vector<FilledRun>> Capture::fill_failed(std::span<const Byte, cd::kSectorSize> data_fill,
                                                    const cd::Disc& disc) {
  const std::array<Byte, cd::kSectorSize> silence{};
  const std::vector<LbaRange> lost = map_.below(SectorState::damaged);
  std::vector<FilledRun> filled;
  for (const cd::TrackRef& track : cd::track_ranges(disc)) {
    const bool data = track.track->is_data();
    for (const LbaRange& part : cd::common({track.range}, lost)) {
      filled.push_back({data ? FilledRun::Kind::data : FilledRun::Kind::silence, part});
      for (Lba lba = part.begin; lba < part.end; ++lba) {
        TRY_VOID(add(main_run_, main_, position(lba), data ? Bytes(data_fill) : Bytes(silence)));
      }
    }
  }
  TRY_VOID(flush());
  return filled;
}

}  // namespace binrip::rip
