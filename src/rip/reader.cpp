#include "reader.hpp"

#include <algorithm>
#include <limits>

namespace binrip::rip {

using cd::Lba;
using cd::LbaRange;
using cd::SectorCount;

namespace {

// Sectors on either side of a small target that vouch for where it lies; and of one that is to be matched.
constexpr SectorCount kMargin{1};
constexpr SectorCount kMatchingMargin{4};
// Transfers of a walk from the far side.
constexpr std::int32_t kBackwardTrim = 32;
constexpr std::int32_t kBackwardSweep = 8;

SectorCount margin_of(Purpose purpose) {
  switch (purpose) {
    case Purpose::raw:
    case Purpose::scrape:
    case Purpose::sweep:
      return kMargin;
    case Purpose::paranoia:
      return kMatchingMargin;
    case Purpose::stream:
    case Purpose::trim:
    case Purpose::subchannel:
    case Purpose::proof:
      break;
  }
  return {};
}

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
      issuer_(drive, profile, options),
      evictor_(drive, profile, issuer_),
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

// --- before a pass ---

// A pass in the same direction over more than the cache holds pushes each sector out before it comes round
// again. Before others something else is read.
Result<Reader::Preparation> Reader::prepare(const Pass& pass, const SectorMap& map, std::stop_token stop) {
  const Order before = order_before_;
  Freshness freshness = Freshness::fresh;
  if (reads_again(pass.purpose)) {
    if (pass.reading == 1) known_bad_.clear();
    order_before_ = pass.order;
    const bool again = pass.order == Order::ascending && before == Order::ascending;
    TRY(freshness,
        evictor_.evict(pass.targets, again ? Evictor::Walk::ascending_again : Evictor::Walk::otherwise, map,
                       std::move(stop)));
  } else {
    order_before_ = pass.purpose == Purpose::stream ? Order::ascending : Order::descending;
  }
  if (!issuer_.begin_pass(pass)) return Preparation::refused;
  switch (freshness) {
    case Freshness::fresh:
      return Preparation::fresh;
    case Freshness::told_to_drop:
      return Preparation::told_to_drop;
    case Freshness::may_be_cached:
      break;
  }
  return Preparation::may_be_cached;
}

// --- where to read ---

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
  const std::uint32_t most = pass.stride.transfer == 0 ? 0xFFFFU : pass.stride.transfer;
  const std::uint32_t shorter = std::min(pass.stride.shorter, limit / 2);
  return std::clamp(limit - shorter, 1U, most);
}

// How many sectors one command may ask for here.
std::uint32_t Reader::room_at(const Pass& pass, Lba at, Lba end) const {
  end = std::min(end, next_boundary(at));
  const auto bad = known_bad_.upper_bound(at);
  if (bad != known_bad_.end()) end = std::min(end, *bad);
  return std::min(static_cast<std::uint32_t>((end - at).value), transfer_limit(pass));
}

Reader::Walk Reader::walk_over(LbaRange targets, SectorCount margin) const {
  const LbaRange session = session_of(targets.begin);
  const LbaRange readable = readable_around(session);
  const LbaRange needed = Composer::window(reach_, targets, readable);
  const LbaRange window{std::max(needed.begin - margin, readable.begin),
                        std::min(needed.end + margin, readable.end)};
  return {targets, window, session, readable};
}

// --- a pass ---

Result<void> Reader::run(const Pass& pass, ReadQueue& out, std::stop_token stop) {
  out_ = &out;
  if (pass.order == Order::descending) {
    for (auto targets = pass.targets.rbegin(); targets != pass.targets.rend(); ++targets) {
      TRY_VOID(walk_backward(pass, *targets, stop));
    }
    return {};
  }
  for (const LbaRange& targets : pass.targets) {
    if (out_of_time() || source_refused()) break;
    if (pass.purpose == Purpose::trim) {
      TRY_VOID(trim(pass, targets, stop));
      continue;
    }
    Walk walk = walk_over(targets, margin_of(pass.purpose));
    if (pass.purpose == Purpose::stream && pregap_wanted_ && targets.begin == sessions_.front().begin) {
      walk.wanted.begin = walk.window.begin = walk.readable.begin;
    }
    TRY_VOID(walk_forward(pass, walk, stop));
  }
  return {};
}

// Reads a window in ascending order and leaves out what the stride says. Gives the first sector that was left
// out, or the window's end.
Result<Lba> Reader::walk_forward(const Pass& pass, Walk walk, std::stop_token stop) {
  TRY_VOID(begin_run(pass, walk));
  std::int32_t step = pass.stride.first_step;
  Lba left_out = walk.window.end;
  Lba at = walk.window.begin;
  while (at < walk.window.end && !out_of_time() && !source_refused()) {
    if (stop.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
    TRY(const Piece piece, read_piece(pass, at, room_at(pass, at, walk.window.end)));
    if (piece.delivered > 0) {
      at += SectorCount{static_cast<std::int32_t>(piece.delivered)};
      step = pass.stride.first_step;
      continue;
    }
    // What lies before the sector that stopped it is there for the asking.
    if (piece.bad && *piece.bad > at) {
      known_bad_.insert(*piece.bad);
      continue;
    }
    const bool outside = !walk.session.contains(at);
    const std::uint32_t lost = outside && !piece.bad ? room_at(pass, at, walk.window.end) : 1;
    if (piece.bad || outside) {
      TRY_VOID(give_up(pass, at, lost));
      known_bad_.insert(at);
      at += SectorCount{static_cast<std::int32_t>(lost)};
    }
    if (step == 0 || outside) continue;
    TRY_VOID(end_run(RunEnd::broken_off));
    left_out = std::min(left_out, at);
    at += SectorCount{std::min(step, (walk.window.end - at).value)};
    step = std::min(step, std::numeric_limits<std::int32_t>::max() / 2) * 2;
    step = std::min(step, pass.stride.longest_step);
    walk.wanted.begin = std::min(at + SectorCount{reach_.before}, walk.wanted.end);
    TRY_VOID(begin_run(pass, walk));
  }
  TRY_VOID(end_run(at < walk.window.end ? RunEnd::broken_off : RunEnd::complete));
  return std::min(left_out, at);
}

// From the far side: the pieces from the last to the first, each of them forwards.
Result<void> Reader::walk_backward(const Pass& pass, LbaRange targets, std::stop_token stop) {
  for (Lba end = targets.end; end > targets.begin && !out_of_time() && !source_refused();) {
    const Lba begin = std::max(targets.begin, end - SectorCount{kBackwardSweep});
    TRY_VOID(walk_forward(pass, walk_over({begin, end}, kMargin), stop));
    end = begin;
  }
  return {};
}

// What was stepped over, from the front up to the first error, then from the back.
Result<void> Reader::trim(const Pass& pass, LbaRange targets, std::stop_token stop) {
  Pass whole = pass;
  whole.stride.first_step = whole.stride.longest_step = std::numeric_limits<std::int32_t>::max() / 4;
  TRY(const Lba front, walk_forward(whole, walk_over(targets, margin_of(whole.purpose)), stop));
  for (Lba end = targets.end; end > front && !out_of_time();) {
    const Lba begin = std::max(front, end - SectorCount{kBackwardTrim});
    TRY(const Lba reached, walk_forward(whole, walk_over({begin, end}, margin_of(whole.purpose)), stop));
    if (reached < end) break;
    end = begin;
  }
  return {};
}

// --- a transfer ---

std::unique_ptr<Transfer> Reader::prepare_transfer(const Pass& pass, Lba at, std::uint32_t count) {
  std::unique_ptr<Transfer> transfer = pool_.take();
  drive::ReadCd request{.start = at, .count = count, .c2 = pass.c2, .sub = pass.sub};
  drive::FieldOrder order = profile_.order.value;
  if (pass.source == Source::as_audio) request.expected = drive::ExpectedSector::cd_da;
  if (pass.source == Source::vendor_d8) {
    request.by = drive::ReadBy::vendor_d8;
    order = drive::FieldOrder::main_c2_sub;
  }
  transfer->prepare(request, order, ++salt_);
  return transfer;
}

// Asks for fewer sectors where that may do. In a walk that leaves nothing out, a failure without an address
// is narrowed down to one sector.
Result<Reader::Piece> Reader::read_piece(const Pass& pass, Lba at, std::uint32_t count) {
  if (known_bad_.contains(at)) return Piece{0, at};
  while (true) {
    std::unique_ptr<Transfer> transfer = prepare_transfer(pass, at, count);
    TRY(const Attempt attempt, issuer_.read(*transfer));
    if (attempt.kind == Attempt::Kind::delivered) {
      TRY_VOID(hand_on(std::move(transfer)));
      return Piece{count, {}};
    }
    pool_.give_back(std::move(transfer));
    const bool narrow = attempt.kind == Attempt::Kind::smaller ||
                        (!attempt.bad && pass.stride.first_step == 0 && !source_refused());
    if (!narrow || count == 1) return Piece{0, count == 1 ? at : attempt.bad};
    count = (count + 1) / 2;
  }
}

Result<void> Reader::give_up(const Pass& pass, Lba at, std::uint32_t count) {
  std::unique_ptr<Transfer> transfer = prepare_transfer(pass, at, count);
  transfer->set_failed();
  return hand_on(std::move(transfer));
}

Result<void> Reader::hand_on(std::unique_ptr<Transfer> transfer) {
  if (out_->push(TransferDone{std::move(transfer), drive_.transport().now(), counts()})) return {};
  return fail(ErrorKind::cancelled, "stopped");
}

Result<void> Reader::begin_run(const Pass& pass, const Walk& walk) {
  const Stored stored = is_scrambled(pass.source) ? Stored::scrambled : Stored::as_it_is;
  if (out_->push(BeginRun{walk.wanted, walk.window, walk.session, walk.readable, stored})) return {};
  return fail(ErrorKind::cancelled, "stopped");
}

Result<void> Reader::end_run(RunEnd how) {
  if (out_->push(EndRun{how})) return {};
  return fail(ErrorKind::cancelled, "stopped");
}

}  // namespace binrip::rip
