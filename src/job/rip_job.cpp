#include "binrip/job/rip_job.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "agreement.hpp"
#include "databases.hpp"
#include "disc_model.hpp"
#include "image_files.hpp"
#include "output_names.hpp"
#include "publish.hpp"
#include "published_image.hpp"
#include "reporting.hpp"
#include "take_up.hpp"
#include "texts.hpp"
#include "understanding.hpp"

#include "binrip/base/clock.hpp"
#include "binrip/job/describe.hpp"
#include "binrip/rip/engine.hpp"
#include "binrip/verify/image_hashes.hpp"

namespace binrip::job {

namespace fs = std::filesystem;

namespace {

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
  Result<void> find_image();
  Result<void> describe();
  Result<void> look_up_names();
  Result<void> fit_to_image();
  Result<void> check_outputs() const;
  Result<void> probe();
  Result<rip::Capture> open_capture();
  Result<rip::Capture> begin_capture();
  Result<rip::Capture> go_on_with_image();
  Result<void> check_same_offset(const rip::SectorMap& map, const fs::path& made) const;
  Result<void> check_same_disc(rip::Capture& capture);
  Result<void> check_same_disc();
  Result<RipOutcome> finish_interrupted_publication();
  Result<rip::ReadStatistics> read(rip::Capture& capture);
  void clear_away_if_nothing_came(const rip::Capture& capture) const;
  bool is_better(const rip::Capture& capture) const;
  Result<void> compare_with_image();
  Result<RipOutcome> compare_good_image();
  Result<RipOutcome> leave_as_it_is();
  Result<RipOutcome> conclude(rip::Capture& capture, const rip::ReadStatistics& statistics);
  SubFile sub_file() const;
  std::vector<fs::path> earlier_files() const;
  rip::MapDrive map_drive() const {
    return {drive_name(drive_description_), drive_description_.profile.read_offset.value};
  }

  drive::Drive drive_;
  const RipOptions& options_;
  rip::Listener& listener_;
  std::stop_token stop_;
  OutputNames names_;
  std::optional<verify::SigningKey> key_;
  image::BinLayout layout_ = options_.layout;
  Fill fill_ = options_.fill.value_or(fill_pattern());
  std::optional<PublishedImage> image_;  // that is gone on with
  SubPlan sub_plan_;
  DriveDescription drive_description_;
  DiscDescription disc_;
  std::string identity_;
  std::optional<Databases> databases_;
  std::string started_ = utc_now();
};

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

std::vector<cd::LbaRange> good_sectors(const rip::SectorMap& map) {
  std::vector<cd::LbaRange> good;
  for (const auto& [range, state] : map.runs()) {
    if (state >= cd::SectorState::consistent) good.push_back(range);
  }
  return good;
}

Result<RipOutcome> RipJob::run() {
  TRY(names_, output_names(options_.cue));
  TRY(key_, key_to_sign_with(options_.sign));
  const bool pending = publication_pending(names_.partial());
  if (!pending) TRY_VOID(find_image());
  listener_.on_stage("waiting for the disc");
  TRY_VOID(drive_.wait_ready(options_.ready_limit, stop_));
  const TrayGuard guard(drive_);
  TRY_VOID(describe());
  if (pending) return finish_interrupted_publication();
  if (image_ && !image_->has_map()) return compare_good_image();
  TRY_VOID(check_outputs());

  databases_.emplace(disc_.disc, options_.network, options_.databases, listener_, stop_);
  TRY(rip::Capture capture, open_capture());
  auto statistics = read(capture);
  if (!statistics) {
    clear_away_if_nothing_came(capture);
    return fail(statistics.error());
  }
  if (image_ && image_->report && !is_better(capture)) return leave_as_it_is();
  return conclude(capture, *statistics);
}

// What stands under the name that is to be written.
Result<void> RipJob::find_image() {
  if (options_.existing == Existing::overwrite) return {};
  const fs::path sheet = names_.with(".cue");
  if (can_be_improved(names_)) {
    TRY(image_, open_published(names_));
    for (const std::string& warning : image_->warnings) listener_.on_message(rip::Severity::warning, warning);
    if (options_.task == Task::refine) layout_ = image_->layout;
    if (!options_.fill) {
      for (const rip::MapFill& fill : image_->map.fills()) {
        if (auto before = parse_fill_option(fill.with)) fill_ = std::move(*before);
      }
    }
    return {};
  }
  const bool sheet_is_there = fs::exists(sheet);
  if (options_.task == Task::refine) {
    if (!sheet_is_there) return fail(ErrorKind::usage, fmt::format("there is no image {}", sheet.string()));
    TRY(image_, open_published(names_));
    if (image_->report) return {};
    return fail(ErrorKind::exists, fmt::format("{} has neither a map nor a report beside it", sheet.string()),
                "a .map beside the sheet names what could be better");
  }
  auto free = check_free(possible_files(names_));
  if (!free && sheet_is_there) {
    free.error().hint =
        "no .map beside the sheet says that anything could be better; choose another name, or "
        "use --force to overwrite";
  }
  return free;
}

Result<void> RipJob::describe() {
  listener_.on_stage("examining the drive and the disc");
  TRY(drive_description_, describe_drive(drive_, options_.config, options_.overrides));
  if (!drive_.set_speed(options_.speed) && options_.speed) {
    listener_.on_message(rip::Severity::warning, "the drive does not take a speed; it reads at its own");
  }
  TRY(disc_, describe_disc(drive_));
  if (image_) TRY_VOID(fit_to_image());
  identity_ = disc_identity(disc_.disc);
  for (const std::string& field : apply_texts(options_.texts, disc_.disc)) {
    listener_.on_message(rip::Severity::warning,
                         fmt::format("the disc has no track for --set {}=...; it is left out", field));
  }
  if (options_.names == Names::and_of_musicbrainz) return look_up_names();
  return {};
}

// Names are no reason not to rip.
Result<void> RipJob::look_up_names() {
  const auto without = [&](const std::string& why) {
    listener_.on_message(rip::Severity::warning, fmt::format("no names from MusicBrainz: {}", why));
  };
  if (!options_.network || options_.databases.musicbrainz.empty()) {
    without("nobody is asked about discs of software drives");
    return {};
  }
  listener_.on_stage("asking MusicBrainz for names");
  const auto names = verify::look_up_musicbrainz(*options_.network, options_.databases.musicbrainz,
                                                 disc_.ids.musicbrainz, stop_);
  if (!names && names.error().kind == ErrorKind::cancelled) return fail(names.error());
  if (!names) {
    without(names.error().message);
  } else if (!*names) {
    without("it does not know the disc");
  } else {
    static_cast<void>(apply_texts((*names)->fields, disc_.disc));
    disc_.notes.push_back(fmt::format(
        "what CD-TEXT leaves empty is named as in MusicBrainz' release {}{}", (*names)->release,
        (*names)->releases > 1 ? fmt::format(", the first of {} with this disc", (*names)->releases) : ""));
  }
  return {};
}

// The disc must be the one that the image was made of, as far as its TOC tells.
Result<void> RipJob::fit_to_image() {
  const std::string& wanted = image_->map.disc_identity();
  if (disc_identity(disc_.disc) == wanted) return {};
  const bool guessed = !disc_.full_toc && take_sessions_from(image_->image->disc(), disc_.disc);
  if (guessed && disc_identity(disc_.disc) == wanted) return {};
  return fail(ErrorKind::mismatch,
              fmt::format("{} is an image of another disc", names_.with(".cue").string()),
              options_.task == Task::refine
                  ? "put that disc in; another copy serves if its tracks lie at the same places"
                  : "put that disc in, choose another name, or use --force to overwrite");
}

Result<void> RipJob::check_outputs() const {
  if (options_.existing == Existing::keep && (!image_ || layout_ != image_->layout)) {
    const bool split = layout_ == image::BinLayout::split;
    std::vector<fs::path> bins = split ? split_files(names_, disc_.disc) : std::vector{names_.with(".bin")};
    if (image_)
      std::erase_if(bins, [&](const auto& bin) {
        return std::count(image_->bins.begin(), image_->bins.end(), bin) > 0;
      });
    TRY_VOID(check_free(bins));
  }
  const auto sectors = static_cast<std::uint64_t>(cd::image_size(disc_.disc).value);
  // Splitting needs the captured image and the tracks beside each other for a moment. What an interrupted rip
  // has written is there already.
  const std::uint64_t copies = layout_ == image::BinLayout::split ? 2 : 1;
  std::uint64_t needed = sectors * (cd::kSectorSize * copies + cd::kSubSize) + (1U << 20);
  if (fs::exists(names_.partial())) needed = 0;
  return check_space(names_.folder, needed);
}

// Audio that was read with another correction must not be mixed with what is read now.
Result<void> RipJob::check_same_offset(const rip::SectorMap& map, const fs::path& made) const {
  const rip::MapDrive now = map_drive();
  for (const rip::MapDrive& before : map.drives()) {
    if (before.name == now.name && before.read_offset != now.read_offset) {
      return fail(ErrorKind::mismatch,
                  fmt::format("{} was made with read offset {:+}, now it is {:+}", made.string(),
                              before.read_offset, now.read_offset),
                  fmt::format("give --read-offset {}, or begin anew under another name", before.read_offset));
    }
  }
  return {};
}

Result<rip::Capture> RipJob::open_capture() {
  auto capture = image_ ? go_on_with_image() : begin_capture();
  if (!capture) return capture;
  capture->add_drive(map_drive());
  if (capture->resumed()) {
    listener_.on_message(
        rip::Severity::info,
        fmt::format("going on with {}", (image_ ? names_.with(".cue") : names_.partial()).string()));
  }
  return capture;
}

// Discs of one TOC need not be one disc. Where nothing can be read well enough to tell, what is there counts:
// that is what reading goes on for.
Result<void> RipJob::check_same_disc(rip::Capture& capture) {
  listener_.on_stage("comparing the disc with what is there of it");
  auto agrees = check_agreement(
      drive_, disc_.disc, drive_description_.profile,
      {.map = capture.map(),
       .read_main = [&](cd::Lba lba, cd::MutableSectorBytes out) { return capture.read_main(lba, out); },
       .name = names_.partial(),
       .folder = names_.partial(),
       .places = kPlacesOfAPartial},
      stop_);
  if (agrees || agrees.error().kind == ErrorKind::medium) return {};
  if (agrees.error().kind == ErrorKind::mismatch) {
    agrees.error().hint =
        "another disc with the same table of contents, or a wrong read offset; put the disc in that it was "
        "begun with, choose another name, or begin anew with --force";
  }
  return agrees;
}

Result<rip::Capture> RipJob::begin_capture() {
  const std::vector<cd::LbaRange> ranges = cd::image_ranges(disc_.disc);
  auto capture = rip::Capture::open(names_.partial(), identity_, ranges);
  const bool in_the_way =
      !capture && (capture.error().kind == ErrorKind::mismatch || capture.error().kind == ErrorKind::invalid);
  if (in_the_way && options_.existing == Existing::overwrite) {
    capture = rip::Capture::open(names_.partial(), identity_, ranges, rip::Capture::Begin::anew);
  }
  if (!capture) return capture;
  TRY_VOID(forget_merge(names_.partial()));
  TRY_VOID(check_same_offset(capture->map(), names_.partial()));
  TRY_VOID(probe());
  if (capture->resumed()) {
    const auto agrees = check_same_disc(*capture);
    if (!agrees && agrees.error().kind == ErrorKind::mismatch && options_.existing == Existing::overwrite) {
      capture = fail(agrees.error());  // lets go of the folder
      capture = rip::Capture::open(names_.partial(), identity_, ranges, rip::Capture::Begin::anew);
      if (!capture) return capture;
    } else if (!agrees) {
      return fail(agrees.error());
    }
  }
  sub_plan_.held = drive_description_.profile.sub.value;
  return capture;
}

Result<void> RipJob::compare_with_image() {
  TRY_VOID(probe());
  listener_.on_stage("comparing the disc with the image");
  return check_agreement(drive_, disc_.disc, drive_description_.profile, known_sectors(*image_), stop_);
}

// Nothing is copied or changed before the disc is known to agree.
Result<rip::Capture> RipJob::go_on_with_image() {
  TRY_VOID(check_same_offset(image_->map, names_.with(".cue")));
  TRY_VOID(compare_with_image());
  listener_.on_stage("taking the image up");
  TRY(rip::Capture capture, take_up(*image_, stop_));
  const auto& before = image_->map.drives();
  const bool another_drive = std::none_of(before.begin(), before.end(), [&](const rip::MapDrive& drive) {
    return drive.name == map_drive().name;
  });
  if (another_drive && !before.empty()) capture.spare(good_sectors(image_->map));
  sub_plan_ = plan_for_sub(*image_, drive_description_.profile.sub.value, options_.sub);
  if (sub_plan_.taken == SubPlan::Taken::not_at_all) capture.keep_sub();
  return capture;
}

Result<void> RipJob::check_same_disc() {
  TRY(const DiscDescription now, describe_disc(drive_));
  cd::Disc disc = now.disc;
  if (image_ && !now.full_toc) static_cast<void>(take_sessions_from(image_->image->disc(), disc));
  if (disc_identity(disc) != identity_) {
    return fail(ErrorKind::medium_changed, "another disc is in the drive now",
                "put the first disc back in and run the same command");
  }
  static_cast<void>(drive_.lock_tray(drive::TrayLock::locked));  // a drive that was reset has forgotten it
  return {};
}

Result<void> RipJob::probe() {
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
  return {};
}

Result<rip::ReadStatistics> RipJob::read(rip::Capture& capture) {
  rip::EngineOptions options;
  options.retries = options_.retries;
  options.speed = options_.speed;
  options.passes = options_.passes;
  options.max_time = options_.max_time;
  options.stop_below = options_.stop_below;
  options.paranoia = options_.paranoia;
  options.sub_goal = sub_plan_.goal;
  options.check_same_disc = [this] { return check_same_disc(); };
  options.after_pass = [this](rip::Capture& read) { return databases_->after_pass(read); };
  rip::Engine engine(drive_, disc_.disc, drive_description_.profile, capture, listener_, std::move(options));
  return engine.run(stop_);
}

Result<RipOutcome> RipJob::conclude(rip::Capture& capture, const rip::ReadStatistics& statistics) {
  TRY(std::vector<image::ReportDatabase> databases, databases_->conclude(capture));
  const Verdict verdict = verdict_of(capture.map().counts());
  if (options_.on_damage == OnDamage::withhold && verdict.exit_code != 0) {
    return fail(
        ErrorKind::medium, fmt::format("nothing is published (--strict): {}", verdict.text),
        fmt::format("{} keeps what was read; the same command tries again", names_.partial().string()));
  }
  listener_.on_stage("understanding the disc");
  TRY_VOID(fill_failed(capture, disc_.disc, fill_));
  TRY(Understanding understanding, understand(capture, disc_.disc, sub_plan_.held));
  if (image_) {
    const FlagsBy flags = understanding.q_right > 0 ? FlagsBy::q : FlagsBy::toc;
    add_what_was_known(image_->image->disc(), flags, understanding.disc);
  }

  listener_.on_stage("computing checksums");
  TRY(const verify::ImageDigests digests, hash_capture(capture, understanding.disc, stop_));
  image::Report report = make_report({disc_.ids, understanding, capture.map(), digests, sub_plan_.held});
  add_reading(drive_description_, disc_.notes, statistics, report);
  report.databases = std::move(databases);
  if (const std::string note = shifted_note(report.databases); !note.empty()) report.notes.push_back(note);
  report.device = drive_.name();
  report.started = started_;
  if (image_ && image_->report) report.runs = image_->report->runs;
  report.runs.push_back({started_, {}, report.device, drive_name(drive_description_), {}});
  listener_.on_stage("publishing");
  return publish_image(capture, std::move(report),
                       {names_, layout_, sub_file(), options_.picture, earlier_files(), key_}, stop_);
}

// Only what was read as it is: formatted Q is one channel of eight.
SubFile RipJob::sub_file() const {
  return sub_plan_.held == drive::SubSupport::raw ? options_.sub : SubFile::leave_out;
}

std::vector<fs::path> RipJob::earlier_files() const {
  if (image_) return image_->files();
  std::vector<fs::path> files;
  if (options_.existing == Existing::overwrite) {
    files = possible_files(names_);
    for (const fs::path& file : split_files(names_, disc_.disc)) files.push_back(file);
  }
  return files;
}

// What nobody would go on with is not left behind.
void RipJob::clear_away_if_nothing_came(const rip::Capture& capture) const {
  const bool untouched =
      image_ ? capture.map().runs() == image_->map.runs()
             : !capture.resumed() && capture.map().counts()[0] == cd::image_size(disc_.disc).value;
  if (untouched) static_cast<void>(remove_partial(names_.partial()));
}

// Whether there is a reason to replace the image by what is known now, or by what is asked for now.
bool RipJob::is_better(const rip::Capture& capture) const {
  const bool other_fill = std::any_of(
      image_->map.fills().begin(), image_->map.fills().end(),
      [&](const rip::MapFill& fill) { return fill.with != "silence" && fill.with != fill_.word; });
  const bool more_sub =
      sub_file() == SubFile::write && capture.map().sub_counts() != image_->map.sub_counts();
  const bool other_files = layout_ != image_->layout || sub_file() != image_->sub ||
                           (options_.picture == Picture::write && !fs::exists(names_.with(".map.svg"))) ||
                           (key_ && verify::signature_of(names_.with(".log")).empty());
  return capture.map().runs() != image_->map.runs() || other_fill || more_sub || other_files;
}

// One without a map: all of it is good, if the disc is the one that it was made of.
Result<RipOutcome> RipJob::compare_good_image() {
  TRY_VOID(compare_with_image());
  listener_.on_message(rip::Severity::warning,
                       fmt::format("all of {} is good, and the disc agrees with it; it stays as it is",
                                   names_.with(".cue").string()));
  TRY_VOID(remove_partial(names_.partial()));
  return RipOutcome{std::move(*image_->report), image_->files()};
}

Result<RipOutcome> RipJob::leave_as_it_is() {
  const Verdict verdict = verdict_of(image_->map.counts());
  listener_.on_message(
      rip::Severity::warning,
      fmt::format("nothing of {} could be read better; it stays as it is", names_.with(".cue").string()));
  TRY_VOID(remove_partial(names_.partial()));
  RipOutcome outcome{std::move(*image_->report), image_->files()};
  outcome.report.states = image_->map.counts();
  outcome.report.exit_code = verdict.exit_code;
  outcome.report.verdict = verdict.text;
  return outcome;
}

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
  return finish_publication_of(names_, options_.existing, key_);
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
