#include "archive_records.hpp"

#include <set>

#include <fmt/format.h>

#include "binrip/base/clock.hpp"

namespace binrip::batch {
namespace {

namespace fs = std::filesystem;

fs::path report_beside(fs::path cue) { return cue.replace_extension(".json"); }

// The only sheet of a folder in the archive: what lies there was put there as one image.
Result<fs::path> sheet_in(const fs::path& folder) {
  std::error_code problem;
  for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end;
       entry.increment(problem)) {
    if (entry->path().extension() == ".cue") return entry->path();
  }
  if (problem) return fail(errno_error(problem.value(), "read", folder));
  return fail(ErrorKind::invalid, fmt::format("{}: there is no CUE sheet", folder.string()));
}

}  // namespace

ArchiveRecords::ArchiveRecords(Archive archive, std::unique_ptr<Catalog> catalog, ListKeeper lists,
                               NameTemplate names, OnCopy on_copy,
                               std::function<void(const std::string&)> warn)
    : archive_(std::move(archive)),
      catalog_(std::move(catalog)),
      lists_(std::move(lists)),
      names_(std::move(names)),
      on_copy_(on_copy),
      warn_(std::move(warn)) {}

void ArchiveRecords::warn_of(const Result<void>& result) const {
  if (!result) warn_(result.error().message);
}

Result<image::Report> ArchiveRecords::report_of(const fs::path& cue) const {
  const fs::path path = report_beside(cue);
  TRY(const std::string text, read_text(path));
  return image::report_from_json(text, path.string());
}

Result<void> ArchiveRecords::go_on() {
  TRY(const std::vector<Publication> unfinished, archive_.unfinished());
  for (const Publication& publication : unfinished) TRY_VOID(write_lists(publication));
  TRY_VOID(lists_.write_missing(archive_));
  return {};
}

// Any number of times: what is there already is not written twice.
Result<void> ArchiveRecords::write_lists(const Publication& publication) {
  const FinishedDisc& finished = publication.finished;
  TRY(const fs::path cue, sheet_in(archive_.folder() / finished.folder));
  TRY(const image::Report report, report_of(cue));
  TRY_VOID(lists_.write(archive_, finished, publication.listed));
  TRY(const std::int64_t id,
      catalog_->put(catalog_entry(report, fs::relative(cue, archive_.folder()).string())));
  add_event(std::string(to_string(finished.end)), finished.drive_id, id, finished.verdict);
  // Before the journal goes: after a kill, the disc is only to be taken from the drive.
  TRY_VOID(archive_.remember(finished.drive_id, to_string(DriveMemory{Lies::good, publication.identity})));
  return archive_.done(publication);
}

Result<std::vector<KnownCopy>> ArchiveRecords::copies(const DiscInfo& disc) {
  TRY(const std::vector<CatalogDisc> discs, catalog_->with_identity(disc.identity));
  std::vector<KnownCopy> copies;
  for (const CatalogDisc& known : discs) {
    const fs::path cue = archive_.folder() / known.sheet;
    std::error_code ignored;
    // What somebody has taken away is no copy.
    if (!fs::exists(cue, ignored)) continue;
    copies.push_back({cue, fs::path(known.sheet).parent_path().string(), known.exit_code});
  }
  return copies;
}

void ArchiveRecords::brought(const std::string& drive) { warn_of(lists_.brought(archive_, drive)); }

int ArchiveRecords::place(const DiscInfo& disc, int from) {
  const std::set<int> used = archive_.works(disc.identity);
  if (const auto next = used.lower_bound(from); next != used.end()) return *next;
  int free = 1;
  while (used.contains(free)) ++free;
  return free;
}

Result<Expectation> ArchiveRecords::expect(const std::string& drive, const DiscInfo& disc, int place) {
  return lists_.expect(archive_, drive, disc, place);
}

Result<WorkPlace> ArchiveRecords::begin(const std::string& drive, const DiscInfo& disc, int place) {
  constexpr std::size_t kDate = 10;  // of a time in ISO 8601
  const ListEntry* entry = lists_.entry(drive);
  const ListEntry expected = entry != nullptr ? *entry : ListEntry{};
  const auto or_else = [](const std::string& said, const std::string& found) {
    return said.empty() ? found : said;
  };
  const NameFields fields{.artist = or_else(expected.artist, disc.artist),
                          .title = or_else(expected.title, or_else(disc.title, disc.volume_label)),
                          .volume = expected.volume,
                          .barcode = or_else(expected.barcode, disc.mcn),
                          .disc_id = disc.disc_id,
                          .order = expected.order,
                          .date = utc_now().substr(0, kDate),
                          .drive = drive};
  const WorkName name{disc.identity, place};
  std::error_code ignored;
  const bool is_new = !fs::exists(archive_.work_folder(name), ignored);
  TRY(const Work work, archive_.work(name, names_.expand(fields), expected.order));
  if (!fs::exists(work.cue, ignored)) {
    note(drive, fmt::format("{} is ripped", disc.label()));
    return WorkPlace{.cue = work.cue, .number = place, .holds = is_new ? Holds::nothing : Holds::a_part};
  }
  // The sheet comes last: the rip had come to its end when all was killed.
  TRY(const image::Report report, report_of(work.cue));
  return WorkPlace{.cue = work.cue,
                   .number = place,
                   .holds = Holds::an_image,
                   .ripped = {report.exit_code, report.verdict, {}, {}}};
}

Result<FinishedDisc> ArchiveRecords::publish(const EndedRip& rip) {
  FinishedDisc finished{.time = utc_now(),
                        .drive_id = rip.drive,
                        .disc = rip.disc.label(),
                        .folder = {},
                        .end = DiscEnd::published,
                        .exit_code = rip.exit_code,
                        .verdict = rip.verdict};
  const WorkName name{rip.disc.identity, rip.place.number};
  // The second try after the lists could not be written finds the image in the archive.
  TRY(const std::vector<Publication> unfinished, archive_.unfinished());
  for (const Publication& publication : unfinished) {
    if (publication.work != archive_.work_folder(name)) continue;
    TRY_VOID(write_lists(publication));
    return publication.finished;
  }
  TRY(const image::Report report, report_of(rip.place.cue));
  TRY(const std::vector<ContentMatch> alike, catalog_->with_content(catalog_entry(report, "")));
  if (on_copy_ != OnCopy::keep && !alike.empty() && alike.front().whole) {
    TRY_VOID(archive_.drop(name));
    return skipped(rip.drive, rip.disc, {{}, fs::path(alike.front().disc.sheet).parent_path().string(), 0});
  }
  TRY(const std::vector<KnownCopy> others, copies(rip.disc));
  if (!others.empty()) finished.end = DiscEnd::second_copy;
  TRY(const Work work, archive_.work(name, {}));
  // Nothing comes between this and the move: one station at a time works in an archive.
  TRY(const std::string target, free_path(archive_.folder(), work.target.string()));
  TRY(const Publication publication,
      archive_.publish(work, rip.disc.identity, finished, lists_.listed(rip.drive, rip.disc), target));
  TRY_VOID(write_lists(publication));
  return publication.finished;
}

Result<FinishedDisc> ArchiveRecords::mended(const EndedRip& rip, const KnownCopy& copy) {
  TRY(const image::Report report, report_of(copy.cue));
  TRY(const std::int64_t id,
      catalog_->put(catalog_entry(report, fs::relative(copy.cue, archive_.folder()).string())));
  FinishedDisc finished{.time = utc_now(),
                        .drive_id = rip.drive,
                        .disc = rip.disc.label(),
                        .folder = copy.folder,
                        .end = DiscEnd::mended,
                        .exit_code = rip.exit_code,
                        .verdict = rip.verdict};
  TRY_VOID(lists_.write(archive_, finished, lists_.listed(rip.drive, rip.disc)));
  add_event(std::string(to_string(DiscEnd::mended)), rip.drive, id, rip.verdict);
  return finished;
}

FinishedDisc ArchiveRecords::skipped(const std::string& drive, const DiscInfo& disc, const KnownCopy& copy) {
  FinishedDisc finished{.time = utc_now(),
                        .drive_id = drive,
                        .disc = disc.label(),
                        .folder = copy.folder,
                        .end = DiscEnd::skipped,
                        .exit_code = 0,
                        .verdict = fmt::format("is in the archive already, in {}", copy.folder)};
  warn_of(lists_.write(archive_, finished, lists_.listed(drive, disc)));
  add_event("skipped", drive, std::nullopt, fmt::format("{} {}", finished.disc, finished.verdict));
  return finished;
}

Result<FinishedDisc> ArchiveRecords::failed(const std::string& drive, const std::optional<DiscInfo>& disc,
                                            const std::optional<WorkPlace>& place,
                                            const std::string& reason) {
  FinishedDisc finished{.time = utc_now(),
                        .drive_id = drive,
                        .disc = disc ? disc->label() : std::string(),
                        .folder = {},
                        .end = DiscEnd::failed,
                        .exit_code = 1,
                        .verdict = reason};
  const Listed listed = lists_.listed(drive, disc);
  const std::string identity = disc ? disc->identity : std::string();
  const auto begun = place ? std::optional(WorkName{identity, place->number}) : std::nullopt;
  TRY(const fs::path folder, archive_.put_aside(identity, begun, finished, listed));
  finished.folder = folder.string();
  warn_of(lists_.write(archive_, finished, listed));
  add_event("failed", drive, std::nullopt,
            fmt::format("{}: {}", finished.disc.empty() ? drive : finished.disc, reason));
  return finished;
}

void ArchiveRecords::note(const std::string& drive, const std::string& event) {
  add_event("note", drive, std::nullopt, event);
}

void ArchiveRecords::add_event(const std::string& kind, const std::string& drive,
                               std::optional<std::int64_t> disc, const std::string& text) {
  warn_of(catalog_->add_event({.time = utc_now(), .kind = kind, .drive = drive, .disc = disc, .text = text}));
}

void ArchiveRecords::remember(const std::string& drive, const std::string& identity) {
  warn_of(archive_.remember(drive, identity));
}

}  // namespace binrip::batch
