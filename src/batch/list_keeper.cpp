#include "list_keeper.hpp"

#include <set>

namespace binrip::batch {
namespace {

namespace fs = std::filesystem;

ManifestRow manifest_row(const FinishedDisc& finished, const Listed& listed) {
  return {.time = finished.time,
          .order = listed.order,
          .barcode = listed.barcode,
          .title = listed.title,
          .volume = listed.volume,
          .drive = finished.drive_id,
          .disc_id = listed.disc_id,
          .folder = finished.folder,
          .end = finished.end,
          .exit_code = finished.exit_code,
          .verdict = finished.verdict};
}

ObservedDisc observed(const DiscInfo& disc) {
  return {.mcn = disc.mcn,
          .title = disc.title,
          .artist = disc.artist,
          .label = disc.volume_label,
          .disc_id = disc.disc_id};
}

}  // namespace

Result<ListKeeper> ListKeeper::open(const Archive& archive, const fs::path& list, Repeats repeats) {
  std::vector<ListEntry> entries;
  if (!list.empty()) {
    TRY(entries, read_job_list(list));
  }
  TRY(Manifest manifest, Manifest::open(archive.folder()));
  JobQueue queue(std::move(entries), manifest.rows());
  ListKeeper keeper(!list.empty(), std::move(queue), std::move(manifest), repeats);
  if (!list.empty()) keeper.brought_ = archive.brought();
  for (const auto& [drive, order] : keeper.brought_)
    keeper.queue_.take(drive, order, JobQueue::Came::by_loader);
  return keeper;
}

Result<void> ListKeeper::brought(const Archive& archive, const std::string& drive) {
  if (!has_list_) return {};
  const ListEntry* entry = queue_.bring(drive);
  if (entry == nullptr) {
    brought_.erase(drive);
  } else {
    brought_[drive] = entry->order;
  }
  return archive.remember_brought(brought_);
}

Expectation ListKeeper::expect(const Archive& archive, const std::string& drive, const DiscInfo& disc,
                               int place) {
  if (!has_list_) return {};
  // A disc that was begun goes on as what it was.
  const std::string order = archive.order_of_work({disc.identity, place});
  if (!order.empty() && !brought_.contains(drive) && queue_.take(drive, order, JobQueue::Came::by_hand)) {
    return {};
  }
  const JobQueue::Answer answer = queue_.expect(drive, observed(disc), window_);
  if (answer.fit == Fit::contradicts) return {answer.reason};
  if (!answer.repeats.empty() && repeats_ == Repeats::stop) return {answer.repeats};
  return {};
}

Listed ListKeeper::listed(const std::string& drive, const std::optional<DiscInfo>& disc) const {
  Listed listed;
  if (disc)
    listed = {
        .order = {}, .barcode = disc->mcn, .title = disc->title, .volume = {}, .disc_id = disc->disc_id};
  if (const ListEntry* entry = queue_.entry_of(drive); entry != nullptr) {
    // All of them, empty ones too: so the row is known as the entry's after a restart.
    listed.order = entry->order;
    listed.barcode = entry->barcode;
    listed.title = entry->title;
    listed.volume = entry->volume;
  }
  return listed;
}

Result<void> ListKeeper::write(const Archive& archive, const FinishedDisc& finished, const Listed& listed) {
  const ManifestRow row = manifest_row(finished, listed);
  TRY_VOID(manifest_.append(row));
  queue_.finish(finished.drive_id, row);
  if (brought_.erase(finished.drive_id) == 0) return {};
  return archive.remember_brought(brought_);
}

Result<void> ListKeeper::write_missing(const Archive& archive) {
  std::set<std::string> there;
  for (const ManifestRow& row : manifest_.rows()) there.insert(row.folder);
  TRY(const std::vector<PutAside> all, archive.all_put_aside());
  for (const PutAside& one : all) {
    if (!there.contains(one.finished.folder)) TRY_VOID(write(archive, one.finished, one.listed));
  }
  return {};
}

}  // namespace binrip::batch
