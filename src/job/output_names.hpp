// The files of an image: their names, and whether something stands in the way.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "binrip/base/result.hpp"
#include "binrip/image/cue.hpp"

namespace binrip::job {

struct OutputNames {
  std::filesystem::path folder;  // of the sheet; empty when it is named without one
  std::string stem;              // "out" of "out.cue"

  std::filesystem::path with(std::string_view extension) const {
    return folder / (stem + std::string(extension));
  }
  std::filesystem::path partial() const { return with(".partial"); }
};

// Errors (usage): not *.cue, no such folder.
Result<OutputNames> output_names(const std::filesystem::path& cue);

// Every name that a rip into these may write. Before the TOC is known: without the split files.
std::vector<std::filesystem::path> possible_files(const OutputNames& names);
std::vector<std::filesystem::path> split_files(const OutputNames& names, const cd::Disc& disc);

// An Error (no_space) unless the folder, empty for this one, has room for so many bytes.
Result<void> check_space(const std::filesystem::path& folder, std::uint64_t bytes);

// An Error (exists) that names the first file in the way.
Result<void> check_free(const std::vector<std::filesystem::path>& files);

}  // namespace binrip::job
