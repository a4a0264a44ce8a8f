#include "binrip/verify/verify_image.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "binrip/base/file.hpp"
#include "binrip/verify/checksum_file.hpp"
#include "binrip/verify/image_hashes.hpp"
#include "binrip/verify/seal.hpp"
#include "binrip/verify/signature.hpp"

namespace binrip::verify {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLogLimit = 64U << 20;
constexpr std::size_t kChecksumLimit = 1U << 20;  // 99 tracks with the longest names need less

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
  Verifier(fs::path sheet, VerifyOptions options, std::stop_token stop)
      : options_(std::move(options)), stop_(std::move(stop)) {
    result_.sheet = std::move(sheet);
  }

  Result<Verification> run() {
    TRY_VOID(look_at_signature());
    TRY(const auto image, image::open_image(result_.sheet.string()));
    result_.disc = image->disc();
    files_ = image->files();
    look_at_report();
    TRY(result_.audit, audit_image(*image, stop_, digests_of_whole()));
    look_at_sectors();
    if (result_.report) {
      compare_tracks(*result_.report);
      for (const image::ReportFile& file : result_.report->files) TRY_VOID(compare_file(file));
    }
    TRY_VOID(compare_checksum_file());
    if (options_.network != nullptr) TRY_VOID(ask_for_audio(*image));
    conclude();
    return std::move(result_);
  }

 private:
  template <class... Args>
  void problem(fmt::format_string<Args...> form, Args&&... args) {
    result_.problems.push_back(fmt::format(form, std::forward<Args>(args)...));
  }

  // The same SHA-256 means the same bytes: the others, for which every byte would be hashed twice more, could
  // say nothing else. Somebody else's list may have no SHA-256.
  DigestSet digests_of_whole() const {
    const bool recorded = !result_.report || !result_.report->whole_disc.sha256.empty();
    return options_.whole == DigestSet::all || !recorded ? DigestSet::all : DigestSet::crc32_and_sha256;
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

  Result<void> look_at_signature() {
    const fs::path log = beside(result_.sheet, ".log");
    const fs::path signature = signature_of(log);
    result_.signature.name = signature.filename().string();
    if (options_.signed_by.empty()) return {};
    if (signature.empty()) {
      problem("{}: there is no signature of it", log.filename().string());
      return {};
    }
    const auto checked = check_signature(log, signature, options_.signed_by, stop_);
    if (!checked && checked.error().kind != ErrorKind::invalid) return fail(checked.error());
    result_.signature.checked = true;
    result_.signature.right = checked.has_value();
    if (!checked) problem("{}", checked.error().message);
    return {};
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

  // Of a file beside the sheet, computed once. Nothing where that cannot be done: then it is a problem.
  // `teller`: what names the file.
  Result<std::optional<Digests>> digests_of(const std::string& name_in_folder, std::string_view teller) {
    if (const auto before = digests_.find(name_in_folder); before != digests_.end()) return before->second;
    std::optional<Digests>& digests = digests_[name_in_folder];
    const fs::path name(name_in_folder);
    if (name_in_folder.empty() || name != name.filename() || name == ".." || name == ".") {
      problem("{} names a file outside of the folder of the sheet", teller);
      return digests;
    }
    const fs::path path = result_.sheet.parent_path() / name;
    if (const Digests* passed = known(path)) return digests = *passed;
    std::error_code ignored;
    if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored)) {
      problem("{}: expected a regular file", name_in_folder);
      return digests;
    }
    auto computed = hash_file(path, stop_);
    if (computed) return digests = std::move(*computed);
    if (computed.error().kind == ErrorKind::cancelled) return fail(computed.error());
    problem("{}", computed.error().message);
    return digests;
  }

  Result<void> compare_file(const image::ReportFile& file) {
    TRY(const std::optional<Digests> digests, digests_of(file.name, "the report"));
    if (digests) compare(file.name, file.digests, *digests);
    return {};
  }

  // Whether OUT.sha256 has to be there is told by the report.
  Result<void> compare_checksum_file() {
    const fs::path path = beside(result_.sheet, ".sha256");
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored)) return {};
    const std::string name = path.filename().string();
    const auto lines = [&]() -> Result<std::vector<FileChecksum>> {
      TRY(const std::string text, read_text(path, kChecksumLimit));
      return parse_checksum_file(text, name);
    }();
    if (!lines) {
      problem("{}", lines.error().message);
      return {};
    }
    for (const FileChecksum& line : *lines) {
      TRY(const std::optional<Digests> digests, digests_of(line.name, name));
      if (!digests) continue;
      ++result_.checksums_compared;
      if (!digests->sha256.empty() && digests->sha256 != line.sha256) {
        problem("{}: not as {} has it", line.name, name);
      }
    }
    return {};
  }

  Result<void> ask_for_audio(image::DiscImage& image) {
    result_.replies = ask_databases(result_.disc, *options_.network, options_.servers, stop_);
    if (stop_.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
    TRY(DatabaseCheck check, check_databases(result_.disc, result_.replies, source_of(image), stop_));
    result_.databases = std::move(check.databases);
    for (const int track : tracks_like_nobodys(result_.databases)) {
      problem("track {}: its audio is not as in anybody else's rip, unlike other tracks of the disc", track);
    }
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
    } else if (result_.checksums_compared > 0) {
      result_.verdict = "all files are as their checksums say; no report to compare with";
    } else if (checked > 0) {
      result_.verdict = "all data sectors that can be checked are right; no report to compare with";
    } else {
      result_.verdict =
          "nothing is wrong, but there is no report to compare with, and no data sector to check";
    }
  }

  VerifyOptions options_;
  std::stop_token stop_;
  Verification result_;
  std::vector<image::ImageFile> files_;
  std::map<std::string, std::optional<Digests>> digests_;  // by name in the folder
};

}  // namespace

Result<Verification> verify_image(const fs::path& sheet, std::stop_token stop, const VerifyOptions& options) {
  return Verifier(sheet, options, std::move(stop)).run();
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
