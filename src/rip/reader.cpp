#include "reader.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace binrip::rip {

using cd::Lba;
using cd::LbaRange;
using cd::SectorCount;
using drive::SenseClass;

namespace {

// A drive may spend a minute on a damaged place before it gives up.
constexpr std::chrono::seconds kReadTimeout{60};
constexpr std::chrono::seconds kReadyLimit{60};
// An aborted command or a reset is answered by asking again; so often, then the sectors wait for another
// pass.
constexpr int kAttempts = 3;
// Commands in a row that failed in the operating system or the bus before the drive is given up.
constexpr int kFailuresInARow = 20;
// Small transfers of a retry pass: the sector with neighbours that vouch for it.
constexpr std::uint32_t kRetryTransfer = 8;
constexpr int kRetryMargin = 1;

}  // namespace

std::unique_ptr<Transfer> TransferPool::take() {
  const std::lock_guard lock(mutex_);
  if (free_.empty()) return std::make_unique<Transfer>();
  std::unique_ptr<Transfer> transfer = std::move(free_.back());
  free_.pop_back();
  return transfer;
}

void TransferPool::give_back(std::unique_ptr<Transfer> transfer) {
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(transfer));
}

Reader::Reader(drive::Drive& drive, const cd::Disc& disc, drive::Profile& profile,
               const EngineOptions& options, TransferPool& pool)
    : drive_(drive),
      profile_(profile),
      options_(options),
      pool_(pool),
      reach_(profile.read_offset.value),
      sessions_(cd::image_ranges(disc)) {
  bool kind = false;
  boundaries_.push_back(Lba{0});
  for (const cd::TrackRef& track : cd::track_ranges(disc)) {
    if (track.track->is_data() != kind) boundaries_.push_back(track.track->start());
    kind = track.track->is_data();
  }
  for (const LbaRange& session : sessions_) {
    boundaries_.push_back(session.begin);
    boundaries_.push_back(session.end);
  }
  std::sort(boundaries_.begin(), boundaries_.end());
  pregap_wanted_ = !disc.sessions.front().tracks.front().is_data();
}

Result<void> Reader::run(const Pass& pass, ReadQueue& out, std::stop_token stop) {
  out_ = &out;
  for (const LbaRange& targets : pass.targets) TRY_VOID(run_range(pass, targets, stop));
  return {};
}

// A pass over more than the cache holds pushes each sector out before it comes round again. A smaller one is
// served from the cache unless something else is read in between, or the drive can be told.
bool Reader::prepare(const Pass& pass) {
  emptied_cache_ = false;
  if (pass.purpose == Purpose::stream) return true;
  const std::int64_t cache = std::int64_t{profile_.cache_kib.value} * 1024;
  if (total_size(pass.targets) * static_cast<std::int64_t>(cd::kSectorSize) >= 2 * cache) return true;
  bool obeyed = true;
  for (const LbaRange& targets : pass.targets) {
    auto reply = drive_.read_12_fua(targets.begin, 0, {});
    ++counts_.commands;
    obeyed = obeyed && reply && reply->good;
  }
  emptied_cache_ = obeyed;
  return obeyed;
}

LbaRange Reader::session_of(Lba lba) const {
  const auto found =
      std::find_if(sessions_.begin(), sessions_.end(), [&](const LbaRange& s) { return lba < s.end; });
  return found == sessions_.end() ? sessions_.back() : *found;
}

// Over-read at the outer ends only: the gap between two sessions is never touched.
LbaRange Reader::readable_around(LbaRange session) const {
  LbaRange readable = session;
  if (session.begin == sessions_.front().begin) {
    readable.begin = session.begin - SectorCount{profile_.overread_lead_in.value};
  }
  if (session.end == sessions_.back().end) {
    readable.end = session.end + SectorCount{profile_.overread_lead_out.value};
  }
  return readable;
}

Lba Reader::next_boundary(Lba lba) const {
  const auto next = std::upper_bound(boundaries_.begin(), boundaries_.end(), lba);
  return next == boundaries_.end() ? cd::kLastLba : *next;
}

std::uint32_t Reader::transfer_limit(const Pass& pass) const {
  const drive::ReadCd request{.start = Lba{0}, .count = 1, .c2 = pass.c2, .sub = pass.sub};
  const auto limit = static_cast<std::uint32_t>(profile_.max_transfer.value / drive::record_size(request));
  const std::uint32_t most = pass.purpose == Purpose::retry ? kRetryTransfer : 0xFFFFU;
  return std::clamp(limit, 1U, most);
}

Result<void> Reader::run_range(const Pass& pass, LbaRange targets, std::stop_token stop) {
  const LbaRange session = session_of(targets.begin);
  const LbaRange readable = readable_around(session);
  LbaRange wanted = targets;
  if (pass.purpose == Purpose::stream && pregap_wanted_ && targets.begin == sessions_.front().begin) {
    wanted.begin = readable.begin;
  }
  LbaRange window = Composer::window(reach_, wanted, readable);
  if (pass.purpose == Purpose::retry) {
    window.begin = std::max(window.begin - SectorCount{kRetryMargin}, readable.begin);
    window.end = std::min(window.end + SectorCount{kRetryMargin}, readable.end);
  }
  if (!out_->push(BeginRun{wanted, session, readable})) return fail(ErrorKind::cancelled, "stopped");
  for (Lba at = window.begin; at < window.end;) {
    if (stop.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
    const std::int32_t room = (std::min(window.end, next_boundary(at)) - at).value;
    const auto count = std::min(static_cast<std::uint32_t>(room), transfer_limit(pass));
    TRY_VOID(read_piece(pass, at, count, stop));
    at += SectorCount{static_cast<std::int32_t>(count)};
  }
  if (!out_->push(EndRun{})) return fail(ErrorKind::cancelled, "stopped");
  return {};
}

Result<void> Reader::read_piece(const Pass& pass, Lba start, std::uint32_t count, std::stop_token stop) {
  std::unique_ptr<Transfer> transfer = pool_.take();
  transfer->prepare({.start = start, .count = count, .c2 = pass.c2, .sub = pass.sub}, profile_.order.value,
                    ++salt_);
  TRY(const Outcome outcome, issue(*transfer, pass.purpose));
  if (outcome == Outcome::done) {
    if (!out_->push(TransferDone{std::move(transfer), drive_.transport().now(), counts_})) {
      return fail(ErrorKind::cancelled, "stopped");
    }
    return {};
  }
  if (outcome == Outcome::shrink) {
    profile_.max_transfer.value = static_cast<std::uint32_t>(transfer->buffer().size() / 2);
  }
  pool_.give_back(std::move(transfer));
  const std::uint32_t first = count / 2;
  TRY_VOID(read_piece(pass, start, first, stop));
  if (stop.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
  return read_piece(pass, start + SectorCount{static_cast<std::int32_t>(first)}, count - first, stop);
}

Result<Reader::Outcome> Reader::issue(Transfer& transfer, Purpose purpose) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    ++counts_.commands;
    const auto reply = drive_.read_cd(transfer.request(), transfer.buffer(), kReadTimeout);
    if (!reply) return after_error(reply.error(), transfer, purpose);
    failures_in_a_row_ = 0;
    if (reply->good || classify(reply->sense) == SenseClass::recovered) {
      counts_.sectors += transfer.count();
      largest_proved_ = true;
      return Outcome::done;
    }
    TRY(const std::optional<Outcome> outcome, after_check_condition(reply->sense, transfer, purpose));
    if (outcome) return *outcome;
  }
  ++counts_.other_errors;
  transfer.set_failed();
  return Outcome::done;
}

// The command did not come back from the drive at all.
Result<Reader::Outcome> Reader::after_error(const Error& error, Transfer& transfer, Purpose purpose) {
  if (error.kind == ErrorKind::no_device || error.kind == ErrorKind::permission) return fail(error);
  if (error.kind != ErrorKind::timeout && transfer.count() > 1 && !largest_proved_) return Outcome::shrink;
  ++counts_.other_errors;
  if (++failures_in_a_row_ > kFailuresInARow) {
    return fail(error.kind, fmt::format("{} has stopped answering: {}", drive_.name(), error.message),
                "check the cable and the power; the same command goes on where this one stopped");
  }
  if (transfer.count() > 1 && purpose == Purpose::retry) return Outcome::split;
  transfer.set_failed();
  return Outcome::done;
}

// Nothing: ask again.
Result<std::optional<Reader::Outcome>> Reader::after_check_condition(const drive::Sense& sense,
                                                                     Transfer& transfer, Purpose purpose) {
  const bool several = transfer.count() > 1;
  switch (classify(sense)) {
    case SenseClass::medium_changed:
      return fail(ErrorKind::medium_changed, "the disc was changed while it was being read",
                  "put the first disc back in and run the same command");
    case SenseClass::no_medium:
      return fail(ErrorKind::no_medium, "the disc was taken out while it was being read",
                  "put it back in and run the same command");
    case SenseClass::becoming_ready:
    case SenseClass::not_ready:
      TRY_VOID(recover_ready());
      return std::nullopt;
    case SenseClass::reset:
      restore_settings();
      return std::nullopt;
    case SenseClass::unit_attention:
    case SenseClass::aborted:
    case SenseClass::hardware:
    case SenseClass::none:
      return std::nullopt;
    case SenseClass::illegal_mode:
      // Another kind of sector begins inside this transfer.
      if (several) return Outcome::split;
      break;
    case SenseClass::illegal:
      if (several && !largest_proved_) return Outcome::shrink;
      break;
    case SenseClass::medium:
      ++counts_.medium_errors;
      if (several && purpose == Purpose::retry) return Outcome::split;
      transfer.set_failed();
      return Outcome::done;
    case SenseClass::out_of_range:
      if (several) return Outcome::split;
      break;
    default:
      break;
  }
  ++counts_.other_errors;
  transfer.set_failed();
  return Outcome::done;
}

Result<void> Reader::recover_ready() {
  TRY_VOID(drive_.wait_ready(kReadyLimit));
  TRY_VOID(options_.check_same_disc());
  restore_settings();
  return {};
}

// A drive that does not take a speed reads all the same.
void Reader::restore_settings() { static_cast<void>(drive_.set_speed(options_.speed)); }

}  // namespace binrip::rip
