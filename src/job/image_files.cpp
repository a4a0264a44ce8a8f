#include "image_files.hpp"

#include <algorithm>

#include "publish.hpp"
#include "reporting.hpp"

#include "binrip/base/clock.hpp"
#include "binrip/base/file.hpp"
#include "binrip/image/cue.hpp"
#include "binrip/image/disc_picture.hpp"
#include "binrip/verify/checksum_file.hpp"
#include "binrip/verify/seal.hpp"

namespace binrip::job {

namespace fs = std::filesystem;

namespace {

image::ReportFile described(const fs::path& path, std::string_view kind, std::string_view text) {
  verify::Hasher hasher;
  hasher.update(Bytes(reinterpret_cast<const Byte*>(text.data()), text.size()));
  return {path.filename().string(), std::string(kind), hasher.finish()};
}

// Collects the files one after the other, each as it lies in the partial folder.
class ImageFiles {
 public:
  ImageFiles(rip::Capture& capture, image::Report& report, const ImagePlan& plan, std::stop_token stop)
      : capture_(capture), report_(report), plan_(plan), stop_(std::move(stop)) {}

  Result<std::vector<PlannedFile>> make() {
    TRY_VOID(add_bins());
    TRY_VOID(add_sub());
    TRY_VOID(add_cdtext());
    const std::string sheet = image::write_cue(image::cue_of(report_.disc, plan_.names.stem, plan_.layout));
    describe(".cue", "cue", sheet);
    end_run();
    const std::string map = report_.exit_code == 0 ? "" : capture_.map().to_text();
    if (!map.empty()) describe(".map", "map", map);
    const std::string picture = draw();
    if (!picture.empty()) describe(".map.svg", "picture", picture);
    const std::string log = verify::seal_log(image::to_log(report_));
    TRY_VOID(add_text("log", ".log", "log", log));
    TRY_VOID(add_signature());
    // Not of the report, which grows with each verification; but it has a checksum of itself, and the
    // checksums of all others, this file's too.
    const std::string checksums = checksums_of_all(log);
    describe(".sha256", "sha256", checksums);
    TRY_VOID(add_text("json", ".json", "json", verify::seal_json(image::to_json(report_))));
    if (!map.empty()) TRY_VOID(add_text("map.final", ".map", "map", map));
    if (!picture.empty()) TRY_VOID(add_text("map.svg", ".map.svg", "picture", picture));
    TRY_VOID(add_text("sha256", ".sha256", "sha256", checksums));
    TRY_VOID(add_text("cue", ".cue", "cue", sheet));
    return std::move(files_);
  }
  const std::optional<Error>& not_signed() const { return not_signed_; }

 private:
  void add(const std::string& from, const fs::path& to, std::string_view kind) {
    const bool replaces = std::find(plan_.earlier.begin(), plan_.earlier.end(), to) != plan_.earlier.end();
    files_.push_back({from, to, std::string(kind), replaces ? Occupied::replace : Occupied::keep});
  }

  void describe(std::string_view extension, std::string_view kind, std::string_view text) {
    report_.files.push_back(described(plan_.names.with(extension), kind, text));
  }

  Result<void> add_text(const std::string& from, std::string_view extension, std::string_view kind,
                        const std::string& text) {
    TRY_VOID(write_atomically(plan_.names.partial() / from, text));
    add(from, plan_.names.with(extension), kind);
    return {};
  }

  Result<void> add_bins() {
    if (plan_.layout == image::BinLayout::single) {
      add("main", plan_.names.with(".bin"), "bin");
      report_.files.push_back({files_.back().to.filename().string(), "bin", report_.whole_disc});
      return {};
    }
    TRY(const std::vector<std::string> parts, split_main(capture_, report_.disc, stop_));
    const std::vector<fs::path> targets = split_files(plan_.names, report_.disc);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      add(parts[i], targets[i], "bin");
      report_.files.push_back({targets[i].filename().string(), "bin", report_.tracks[i].digests});
    }
    return {};
  }

  Result<void> add_sub() {
    if (plan_.sub == SubFile::leave_out) return {};
    add("sub", plan_.names.with(".sub"), "sub");
    TRY(image::Digests digests, verify::hash_file(capture_.sub_path(), stop_));
    report_.files.push_back({files_.back().to.filename().string(), "sub", std::move(digests)});
    return {};
  }

  Result<void> add_cdtext() {
    if (report_.disc.cdtext_packs.empty()) return {};
    // The packs and one NUL, as other programs write it.
    std::string packs(report_.disc.cdtext_packs.begin(), report_.disc.cdtext_packs.end());
    packs.push_back('\0');
    describe(".cdt", "cdt", packs);
    return add_text("cdt", ".cdt", "cdt", packs);
  }

  void end_run() {
    report_.finished = utc_now();
    if (report_.runs.empty()) return;
    report_.runs.back().finished = report_.finished;
    report_.runs.back().verdict = report_.verdict;
  }

  // Empty: not asked for.
  std::string draw() const {
    if (plan_.picture == Picture::leave_out) return {};
    std::vector<image::StateRun> runs;
    for (const auto& [range, state] : capture_.map().runs()) runs.push_back({range, state});
    return image::to_svg(report_, runs);
  }

  // Of the log as it lies in the partial folder.
  Result<void> add_signature() {
    if (!plan_.key) return {};
    const fs::path log = plan_.names.partial() / "log";
    const auto signature =
        verify::sign_file(*plan_.key, log, plan_.names.with(".log").filename().string(), stop_);
    if (!signature) {
      if (signature.error().kind == ErrorKind::cancelled) return fail(signature.error());
      not_signed_ = signature.error();
      return {};
    }
    const std::string extension(verify::signature_extension(plan_.key->kind));
    describe(".log" + extension, "signature", *signature);
    return add_text("log" + extension, ".log" + extension, "signature", *signature);
  }

  std::string checksums_of_all(std::string_view log) const {
    std::vector<verify::FileChecksum> lines;
    for (const image::ReportFile& file : report_.files) lines.push_back({file.digests.sha256, file.name});
    const image::ReportFile described_log = described(plan_.names.with(".log"), "log", log);
    lines.push_back({described_log.digests.sha256, described_log.name});
    return verify::checksum_file(lines);
  }

  rip::Capture& capture_;
  image::Report& report_;
  const ImagePlan& plan_;
  std::stop_token stop_;
  std::vector<PlannedFile> files_;
  std::optional<Error> not_signed_;
};

}  // namespace

Result<void> fill_failed(rip::Capture& capture, const cd::Disc& disc, const Fill& fill) {
  TRY(const std::vector<rip::FilledRun> filled, capture.fill_failed(fill.sector, disc));
  std::vector<rip::MapFill> fills;
  fills.reserve(filled.size());
  for (const rip::FilledRun& run : filled) {
    fills.push_back({run.range, run.kind == rip::FilledRun::Kind::data ? fill.word : "silence"});
  }
  capture.set_fills(std::move(fills));
  return {};
}

Result<verify::ImageDigests> hash_capture(const rip::Capture& capture, const cd::Disc& disc,
                                          std::stop_token stop) {
  std::vector<std::uint64_t> sizes;
  for (const cd::TrackRef& track : cd::track_ranges(disc)) {
    sizes.push_back(static_cast<std::uint64_t>(track.range.size().value) * cd::kSectorSize);
  }
  return verify::hash_image(capture.main_path(), sizes, std::move(stop));
}

Result<RipOutcome> publish_image(rip::Capture& capture, image::Report report, const ImagePlan& plan,
                                 std::stop_token stop) {
  ImageFiles image_files(capture, report, plan, std::move(stop));
  TRY(const std::vector<PlannedFile> files, image_files.make());
  TRY_VOID(capture.checkpoint());
  std::vector<fs::path> stale = plan.earlier;
  std::erase_if(stale, [&](const fs::path& path) {
    return !fs::exists(fs::symlink_status(path)) ||
           std::any_of(files.begin(), files.end(), [&](const PlannedFile& f) { return f.to == path; });
  });
  TRY_VOID(publish(plan.names.partial(), files, stale));
  RipOutcome outcome{std::move(report), {}, image_files.not_signed()};
  for (const PlannedFile& file : files) outcome.files.push_back(file.to);
  return outcome;
}

Result<RipOutcome> finish_publication_of(const OutputNames& names, Existing existing,
                                         const std::optional<verify::SigningKey>& key) {
  RipOutcome outcome;
  TRY(outcome.files, finish_publication(names.partial(), existing));
  const std::filesystem::path json = names.with(".json");
  TRY(const std::string text, read_text(json));
  TRY(outcome.report, image::report_from_json(text, json.string()));
  if (key && verify::signature_of(names.with(".log")).empty()) {
    outcome.not_signed =
        Error{ErrorKind::io, "what an earlier run had made was published, without a signature"};
  }
  return outcome;
}

Result<std::optional<verify::SigningKey>> key_to_sign_with(const fs::path& path) {
  if (path.empty()) return std::nullopt;
  TRY(verify::SigningKey key, verify::open_signing_key(path));
  return key;
}

}  // namespace binrip::job
