#include "output_names.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "binrip/base/file.hpp"

namespace binrip::job {

namespace fs = std::filesystem;

Result<OutputNames> output_names(const fs::path& cue) {
  if (cue.extension() != ".cue" || cue.stem().empty()) {
    return fail(ErrorKind::usage, fmt::format("the output must be named *.cue, not {}", cue.string()),
                fmt::format("try {}.cue", cue.string()));
  }
  const std::string name = cue.filename().string();
  const auto does_not_fit = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == 0x7F;
  };
  if (std::any_of(name.begin(), name.end(), does_not_fit)) {
    return fail(ErrorKind::usage,
                "the output's name has a quote or a control character, which no CUE sheet can hold");
  }
  OutputNames names;
  names.folder = cue.parent_path();
  names.stem = cue.stem().string();
  std::error_code error;
  if (!names.folder.empty() && !fs::is_directory(names.folder, error)) {
    return fail(ErrorKind::usage, fmt::format("no such folder: {}", names.folder.string()),
                fmt::format("make it first: mkdir -p '{}'", names.folder.string()));
  }
  return names;
}

std::vector<fs::path> possible_files(const OutputNames& names) {
  std::vector<fs::path> files;
  for (const std::string_view extension : {".bin", ".sub", ".cdt", ".log", ".log.minisig", ".log.sig",
                                           ".json", ".map", ".map.svg", ".sha256", ".cue"}) {
    files.push_back(names.with(extension));
  }
  return files;
}

std::vector<fs::path> split_files(const OutputNames& names, const cd::Disc& disc) {
  std::vector<fs::path> files;
  const std::vector<cd::TrackRef> tracks = cd::track_ranges(disc);
  files.reserve(tracks.size());
  for (const cd::TrackRef& track : tracks) {
    files.push_back(names.folder /
                    image::split_bin_name(names.stem, track.track->number, tracks.back().track->number));
  }
  return files;
}

Result<void> check_space(const fs::path& folder, std::uint64_t bytes) {
  TRY(const std::uint64_t available, free_space(folder));
  if (available >= bytes) return {};
  return fail(
      ErrorKind::no_space,
      fmt::format("not enough space in {}: {} MiB are needed, {} MiB are free",
                  folder.empty() ? "this folder" : folder.string(), (bytes >> 20) + 1, available >> 20),
      "make room, or choose a name in another folder");
}

Result<void> check_free(const std::vector<fs::path>& files) {
  for (const fs::path& file : files) {
    std::error_code error;
    if (fs::exists(fs::symlink_status(file, error))) {
      return fail(ErrorKind::exists, fmt::format("{} is there already", file.string()),
                  "choose another name, or use --force to overwrite");
    }
  }
  return {};
}

}  // namespace binrip::job
