// Digests of image files on disk, each byte read once.
#pragma once

#include <filesystem>
#include <span>
#include <stop_token>
#include <vector>

#include "binrip/verify/hashes.hpp"

namespace binrip::verify {

// Errors: what File gives; cancelled when `stop` asks for it.
Result<Digests> hash_file(const std::filesystem::path& path, std::stop_token stop = {});

struct ImageDigests {
  std::vector<Digests> tracks;
  Digests whole;  // of several tracks without MD5 and SHA-1
  friend bool operator==(const ImageDigests&, const ImageDigests&) = default;
};

// The tracks of an image that lie one after the other in `bin`: `track_sizes` are their lengths in bytes.
// Errors besides File's: invalid when the file's size is not their sum; cancelled.
Result<ImageDigests> hash_image(const std::filesystem::path& bin, std::span<const std::uint64_t> track_sizes,
                                std::stop_token stop = {});

// The same of an image with one BIN a track; `whole` is of all of them, one after the other.
Result<ImageDigests> hash_split_image(std::span<const std::filesystem::path> bins, std::stop_token stop = {});

}  // namespace binrip::verify
