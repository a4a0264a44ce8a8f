#include "offset_record.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "binrip/base/file.hpp"
#include "binrip/base/json.hpp"
#include "binrip/net/fetcher.hpp"

namespace binrip::cli {
namespace {

constexpr std::size_t kLargestRecord = 1U << 20;
constexpr int kFarthest = 5880;

std::optional<std::string> text_of(const Json& object, const char* key) {
  const std::string* text = object.member(key).as_string();
  return text != nullptr ? std::optional(*text) : std::nullopt;
}

const Json::Array* list_of(const Json& object, const char* key) {
  const Json& list = object.member(key);
  return list.is_array() ? &list.elements() : nullptr;
}

std::optional<SeenDisc> disc_of(const Json& json) {
  const auto id = text_of(json, "id");
  const Json::Array* offsets = list_of(json, "offsets");
  if (!id || offsets == nullptr || offsets->empty()) return std::nullopt;
  SeenDisc disc{*id, {}};
  for (const Json& each : *offsets) {
    const auto offset = each.as_integer();
    if (!offset || *offset < -kFarthest || *offset > kFarthest) return std::nullopt;
    disc.offsets.push_back(static_cast<int>(*offset));
  }
  std::sort(disc.offsets.begin(), disc.offsets.end());
  return disc;
}

std::optional<SeenDrive> drive_of(const Json& json) {
  const auto vendor = text_of(json, "vendor"), product = text_of(json, "product");
  const Json::Array* discs = list_of(json, "discs");
  if (!vendor || !product || discs == nullptr) return std::nullopt;
  SeenDrive drive{*vendor, *product, {}};
  for (const Json& each : *discs) {
    auto disc = disc_of(each);
    if (!disc) return std::nullopt;
    drive.discs.push_back(std::move(*disc));
  }
  return drive;
}

std::vector<int> common(const std::vector<int>& a, const std::vector<int>& b) {
  std::vector<int> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both;
}

}  // namespace

Result<OffsetRecord> parse_offset_record(std::string_view text, std::string_view name) {
  const auto wrong = [&] {
    return fail(ErrorKind::invalid, fmt::format("{}: expected drives with discs and offsets", name),
                "without this file, what discs told of read offsets is found anew");
  };
  const auto json = parse_json(text);
  if (!json) return wrong();
  const Json::Array* drives = list_of(*json, "drives");
  if (drives == nullptr) return wrong();
  OffsetRecord record;
  for (const Json& each : *drives) {
    auto drive = drive_of(each);
    if (!drive) return wrong();
    record.push_back(std::move(*drive));
  }
  return record;
}

std::string to_json(const OffsetRecord& record) {
  Json drives = Json::array();
  for (const SeenDrive& drive : record) {
    Json discs = Json::array();
    for (const SeenDisc& disc : drive.discs) discs.push_back({{"id", disc.id}, {"offsets", disc.offsets}});
    drives.push_back({{"vendor", drive.vendor}, {"product", drive.product}, {"discs", discs}});
  }
  return Json{{"drives", drives}}.dump(kJsonIndent) + '\n';
}

std::filesystem::path offset_record_file() {
  const std::filesystem::path folder = net::cache_folder();
  return folder.empty() ? folder : folder / "read-offsets.json";
}

Result<OffsetRecord> load_offset_record(const std::filesystem::path& path) {
  if (path.empty()) {
    return fail(ErrorKind::usage, "no folder for what discs tell of read offsets",
                "set HOME or XDG_CACHE_HOME");
  }
  std::error_code unknown;
  if (!std::filesystem::exists(path, unknown)) return OffsetRecord{};
  TRY(const std::string text, read_text(path, kLargestRecord));
  return parse_offset_record(text, path.string());
}

Result<void> save_offset_record(const OffsetRecord& record, const std::filesystem::path& path) {
  std::error_code problem;
  std::filesystem::create_directories(path.parent_path(), problem);
  if (problem) return fail(errno_error(problem.value(), "create", path.parent_path()));
  return write_atomically(path, to_json(record));
}

std::optional<OffsetConclusion> add_to_record(OffsetRecord& record, std::string_view vendor,
                                              std::string_view product, SeenDisc disc) {
  std::sort(disc.offsets.begin(), disc.offsets.end());
  auto drive = std::find_if(record.begin(), record.end(), [&](const SeenDrive& each) {
    return each.vendor == vendor && each.product == product;
  });
  OffsetConclusion conclusion{disc.offsets, 1};
  if (drive != record.end()) {
    for (const SeenDisc& seen : drive->discs) {
      conclusion.offsets = common(conclusion.offsets, seen.offsets);
      if (seen.id != disc.id) ++conclusion.discs;
    }
  }
  if (conclusion.offsets.empty()) return std::nullopt;
  if (drive == record.end()) {
    drive = record.insert(record.end(), SeenDrive{std::string(vendor), std::string(product), {}});
  }
  std::erase_if(drive->discs, [&](const SeenDisc& seen) { return seen.id == disc.id; });
  drive->discs.push_back(std::move(disc));
  return conclusion;
}

}  // namespace binrip::cli
