#include "publish.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/format.h>
#include <unistd.h>

namespace binrip::job {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kJournal = "publish";
constexpr std::string_view kLock = "lock";
constexpr std::string_view kReplace = "\treplace";

// Copies [from, from + size) into a new file; the kernel shares the blocks where the file system can.
Result<void> copy_range(const File& source, std::int64_t from, std::int64_t size, File& target) {
  off_t in = from;
  off_t out = 0;
  while (out < size) {
    const ssize_t n = ::copy_file_range(source.descriptor(), &in, target.descriptor(), &out,
                                        static_cast<std::size_t>(size - out), 0);
    if (n > 0) continue;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno != EXDEV && errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP) {
      return fail(errno_error(errno, "write", target.path()));
    }
    break;  // not for this file system: by hand
  }
  ByteVector buffer(1U << 20);
  while (out < size) {
    const auto want = static_cast<std::size_t>(std::min<std::int64_t>(size - out, std::int64_t{1} << 20));
    TRY(const std::size_t got, source.read_at(MutableBytes(buffer).first(want), from + out));
    if (got == 0)
      return fail(ErrorKind::io, fmt::format("{} is shorter than it was", source.path().string()));
    TRY_VOID(target.write_at(Bytes(buffer).first(got), out));
    out += static_cast<off_t>(got);
  }
  return target.sync();
}

bool is_own_name(std::string_view name) {
  constexpr std::string_view kTemporary = ".tmp";
  constexpr std::array<std::string_view, 16> kNames = {
      "main",          "sub", "map",       "cdt",     "json",   "log",    "log.minisig", "log.sig",
      "log.signature", "cue", "map.final", "map.svg", "sha256", kMerging, kLock,         kTakenUp};
  if (name.ends_with(kTemporary)) name.remove_suffix(kTemporary.size());
  const bool is_track =
      name.starts_with("track") && name.size() == 7 && name.find_first_not_of("0123456789", 5) == name.npos;
  return is_track || name == kJournal || std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

}  // namespace

// The map goes first, so that a kill on the way never leaves it without the sectors that it speaks of; the
// journal last but one, so that there is either a publication to finish or a finished one.
Result<void> remove_partial(const fs::path& partial) {
  std::error_code error;
  fs::remove_all(partial / kCheck, error);
  std::vector<fs::path> own{partial / "map"};
  for (const fs::directory_entry& entry : fs::directory_iterator(partial, error)) {
    const std::string name = entry.path().filename().string();
    if (is_own_name(name) && name != kJournal && name != kLock) own.push_back(entry.path());
  }
  for (const std::string_view last : {kJournal, kLock}) own.push_back(partial / last);
  for (const fs::path& file : own) fs::remove(file, error);
  fs::remove(partial, error);
  if (error == std::errc::directory_not_empty) return {};
  if (error) return fail(errno_error(error.value(), "remove", partial));
  return sync_folder(partial.parent_path());
}

Result<void> forget_merge(const fs::path& partial) {
  std::error_code error;
  const bool was_there = fs::remove(partial / kMerging, error);
  if (error) return fail(errno_error(error.value(), "remove", partial / kMerging));
  return was_there ? sync_folder(partial) : Result<void>();
}

Result<std::vector<std::string>> split_main(const rip::Capture& capture, const cd::Disc& disc,
                                            std::stop_token stop) {
  TRY(const File main, File::open_read(capture.main_path()));
  std::vector<std::string> names;
  for (const cd::TrackRef& track : cd::track_ranges(disc)) {
    if (stop.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
    const auto position = cd::image_position(disc, track.range.begin);
    if (!position)
      return fail(ErrorKind::invalid, fmt::format("track {} is not in the image", track.track->number));
    const auto sector = static_cast<std::int64_t>(cd::kSectorSize);
    names.push_back(fmt::format("track{:02}", track.track->number));
    TRY(File target, File::create(capture.folder() / names.back()));
    TRY_VOID(copy_range(main, position->value * sector, track.range.size().value * sector, target));
    TRY_VOID(target.close());
  }
  return names;
}

// The journal: a line a file, "name in the folder" TAB "final path", with TAB "replace" where what is there
// may go; then TAB path for what is to be removed.
Result<void> publish(const fs::path& partial, const std::vector<PlannedFile>& files,
                     const std::vector<fs::path>& stale) {
  std::string journal;
  std::vector<fs::path> to_be_free;
  for (const PlannedFile& file : files) {
    const bool replaces = file.occupied == Occupied::replace;
    journal += fmt::format("{}\t{}{}\n", file.from, file.to.filename().string(), replaces ? kReplace : "");
    if (!replaces) to_be_free.push_back(file.to);
  }
  for (const fs::path& file : stale) journal += fmt::format("\t{}\n", file.filename().string());
  TRY_VOID(check_free(to_be_free));
  TRY_VOID(sync_folder(partial));
  TRY_VOID(write_atomically(partial / kJournal, journal));
  TRY_VOID(finish_publication(partial, Existing::keep));
  return {};
}

bool publication_pending(const fs::path& partial) { return fs::exists(partial / kJournal); }

Result<std::vector<fs::path>> finish_publication(const fs::path& partial, Existing existing) {
  TRY(std::string journal, read_text(partial / kJournal));
  const fs::path folder = partial.parent_path();
  std::vector<fs::path> published;
  std::string_view rest = journal;
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    Occupied occupied = existing == Existing::overwrite ? Occupied::replace : Occupied::keep;
    if (line.ends_with(kReplace)) {
      line.remove_suffix(kReplace.size());
      occupied = Occupied::replace;
    }
    const std::size_t tab = line.find('\t');
    if (tab == line.npos)
      return fail(ErrorKind::invalid, fmt::format("{} is damaged", (partial / kJournal).string()));
    const fs::path to = folder / fs::path(line.substr(tab + 1)).filename();
    if (tab == 0) {
      std::error_code error;
      fs::remove(to, error);
      if (error) return fail(errno_error(error.value(), "remove", to));
      continue;
    }
    const fs::path from = partial / fs::path(line.substr(0, tab)).filename();
    if (fs::exists(from)) {
      if (occupied == Occupied::keep) TRY_VOID(check_free({to}));
      TRY_VOID(rename_durably(from, to, occupied));
    }
    published.push_back(to);
  }
  // Here once more: an earlier run may have renamed files, and failed in syncing that; and what was removed
  // stays so before the journal is forgotten.
  TRY_VOID(sync_folder(folder));
  TRY_VOID(remove_partial(partial));
  return published;
}

}  // namespace binrip::job
