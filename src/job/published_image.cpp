#include "published_image.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "disc_model.hpp"
#include "publish.hpp"

#include "binrip/base/file.hpp"
#include "binrip/base/sha256.hpp"
#include "binrip/image/cue.hpp"

namespace binrip::job {

namespace fs = std::filesystem;

namespace {

// Opening a FIFO would wait for its writer.
Result<std::string> read_regular(const fs::path& path) {
  std::error_code error;
  if (fs::exists(path, error) && !fs::is_regular_file(path, error)) {
    return fail(ErrorKind::invalid, fmt::format("{} is not a regular file", path.string()));
  }
  return read_text(path);
}

Result<rip::SectorMap> read_map(const OutputNames& names, const cd::Disc& disc, std::string& digest) {
  const fs::path path = names.with(".map");
  TRY(const std::string text, read_regular(path));
  TRY(rip::SectorMap map, rip::parse_map(text, path.string()));
  if (map.ranges() != cd::image_ranges(disc) || map.disc_identity() != disc_identity(disc)) {
    return fail(ErrorKind::mismatch,
                fmt::format("{} does not belong to {}: they tell of different discs, or a file was cut off",
                            path.string(), names.with(".cue").string()));
  }
  digest = sha256_hex(text);
  return map;
}

rip::SectorMap map_of_complete(const cd::Disc& disc) {
  const std::vector<cd::LbaRange> ranges = cd::image_ranges(disc);
  rip::SectorMap map(disc_identity(disc), ranges);
  for (const cd::LbaRange& range : ranges) {
    map.raise(range, cd::SectorState::consistent);
    map.raise_sub(range, rip::SubState::read);
  }
  return map;
}

Result<image::CueSheet> read_sheet(const fs::path& sheet) {
  TRY(const std::string text, read_regular(sheet));
  return image::parse_cue(text, sheet.string());
}

// Those that the sheet names and that an image of this name would have: others may belong to other images.
std::vector<fs::path> own_bins(const OutputNames& names, const image::CueSheet& sheet, const cd::Disc& disc) {
  std::vector<fs::path> bins = split_files(names, disc);
  if (sheet.files.size() == 1) bins = {names.with(".bin")};
  std::erase_if(bins, [&](const fs::path& bin) {
    return std::none_of(sheet.files.begin(), sheet.files.end(),
                        [&](const image::CueFile& file) { return names.folder / file.name == bin; });
  });
  return bins;
}

}  // namespace

std::vector<fs::path> PublishedImage::files() const {
  std::vector<fs::path> all = bins;
  for (const fs::path& file : possible_files(names)) {
    std::error_code error;
    if (file.extension() != ".bin" && fs::exists(fs::symlink_status(file, error))) all.push_back(file);
  }
  return all;
}

bool can_be_improved(const OutputNames& names) {
  std::error_code error;
  return fs::exists(names.with(".cue"), error) && fs::exists(names.with(".map"), error);
}

Result<PublishedImage> open_published(const OutputNames& names) {
  const fs::path sheet = names.with(".cue");
  if (publication_pending(names.partial())) {
    return fail(ErrorKind::exists, fmt::format("{} was not published to its end", sheet.string()),
                "run the command that made it once more");
  }
  TRY(std::unique_ptr<image::DiscImage> disc_image, image::open_image(sheet.string()));
  const cd::Disc& disc = disc_image->disc();
  std::string digest;
  std::error_code error;
  rip::SectorMap map = map_of_complete(disc);
  if (fs::exists(names.with(".map"), error)) {
    TRY(map, read_map(names, disc, digest));
  }
  PublishedImage result{.names = names,
                        .image = std::move(disc_image),
                        .map = std::move(map),
                        .map_digest = std::move(digest),
                        .bins = {},
                        .report = std::nullopt,
                        .warnings = {}};
  TRY(const image::CueSheet parsed, read_sheet(sheet));
  result.bins = own_bins(names, parsed, disc);
  if (parsed.files.size() > 1) result.layout = image::BinLayout::split;

  std::array<Byte, cd::kSubSize> sub;
  TRY(const bool has_sub, result.image->read_sub(result.map.ranges().front().begin, sub));
  if (has_sub) result.sub = SubFile::write;
  if (!has_sub && fs::exists(names.with(".sub"), error)) {
    result.warnings.push_back(
        fmt::format("{} does not fit the image and is not looked at", names.with(".sub").string()));
  }
  if (const auto text = read_regular(names.with(".json"))) {
    if (auto report = image::report_from_json(*text, names.with(".json").string())) {
      result.report = std::move(*report);
    } else {
      result.warnings.push_back(report.error().message);
    }
  }
  return result;
}

}  // namespace binrip::job
