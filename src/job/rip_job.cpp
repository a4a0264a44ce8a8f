#include "binrip/job/rip_job.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "output_names.hpp"
#include "publish.hpp"
#include "reporting.hpp"
#include "texts.hpp"
#include "understanding.hpp"

#include "binrip/image/disc_picture.hpp"
#include "binrip/job/describe.hpp"
#include "binrip/rip/engine.hpp"
#include "binrip/verify/image_hashes.hpp"

namespace binrip::job {

namespace fs = std::filesystem;

namespace {

// Sectors that nothing could be read of: a text that is recognised in a hex dump, again and again.
std::array<Byte, cd::kSectorSize> failed_data_pattern() {
  constexpr std::string_view text = "binrip: unreadable sector       ";
  std::array<Byte, cd::kSectorSize> fill{};
  for (std::size_t i = 0; i < fill.size(); ++i) fill[i] = static_cast<Byte>(text[i % text.size()]);
  return fill;
}

// Keeps the tray shut while it lives.
class TrayGuard {
 public:
  explicit TrayGuard(drive::Drive& drive) : drive_(drive) {
    static_cast<void>(drive_.lock_tray(drive::TrayLock::locked));
  }
  ~TrayGuard() { static_cast<void>(drive_.lock_tray(drive::TrayLock::unlocked)); }
  TrayGuard(const TrayGuard&) = delete;
  TrayGuard& operator=(const TrayGuard&) = delete;

 private:
  drive::Drive& drive_;
};

class RipJob {
 public:
  RipJob(drive::Transport& transport, const RipOptions& options, rip::Listener& listener,
         std::stop_token stop)
      : drive_(transport), options_(options), listener_(listener), stop_(std::move(stop)) {}

  Result<RipOutcome> run();

 private:
  Result<void> describe();
  Result<void> check_outputs() const;
  Result<rip::Capture> open_capture();
  Result<void> check_same_drive_same_offset(const rip::Capture& capture) const;
  Result<void> check_same_disc();
  Result<RipOutcome> finish_interrupted_publication();
  Result<rip::ReadStatistics> read(rip::Capture& capture);
  Result<RipOutcome> conclude(rip::Capture& capture, const rip::ReadStatistics& statistics);
  Result<RipOutcome> publish_all(rip::Capture& capture, const Understanding& understanding,
                                 image::Report report);
  Result<void> plan_bins(const rip::Capture& capture, image::Report& report,
                         std::vector<PlannedFile>& files) const;
  Result<void> plan_sub(const rip::Capture& capture, image::Report& report,
                        std::vector<PlannedFile>& files) const;
  Result<void> plan_text(const std::string& from, const fs::path& to, std::string_view kind,
                         const std::string& text, std::vector<PlannedFile>& files) const;
  std::string drive_name() const;

  drive::Drive drive_;
  const RipOptions& options_;
  rip::Listener& listener_;
  std::stop_token stop_;
  OutputNames names_;
  DriveDescription drive_description_;
  DiscDescription disc_;
  std::string identity_;
  std::string started_ = utc_now();
};

std::string identity_of(const cd::Disc& disc) {
  const std::string text = cd::toc_identity(disc);
  return verify::sha256_hex(Bytes(reinterpret_cast<const Byte*>(text.data()), text.size()));
}

// Empty when the disc has none.
cd::LbaRange longest_audio_track(const cd::Disc& disc) {
  cd::LbaRange longest{};
  for (const cd::TrackRef& track : cd::track_ranges(disc)) {
    if (track.track->is_data()) continue;
    const cd::LbaRange range{std::max(track.range.begin, track.track->start()), track.range.end};
    if (longest.size() < range.size()) longest = range;
  }
  return longest;
}

Result<RipOutcome> RipJob::run() {
  TRY(names_, output_names(options_.cue));
  if (options_.existing == Existing::keep && !publication_pending(names_.partial())) {
    TRY_VOID(check_free(possible_files(names_)));
  }
  listener_.on_stage("waiting for the disc");
  TRY_VOID(drive_.wait_ready(options_.ready_limit, stop_));
  const TrayGuard guard(drive_);
  TRY_VOID(describe());
  if (publication_pending(names_.partial())) return finish_interrupted_publication();
  TRY_VOID(check_outputs());

  TRY(rip::Capture capture, open_capture());
  auto statistics = read(capture);
  if (!statistics) {
    // Nothing was read: nothing is worth resuming.
    const bool untouched = capture.map().counts()[0] == cd::image_size(disc_.disc).value;
    if (untouched && !capture.resumed()) static_cast<void>(remove_partial(names_.partial()));
    return fail(statistics.error());
  }
  return conclude(capture, *statistics);
}

Result<void> RipJob::describe() {
  listener_.on_stage("examining the drive and the disc");
  TRY(drive_description_, describe_drive(drive_, options_.config, options_.overrides));
  if (!drive_.set_speed(options_.speed) && options_.speed) {
    listener_.on_message(rip::Severity::warning, "the drive does not take a speed; it reads at its own");
  }
  TRY(disc_, describe_disc(drive_));
  identity_ = identity_of(disc_.disc);
  for (const std::string& field : apply_texts(options_.texts, disc_.disc)) {
    listener_.on_message(rip::Severity::warning,
                         fmt::format("the disc has no track for --set {}=...; it is left out", field));
  }
  return {};
}

Result<void> RipJob::check_outputs() const {
  if (options_.existing == Existing::keep && options_.layout == image::BinLayout::split) {
    TRY_VOID(check_free(split_files(names_, disc_.disc)));
  }
  const auto sectors = static_cast<std::uint64_t>(cd::image_size(disc_.disc).value);
  // Splitting needs the captured image and the tracks beside each other for a moment. What an interrupted rip
  // has written is there already.
  const std::uint64_t copies = options_.layout == image::BinLayout::split ? 2 : 1;
  std::uint64_t needed = sectors * (cd::kSectorSize * copies + cd::kSubSize) + (1U << 20);
  if (fs::exists(names_.partial())) needed = 0;
  TRY(const std::uint64_t available, free_space(names_.folder));
  if (available < needed) {
    return fail(ErrorKind::no_space,
                fmt::format("not enough space in {}: {} MiB are needed, {} MiB are free",
                            names_.folder.empty() ? "this folder" : names_.folder.string(),
                            (needed >> 20) + 1, available >> 20),
                "make room, or choose a name in another folder");
  }
  return {};
}

std::string RipJob::drive_name() const {
  const drive::Inquiry& inquiry = drive_description_.inquiry;
  std::string name = fmt::format("{} {} {}", inquiry.vendor, inquiry.product, inquiry.revision);
  if (!drive_description_.serial.empty()) name += " serial=" + drive_description_.serial;
  return name;
}

// Audio that was read with another correction must not be mixed with what is read now.
Result<void> RipJob::check_same_drive_same_offset(const rip::Capture& capture) const {
  const int offset = drive_description_.profile.read_offset.value;
  for (const rip::MapDrive& before : capture.map().drives()) {
    if (before.name == drive_name() && before.read_offset != offset) {
      return fail(
          ErrorKind::mismatch,
          fmt::format("{} was begun with read offset {:+}, now it is {:+}", names_.partial().string(),
                      before.read_offset, offset),
          fmt::format("give --read-offset {}, or remove the folder to begin anew", before.read_offset));
    }
  }
  return {};
}

Result<rip::Capture> RipJob::open_capture() {
  const std::vector<cd::LbaRange> ranges = cd::image_ranges(disc_.disc);
  auto capture = rip::Capture::open(names_.partial(), identity_, ranges);
  const bool in_the_way =
      !capture && (capture.error().kind == ErrorKind::mismatch || capture.error().kind == ErrorKind::invalid);
  if (in_the_way && options_.existing == Existing::overwrite) {
    TRY_VOID(remove_partial(names_.partial()));
    capture = rip::Capture::open(names_.partial(), identity_, ranges);
  }
  if (!capture) return capture;
  TRY_VOID(check_same_drive_same_offset(*capture));
  capture->add_drive({drive_name(), drive_description_.profile.read_offset.value});
  if (capture->resumed()) {
    listener_.on_message(rip::Severity::info, fmt::format("going on with {}", names_.partial().string()));
  }
  return capture;
}

Result<void> RipJob::check_same_disc() {
  TRY(const DiscDescription now, describe_disc(drive_));
  if (identity_of(now.disc) != identity_) {
    return fail(ErrorKind::medium_changed, "another disc is in the drive now",
                "put the first disc back in and run the same command");
  }
  static_cast<void>(drive_.lock_tray(drive::TrayLock::locked));  // a drive that was reset has forgotten it
  return {};
}

Result<rip::ReadStatistics> RipJob::read(rip::Capture& capture) {
  const std::vector<cd::LbaRange> ranges = cd::image_ranges(disc_.disc);
  listener_.on_stage("probing the drive");
  TRY_VOID(
      drive::probe_profile(drive_, ranges.front(), ranges.back().end, drive_description_.profile, stop_));
  if (const cd::LbaRange audio = longest_audio_track(disc_.disc); !audio.empty()) {
    TRY_VOID(drive::probe_stream(drive_, audio, drive_description_.profile, stop_));
  }
  if (drive_description_.profile.read_offset.source == drive::ProfileSource::assumed) {
    listener_.on_message(rip::Severity::warning,
                         "the read offset of this drive is not known; 0 is taken (see --read-offset)");
  }
  rip::EngineOptions options;
  options.retries = options_.retries;
  options.speed = options_.speed;
  options.passes = options_.passes;
  options.max_time = options_.max_time;
  options.stop_below = options_.stop_below;
  options.paranoia = options_.paranoia;
  options.check_same_disc = [this] { return check_same_disc(); };
  rip::Engine engine(drive_, disc_.disc, drive_description_.profile, capture, listener_, std::move(options));
  return engine.run(stop_);
}

Result<RipOutcome> RipJob::conclude(rip::Capture& capture, const rip::ReadStatistics& statistics) {
  const Verdict verdict = verdict_of(capture.map().counts());
  if (options_.on_damage == OnDamage::withhold && verdict.exit_code != 0) {
    return fail(
        ErrorKind::medium, fmt::format("nothing is published (--strict): {}", verdict.text),
        fmt::format("{} keeps what was read; the same command tries again", names_.partial().string()));
  }
  listener_.on_stage("understanding the disc");
  TRY_VOID(capture.fill_failed(failed_data_pattern(), disc_.disc));
  TRY(const Understanding understanding,
      understand(capture, disc_.disc, drive_description_.profile.sub.value));

  listener_.on_stage("computing checksums");
  std::vector<std::uint64_t> sizes;
  for (const cd::TrackRef& track : cd::track_ranges(understanding.disc)) {
    sizes.push_back(static_cast<std::uint64_t>(track.range.size().value) * cd::kSectorSize);
  }
  TRY(const verify::ImageDigests digests, verify::hash_image(capture.main_path(), sizes, stop_));
  image::Report report =
      make_report({drive_description_, disc_, understanding, capture.map(), statistics, digests});
  report.device = drive_.name();
  report.started = started_;
  return publish_all(capture, understanding, std::move(report));
}

Result<void> RipJob::plan_bins(const rip::Capture& capture, image::Report& report,
                               std::vector<PlannedFile>& files) const {
  if (options_.layout == image::BinLayout::single) {
    files.push_back({"main", names_.with(".bin"), "bin"});
    report.files.push_back({files.back().to.filename().string(), "bin", report.whole_disc});
    return {};
  }
  TRY(const std::vector<std::string> parts, split_main(capture, report.disc, stop_));
  const std::vector<fs::path> targets = split_files(names_, report.disc);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    files.push_back({parts[i], targets[i], "bin"});
    report.files.push_back({targets[i].filename().string(), "bin", report.tracks[i].digests});
  }
  return {};
}

Result<void> RipJob::plan_sub(const rip::Capture& capture, image::Report& report,
                              std::vector<PlannedFile>& files) const {
  // Only what was read as it is: formatted Q is one channel of eight.
  const bool raw = drive_description_.profile.sub.value == drive::SubSupport::raw;
  if (!raw || options_.sub == SubFile::leave_out) return {};
  files.push_back({"sub", names_.with(".sub"), "sub"});
  TRY(image::Digests digests, verify::hash_file(capture.sub_path(), stop_));
  report.files.push_back({files.back().to.filename().string(), "sub", std::move(digests)});
  return {};
}

Result<void> RipJob::plan_text(const std::string& from, const fs::path& to, std::string_view kind,
                               const std::string& text, std::vector<PlannedFile>& files) const {
  TRY_VOID(write_atomically(names_.partial() / from, text));
  files.push_back({from, to, std::string(kind)});
  return {};
}

image::ReportFile described(const fs::path& path, std::string_view kind, std::string_view text) {
  verify::Hasher hasher;
  hasher.update(Bytes(reinterpret_cast<const Byte*>(text.data()), text.size()));
  return {path.filename().string(), std::string(kind), hasher.finish()};
}

Result<RipOutcome> RipJob::publish_all(rip::Capture& capture, const Understanding& understanding,
                                       image::Report report) {
  listener_.on_stage("publishing");
  std::vector<PlannedFile> files;
  TRY_VOID(plan_bins(capture, report, files));
  TRY_VOID(plan_sub(capture, report, files));
  const cd::Disc& disc = understanding.disc;
  if (!disc.cdtext_packs.empty()) {
    // The packs and one NUL, as other programs write it.
    std::string packs(disc.cdtext_packs.begin(), disc.cdtext_packs.end());
    packs.push_back('\0');
    report.files.push_back(described(names_.with(".cdt"), "cdt", packs));
    TRY_VOID(plan_text("cdt", names_.with(".cdt"), "cdt", packs, files));
  }
  const std::string sheet = image::write_cue(image::cue_of(disc, names_.stem, options_.layout));
  report.files.push_back(described(names_.with(".cue"), "cue", sheet));
  report.finished = utc_now();
  TRY_VOID(plan_text("json", names_.with(".json"), "json", image::to_json(report), files));
  TRY_VOID(plan_text("log", names_.with(".log"), "log", image::to_log(report), files));
  if (report.exit_code != 0) {
    TRY_VOID(plan_text("map.final", names_.with(".map"), "map", capture.map().to_text(), files));
  }
  if (options_.picture == Picture::write) {
    std::vector<image::StateRun> runs;
    for (const auto& [range, state] : capture.map().runs()) runs.push_back({range, state});
    TRY_VOID(plan_text("map.svg", names_.with(".map.svg"), "picture", image::to_svg(report, runs), files));
  }
  TRY_VOID(plan_text("cue", names_.with(".cue"), "cue", sheet, files));
  TRY_VOID(capture.checkpoint());

  std::vector<fs::path> stale;
  if (options_.existing == Existing::overwrite) {
    stale = possible_files(names_);
    for (const fs::path& file : split_files(names_, disc)) stale.push_back(file);
    std::erase_if(stale, [&](const fs::path& path) {
      return !fs::exists(path) ||
             std::any_of(files.begin(), files.end(), [&](const auto& f) { return f.to == path; });
    });
  }
  TRY_VOID(publish(names_.partial(), files, stale, options_.existing));
  RipOutcome outcome{std::move(report), {}};
  for (const PlannedFile& file : files) outcome.files.push_back(file.to);
  return outcome;
}

// A kill between two renames: the report that was made then tells how the rip ended.
Result<RipOutcome> RipJob::finish_interrupted_publication() {
  const fs::path saved = rip::Capture::map_path(names_.partial());
  if (fs::exists(saved)) {
    TRY(const std::string text, read_text(saved));
    TRY(const rip::SectorMap map, rip::parse_map(text, saved.string()));
    if (map.disc_identity() != identity_) {
      return fail(ErrorKind::mismatch, fmt::format("{} belongs to another disc", names_.partial().string()),
                  "put that disc in, or choose another output name");
    }
  }
  listener_.on_stage("publishing what an earlier run had read");
  RipOutcome outcome;
  TRY(outcome.files, finish_publication(names_.partial(), options_.existing));
  const fs::path json = names_.with(".json");
  TRY(const std::string text, read_text(json));
  TRY(outcome.report, image::report_from_json(text, json.string()));
  return outcome;
}

}  // namespace

Result<RipOutcome> rip_disc(drive::Transport& transport, const RipOptions& options, rip::Listener& listener,
                            std::stop_token stop) {
  auto outcome = RipJob(transport, options, listener, std::move(stop)).run();
  if (outcome && options.after == AfterRip::eject) {
    drive::Drive drive(transport);
    if (auto ejected = drive.start_stop(drive::StartStop::eject); !ejected) {
      listener.on_message(rip::Severity::warning, ejected.error().message);
    }
  }
  return outcome;
}

}  // namespace binrip::job
