#include "binrip/job/merge.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>

#include "disc_model.hpp"
#include "image_files.hpp"
#include "merge_sector.hpp"
#include "publish.hpp"
#include "published_image.hpp"
#include "reporting.hpp"
#include "understanding.hpp"

#include "binrip/base/clock.hpp"
#include "binrip/base/file.hpp"
#include "binrip/image/cue.hpp"
#include "binrip/rip/capture.hpp"

namespace binrip::job {

namespace fs = std::filesystem;
using cd::Lba;
using cd::SectorState;

namespace {

struct Tally {
  std::array<std::int64_t, 6> by_origin{};  // by Origin
  std::vector<Lba> contradictions, overruled, undecided;
  std::int64_t& operator[](Origin origin) { return by_origin[static_cast<std::size_t>(origin)]; }
  std::int64_t operator[](Origin origin) const { return by_origin[static_cast<std::size_t>(origin)]; }
};

// "1 sector (LBA 7)", "40 sectors (LBA 7 to 12, 20, 31 to 60 and others)"
std::string named(const std::vector<Lba>& sectors) {
  constexpr std::size_t kMostRuns = 8;
  std::vector<cd::LbaRange> runs;
  for (const Lba lba : sectors) {
    if (runs.empty() || runs.back().end != lba) runs.push_back({lba, lba});
    runs.back().end = lba + cd::SectorCount{1};
  }
  std::string places;
  for (std::size_t i = 0; i < std::min(runs.size(), kMostRuns); ++i) {
    const std::int32_t first = runs[i].begin.value;
    const std::int32_t last = runs[i].end.value - 1;
    places += i == 0 ? "LBA " : ", ";
    places += first == last ? fmt::format("{}", first) : fmt::format("{} to {}", first, last);
  }
  if (runs.size() > kMostRuns) places += " and others";
  return fmt::format("{} sector{} ({})", sectors.size(), sectors.size() == 1 ? "" : "s", places);
}

std::vector<rip::MapDrive> drives_of(const PublishedImage& image) {
  std::vector<rip::MapDrive> drives = image.map.drives();
  if (drives.empty() && image.report) {
    for (const image::ReportDrive& drive : image.report->drives)
      drives.push_back({drive.name, drive.read_offset});
  }
  return drives;
}

// Images may be copies of each other, or one was made from the other: what tells that two equal sectors were
// read twice is that no drive read both.
bool no_drive_read_both(const PublishedImage& first, const PublishedImage& second) {
  const std::vector<rip::MapDrive> before = drives_of(first);
  const std::vector<rip::MapDrive> after = drives_of(second);
  if (before.empty() || after.empty()) return false;
  return std::none_of(before.begin(), before.end(), [&](const rip::MapDrive& drive) {
    return std::any_of(after.begin(), after.end(),
                       [&](const auto& other) { return other.name == drive.name; });
  });
}

class MergeJob {
 public:
  MergeJob(const MergeOptions& options, rip::Listener& listener, std::stop_token stop)
      : options_(options), listener_(listener), stop_(std::move(stop)) {}

  Result<RipOutcome> run();

 private:
  Result<RipOutcome> finish_interrupted_publication();
  Result<void> open_images();
  Result<void> check_outputs() const;
  Result<rip::Capture> begin() const;
  Result<void> merge_all(rip::Capture& capture);
  Result<MergeSide> side_of(PublishedImage& image, Lba lba, SectorIs kind) const;
  static Result<std::optional<SubSide>> sub_of(PublishedImage& image, Lba lba);
  Independence independence(Lba lba, SectorIs kind, const MergeSide& first) const;
  Result<void> merge_main(Lba lba, SectorIs kind, rip::Capture& capture);
  Result<void> merge_subs(Lba lba, rip::Capture& capture);
  void keep_notes(Lba lba, const MergedSector& merged, rip::SectorMap& notes) const;
  Error contradiction() const;
  Result<RipOutcome> conclude(rip::Capture& capture);
  void tell_sources(image::Report& report) const;
  void tell_runs(image::Report& report) const;
  bool writes_sub() const {
    return options_.sub == SubFile::write &&
           (first_->sub == SubFile::write || second_->sub == SubFile::write);
  }

  const MergeOptions& options_;
  rip::Listener& listener_;
  std::stop_token stop_;
  OutputNames names_;
  std::optional<verify::SigningKey> key_;
  std::optional<PublishedImage> first_, second_;
  bool different_drives_ = false;
  std::optional<rip::SectorMap> notes_;  // what the map tells besides the states
  Tally tally_;
  std::string started_ = utc_now();
};

Result<RipOutcome> MergeJob::run() {
  TRY(names_, output_names(options_.cue));
  TRY(key_, key_to_sign_with(options_.sign));
  if (publication_pending(names_.partial())) return finish_interrupted_publication();
  if (options_.existing == Existing::keep) TRY_VOID(check_free(possible_files(names_)));
  TRY_VOID(open_images());
  TRY_VOID(check_outputs());
  TRY(rip::Capture capture, begin());
  auto outcome = [&]() -> Result<RipOutcome> {
    TRY_VOID(merge_all(capture));
    return conclude(capture);
  }();
  // A publication that was begun is finished by the next call; all else is quickly done again.
  if (!outcome && !publication_pending(names_.partial())) static_cast<void>(remove_partial(names_.partial()));
  return outcome;
}

Result<RipOutcome> MergeJob::finish_interrupted_publication() {
  listener_.on_stage("publishing what an earlier run had merged");
  TRY(RipOutcome outcome, finish_publication_of(names_, options_.existing, key_));
  if (outcome.report.sources.empty()) {
    return fail(ErrorKind::exists, fmt::format("{} is there already", names_.with(".cue").string()),
                "a rip into it was cut short, and has been published now; choose another name");
  }
  return outcome;
}

Result<void> MergeJob::open_images() {
  for (auto [path, image] : {std::pair{&options_.first, &first_}, {&options_.second, &second_}}) {
    TRY(const OutputNames names, output_names(*path));
    TRY(*image, open_published(names));
    for (const std::string& warning : (*image)->warnings)
      listener_.on_message(rip::Severity::warning, warning);
  }
  if (first_->map.disc_identity() != second_->map.disc_identity() ||
      first_->map.ranges() != second_->map.ranges()) {
    return fail(ErrorKind::mismatch,
                fmt::format("{} and {} are images of different discs", options_.first.string(),
                            options_.second.string()),
                "`binrip info sim:FILE.cue` shows the tracks of an image");
  }
  different_drives_ = no_drive_read_both(*first_, *second_);
  return {};
}

Result<void> MergeJob::check_outputs() const {
  const bool split = options_.layout == image::BinLayout::split;
  const cd::Disc& disc = first_->image->disc();
  if (split && options_.existing == Existing::keep) TRY_VOID(check_free(split_files(names_, disc)));
  const auto sectors = static_cast<std::uint64_t>(cd::image_size(disc).value);
  return check_space(names_.folder,
                     sectors * (cd::kSectorSize * (split ? 2 : 1) + cd::kSubSize) + (1U << 20));
}

// A merge takes seconds: what an earlier one left is begun anew. A rip's folder is not touched.
Result<rip::Capture> MergeJob::begin() const {
  using Begin = rip::Capture::Begin;
  const fs::path folder = names_.partial();
  const Begin how = fs::exists(folder / kMerging) ? Begin::anew : Begin::where_it_stopped;
  TRY(rip::Capture capture,
      rip::Capture::open(folder, first_->map.disc_identity(), first_->map.ranges(), how));
  if (capture.resumed()) {
    return fail(ErrorKind::exists, fmt::format("{} holds a rip that is not finished", folder.string()),
                "run its command again, or choose another output name");
  }
  TRY_VOID(write_atomically(folder / kMerging, ""));
  return capture;
}

Result<MergeSide> MergeJob::side_of(PublishedImage& image, Lba lba, SectorIs kind) const {
  MergeSide side;
  side.state = image.map.state(lba);
  if (side.state < SectorState::damaged) return side;
  TRY_VOID(image.image->read_main(lba, side.main));
  if (!image.has_map() && kind == SectorIs::data) {
    const cd::SectorCheck check = cd::check_sector(side.main);
    const bool proven = check.address == lba && check.edc == cd::EdcState::right &&
                        check.ecc != cd::EccState::wrong && !cd::has_unproven_mode_byte(side.main);
    if (proven) side.state = SectorState::proven;
  }
  return side;
}

// What keeps two reads by one drive from confirming each other keeps these.
Independence MergeJob::independence(Lba lba, SectorIs kind, const MergeSide& first) const {
  const bool at_edge = first_->map.edges().contains(lba) || second_->map.edges().contains(lba);
  const bool out_of_place = kind == SectorIs::data && !cd::has_sync(first.main);
  // Zeros might be a transfer that was lost.
  const bool zeros = all_zero(first.main);
  return different_drives_ && !at_edge && !out_of_place && !zeros ? Independence::independent
                                                                  : Independence::none;
}

void MergeJob::keep_notes(Lba lba, const MergedSector& merged, rip::SectorMap& notes) const {
  if (merged.origin == Origin::joined) notes.note_mending(lba, rip::Mending::repaired);
  const bool from_first = merged.origin == Origin::first || merged.origin == Origin::both;
  const bool from_second = merged.origin == Origin::second || merged.origin == Origin::both;
  for (const auto& [image, taken] : {std::pair{&*first_, from_first}, {&*second_, from_second}}) {
    if (!taken) continue;
    if (const auto how = image->map.mending(lba); how != rip::Mending::none) notes.note_mending(lba, how);
    if (const auto edge = image->map.edges().find(lba); edge != image->map.edges().end()) {
      notes.note_edge(lba, edge->second);
    }
    if (image->map.has_wrong_edc(lba)) notes.note_wrong_edc({lba, lba + cd::SectorCount{1}});
  }
}

Result<void> MergeJob::merge_main(Lba lba, SectorIs kind, rip::Capture& capture) {
  TRY(const MergeSide first, side_of(*first_, lba, kind));
  TRY(const MergeSide second, side_of(*second_, lba, kind));
  const MergedSector merged = merge_sector(lba, kind, first, second, independence(lba, kind, first));
  ++tally_[merged.origin];
  if (merged.overruled) tally_.overruled.push_back(lba);
  if (merged.origin == Origin::contradiction) tally_.contradictions.push_back(lba);
  const bool both_have_bytes = std::min(first.state, second.state) >= SectorState::damaged;
  if (both_have_bytes && merged.state < SectorState::consistent && first.main != second.main) {
    tally_.undecided.push_back(lba);
  }
  TRY_VOID(capture.put_main(lba, merged.main, merged.state));
  notes_->raise({lba, lba + cd::SectorCount{1}}, merged.state);
  keep_notes(lba, merged, *notes_);
  return {};
}

Result<std::optional<SubSide>> MergeJob::sub_of(PublishedImage& image, Lba lba) {
  std::array<Byte, cd::kSubSize> sub;
  TRY(const bool there, image.image->read_sub(lba, sub));
  if (!there) return std::optional<SubSide>();
  return std::optional(sub_side(lba, image.map.sub_state(lba), sub));
}

Result<void> MergeJob::merge_subs(Lba lba, rip::Capture& capture) {
  TRY(const std::optional<SubSide> first, sub_of(*first_, lba));
  TRY(const std::optional<SubSide> second, sub_of(*second_, lba));
  const auto merged =
      merge_sub(first, second, different_drives_ ? Independence::independent : Independence::none);
  if (!merged) return {};
  notes_->raise_sub({lba, lba + cd::SectorCount{1}}, merged->state);
  return capture.put_sub(lba, merged->sub, merged->state);
}

Result<void> MergeJob::merge_all(rip::Capture& capture) {
  listener_.on_stage("merging");
  notes_.emplace(first_->map.disc_identity(), first_->map.ranges());
  for (const cd::TrackRef& track : cd::track_ranges(first_->image->disc())) {
    const SectorIs kind = track.track->is_data() ? SectorIs::data : SectorIs::audio;
    for (Lba lba = track.range.begin; lba < track.range.end; ++lba) {
      if (stop_.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
      TRY_VOID(merge_main(lba, kind, capture));
      if (writes_sub()) TRY_VOID(merge_subs(lba, capture));
    }
  }
  if (!tally_.contradictions.empty()) return fail(contradiction());
  std::vector<rip::MapDrive> drives = drives_of(*first_);
  for (const rip::MapDrive& drive : drives_of(*second_)) drives.push_back(drive);
  std::sort(drives.begin(), drives.end(), [](const auto& a, const auto& b) {
    return std::tie(a.name, a.read_offset) < std::tie(b.name, b.read_offset);
  });
  for (const rip::MapDrive& drive : drives) notes_->add_drive(drive);
  for (const PublishedImage* image : {&*first_, &*second_}) {
    const rip::Jitter& jitter = image->map.jitter();
    if (jitter.places > notes_->jitter().places) notes_->note_jitter(jitter);
    const auto& seen = image->map.first_pregap();
    const auto& known = notes_->first_pregap();
    if (seen && (!known || seen->read > known->read)) notes_->note_first_pregap(*seen);
  }
  return capture.restore(std::move(*notes_));
}

Error MergeJob::contradiction() const {
  return {ErrorKind::mismatch,
          fmt::format("{} and {} contradict each other in what both call good: {}", options_.first.string(),
                      options_.second.string(), named(tally_.contradictions)),
          "they are of different pressings, or one was read with a wrong read offset; nothing was written"};
}

void MergeJob::tell_sources(image::Report& report) const {
  const auto add = [&](std::string name, Origin origin) {
    if (tally_[origin] > 0) report.sources.push_back({std::move(name), tally_[origin]});
  };
  add("the same in both", Origin::both);
  report.sources.push_back({options_.first.string(), tally_[Origin::first]});
  report.sources.push_back({options_.second.string(), tally_[Origin::second]});
  add("joined from both by ECC", Origin::joined);
  add("read by neither", Origin::none);
  if (!tally_.overruled.empty()) {
    report.notes.push_back(fmt::format(
        "one image was only consistent and differs from the other, which is proven and was taken: {}",
        named(tally_.overruled)));
  }
  if (!tally_.undecided.empty()) {
    report.notes.push_back(
        fmt::format("the images differ and neither is good; what stands there is of one of them: {}",
                    named(tally_.undecided)));
  }
}

void MergeJob::tell_runs(image::Report& report) const {
  for (const PublishedImage* image : {&*first_, &*second_}) {
    if (!image->report) continue;
    for (const image::ReportRun& run : image->report->runs) {
      if (std::find(report.runs.begin(), report.runs.end(), run) == report.runs.end())
        report.runs.push_back(run);
    }
  }
  std::stable_sort(report.runs.begin(), report.runs.end(),
                   [](const auto& a, const auto& b) { return a.started < b.started; });
  report.runs.push_back({started_, {}, report.device, {}, {}});
}

Result<RipOutcome> MergeJob::conclude(rip::Capture& capture) {
  const Verdict verdict = verdict_of(capture.map().counts());
  if (options_.on_damage == OnDamage::withhold && verdict.exit_code != 0) {
    return fail(ErrorKind::medium, fmt::format("nothing is published (--strict): {}", verdict.text));
  }
  listener_.on_stage("understanding the disc");
  // The sheet that says more is gone by, whichever image was named first.
  const cd::Disc* better = &first_->image->disc();
  const cd::Disc* other = &second_->image->disc();
  const auto sheet = [](const cd::Disc& disc) {
    return image::write_cue(image::cue_of(disc, "out", image::BinLayout::single));
  };
  const std::string texts[] = {sheet(*better), sheet(*other)};
  if (std::pair(texts[0].size(), texts[0]) < std::pair(texts[1].size(), texts[1])) std::swap(better, other);
  cd::Disc toc = lead_in_of(*better);
  if (toc.cdtext_packs.empty()) toc.cdtext_packs = other->cdtext_packs;
  TRY_VOID(fill_failed(capture, toc, options_.fill.value_or(fill_pattern())));
  const auto held = writes_sub() ? drive::SubSupport::raw : drive::SubSupport::none;
  TRY(Understanding understanding, understand(capture, toc, held));
  add_what_was_known(*better, FlagsBy::q, understanding.disc);
  add_what_was_known(*other, FlagsBy::q, understanding.disc);

  listener_.on_stage("computing checksums");
  TRY(const verify::ImageDigests digests, hash_capture(capture, understanding.disc, stop_));
  const verify::DiscIds ids = verify::disc_ids(understanding.disc);
  image::Report report = make_report({ids, understanding, capture.map(), digests, held});
  report.device = "merge";
  report.started = started_;
  tell_sources(report);
  tell_runs(report);
  std::vector<fs::path> earlier;
  if (options_.existing == Existing::overwrite) {
    earlier = possible_files(names_);
    for (const fs::path& file : split_files(names_, understanding.disc)) earlier.push_back(file);
  }
  listener_.on_stage("publishing");
  return publish_image(capture, std::move(report),
                       {names_, options_.layout, writes_sub() ? SubFile::write : SubFile::leave_out,
                        options_.picture, std::move(earlier), key_},
                       stop_);
}

}  // namespace

Result<RipOutcome> merge_images(const MergeOptions& options, rip::Listener& listener, std::stop_token stop) {
  return MergeJob(options, listener, std::move(stop)).run();
}

}  // namespace binrip::job
