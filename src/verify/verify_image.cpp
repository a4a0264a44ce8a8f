#include "binrip/verify/verify_image.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "binrip/base/file.hpp"
#include "binrip/verify/image_hashes.hpp"
#include "binrip/verify/seal.hpp"

namespace binrip::verify {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLogLimit = 64U << 20;

fs::path beside(const fs::path& sheet, std::string_view extension) {
  return fs::path(sheet).replace_extension(extension);
}

// Which of the recorded values differ. An empty one was not recorded, or cannot be computed here.
std::string differences(const Digests& recorded, const Digests& found) {
  std::string result;
  const auto add = [&](std::string_view name) { result += (result.empty() ? "" : ", ") + std::string(name); };
  if (recorded.size != found.size) add("size");
  const auto compare = [&](std::string_view name, const std::string& a, const std::string& b) {
    if (!a.empty() && !b.empty() && a != b) add(name);
  };
  compare("CRC-32", recorded.crc32, found.crc32);
  compare("MD5", recorded.md5, found.md5);
  compare("SHA-1", recorded.sha1, found.sha1);
  compare("SHA-256", recorded.sha256, found.sha256);
  return result;
}

class Verifier {
 public:
  Verifier(fs::path sheet, std::stop_token stop) : stop_(std::move(stop)) {
    result_.sheet = std::move(sheet);
  }

  Result<Verification> run() {
    TRY(const auto image, image::open_image(result_.sheet.string()));
    result_.disc = image->disc();
    files_ = image->files();
    TRY(result_.audit, audit_image(*image, stop_));
    look_at_sectors();
    look_at_report();
    if (result_.report) {
      compare_tracks(*result_.report);
      for (const image::ReportFile& file : result_.report->files) TRY_VOID(compare_file(file));
    }
    conclude();
    return std::move(result_);
  }

 private:
  template <class... Args>
  void problem(fmt::format_string<Args...> form, Args&&... args) {
    result_.problems.push_back(fmt::format(form, std::forward<Args>(args)...));
  }

  void look_at_sectors() {
    for (const TrackAudit& track : result_.audit.tracks) {
      if (track.faulty > 0) {
        problem("track {}: {} of {} data sectors are wrong", track.number, track.faulty, track.checked);
      }
    }
    if (result_.audit.records > 0 && result_.audit.q_right == 0) {
      problem("{}: no Q fits its sector", beside(result_.sheet, ".sub").filename().string());
    }
  }

  void look_at_report() {
    const fs::path json = beside(result_.sheet, ".json");
    const std::string name = json.filename().string();
    std::error_code ignored;
    if (!fs::exists(json, ignored)) return;
    const auto text = read_text(json);
    if (!text) return problem("{}", text.error().message);
    if (!json_seal_right(*text)) problem("{}: its checksum of itself does not fit", name);
    auto report = image::report_from_json(*text, name);
    if (!report) return problem("{}", report.error().message);
    result_.report = std::move(*report);
    look_at_log();
  }

  void look_at_log() {
    const fs::path log = beside(result_.sheet, ".log");
    const auto text = read_text(log, kLogLimit);
    if (!text) return problem("{}", text.error().message);
    if (!log_seal_right(*text)) problem("{}: its checksum of itself does not fit", log.filename().string());
  }

  void compare(const std::string& what, const Digests& recorded, const Digests& found) {
    ++result_.checksums_compared;
    const std::string differs = differences(recorded, found);
    if (!differs.empty()) problem("{}: not as recorded: {}", what, differs);
  }

  void compare_tracks(const image::Report& report) {
    const std::vector<TrackAudit>& found = result_.audit.tracks;
    if (report.tracks.size() != found.size()) {
      return problem("the report has {} tracks, the image {}", report.tracks.size(), found.size());
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (report.tracks[i].range != found[i].range || report.tracks[i].number != found[i].number) {
        problem("track {}: it lies elsewhere than recorded", found[i].number);
      }
      compare(fmt::format("track {}", found[i].number), report.tracks[i].digests, found[i].digests);
    }
    compare("whole image", report.whole_disc, result_.audit.whole);
  }

  // The digests of a file whose bytes went by already, as those of a track or of the whole image.
  const Digests* known(const fs::path& path) const {
    for (const image::ImageFile& file : files_) {
      if (fs::path(file.path) != path || !file.slice) continue;
      if (*file.slice == image::ImageFile::Slice{0, cd::image_size(result_.disc).value}) {
        return &result_.audit.whole;
      }
      for (const TrackAudit& track : result_.audit.tracks) {
        const auto first = cd::image_position(result_.disc, track.range.begin);
        if (first && *file.slice == image::ImageFile::Slice{first->value, track.range.size().value}) {
          return &track.digests;
        }
      }
    }
    return nullptr;
  }

  Result<void> compare_file(const image::ReportFile& file) {
    const fs::path name(file.name);
    if (file.name.empty() || name != name.filename() || name == ".." || name == ".") {
      problem("the report names a file outside of the folder of the sheet");
      return {};
    }
    const fs::path path = result_.sheet.parent_path() / name;
    if (const Digests* digests = known(path)) {
      compare(file.name, file.digests, *digests);
      return {};
    }
    std::error_code ignored;
    if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored)) {
      problem("{}: expected a regular file", file.name);
      return {};
    }
    const auto digests = hash_file(path, stop_);
    if (!digests && digests.error().kind == ErrorKind::cancelled) return fail(digests.error());
    if (!digests) {
      problem("{}", digests.error().message);
      return {};
    }
    compare(file.name, file.digests, *digests);
    return {};
  }

  void conclude() {
    std::int64_t checked = 0;
    for (const TrackAudit& track : result_.audit.tracks) checked += track.checked;
    if (!result_.problems.empty()) {
      result_.exit_code = Verification::kFaulty;
      result_.verdict =
          fmt::format("{} problem{} found", result_.problems.size(), result_.problems.size() == 1 ? "" : "s");
    } else if (result_.report) {
      result_.verdict = "everything is as recorded";
    } else if (checked > 0) {
      result_.verdict = "all data sectors that can be checked are right; no report to compare with";
    } else {
      result_.verdict =
          "nothing is wrong, but there is no report to compare with, and no data sector to check";
    }
  }

  std::stop_token stop_;
  Verification result_;
  std::vector<image::ImageFile> files_;
};

}  // namespace

Result<Verification> verify_image(const fs::path& sheet, std::stop_token stop) {
  return Verifier(sheet, std::move(stop)).run();
}

Result<void> record_verification(const Verification& verification, const image::ReportVerification& entry) {
  if (!verification.report) return {};
  const fs::path json = beside(verification.sheet, ".json");
  TRY(const std::string text, read_text(json));
  if (!json_seal_right(text)) return {};
  TRY(std::string changed, image::with_verification(text, json.filename().string(), entry));
  return write_atomically(json, seal_json(std::move(changed)));
}

}  // namespace binrip::verify
