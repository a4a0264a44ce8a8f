// The side of the engine that talks to the drive: walks over the targets of a pass, steps out of damage, and
// hands every transfer on, whether it brought anything or not.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <variant>
#include <vector>

#include "composer.hpp"
#include "evictor.hpp"
#include "issuer.hpp"
#include "queue.hpp"

namespace binrip::rip {

// What goes from the reader to the checking thread, in order.
struct BeginRun {
  cd::LbaRange targets;
  cd::LbaRange window;  // what is read for them
  cd::LbaRange image, readable;
  Stored stored = Stored::as_it_is;
};
struct TransferDone {
  std::unique_ptr<Transfer> transfer;
  std::chrono::nanoseconds time;  // the drive's clock after it
  ReaderCounts counts;
};
struct EndRun {
  RunEnd how = RunEnd::complete;
};
using ReadItem = std::variant<BeginRun, TransferDone, EndRun>;
using ReadQueue = BoundedQueue<ReadItem>;

// Transfers go round: the checking thread gives them back.
class TransferPool {
 public:
  std::unique_ptr<Transfer> take();
  void give_back(std::unique_ptr<Transfer> transfer);

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Transfer>> free_;
};

class Reader {
 public:
  Reader(drive::Drive& drive, const cd::Disc& disc, drive::Profile& profile, const EngineOptions& options,
         TransferPool& pool);

  enum class Preparation {
    fresh,         // what the pass reads cannot come from the drive's cache
    told_to_drop,  // the same, as far as the drive can be believed that it dropped its cache
    may_be_cached,
    refused,  // the drive does not take the pass's source
  };
  // Before run(): sets the drive up, and gets what the pass will read out of the drive's cache.
  Result<Preparation> prepare(const Pass& pass, const SectorMap& map, std::stop_token stop);
  // Reads the targets of a pass, as far as the time allows. Errors end the rip: cancelled, and those of
  // Issuer::read.
  Result<void> run(const Pass& pass, ReadQueue& out, std::stop_token stop);
  // After run(), or prepare() alone.
  void end_pass() { issuer_.end_pass(); }
  void end_rip() { issuer_.end_rip(); }

  // Reading ends at this time of the drive's clock.
  void set_deadline(std::chrono::nanoseconds deadline) { deadline_ = deadline; }
  bool out_of_time() const { return deadline_ && drive_.transport().now() >= *deadline_; }
  bool source_refused() const { return issuer_.source_refused(); }
  bool source_filtered() const { return issuer_.source_filtered(); }
  ReaderCounts counts() const { return issuer_.counts(); }
  const std::vector<std::string>& notes() const { return issuer_.notes(); }

 private:
  // A stretch of sectors to read, and what of it is wanted.
  struct Walk {
    cd::LbaRange wanted;  // what the composer is to make
    cd::LbaRange window;  // what must be read for it
    cd::LbaRange session, readable;
  };
  // What a try at a transfer brought: so many sectors, or none and where it stopped.
  struct Piece {
    std::uint32_t delivered = 0;
    std::optional<cd::Lba> bad;
  };

  // `margin`: sectors read on either side.
  Walk walk_over(cd::LbaRange targets, cd::SectorCount margin) const;
  Result<cd::Lba> walk_forward(const Pass& pass, Walk walk, std::stop_token stop);
  Result<void> walk_backward(const Pass& pass, cd::LbaRange targets, std::stop_token stop);
  Result<void> trim(const Pass& pass, cd::LbaRange targets, std::stop_token stop);
  Result<Piece> read_piece(const Pass& pass, cd::Lba at, std::uint32_t count);
  Result<void> give_up(const Pass& pass, cd::Lba at, std::uint32_t count);
  std::unique_ptr<Transfer> prepare_transfer(const Pass& pass, cd::Lba at, std::uint32_t count);
  Result<void> hand_on(std::unique_ptr<Transfer> transfer);
  Result<void> begin_run(const Pass& pass, const Walk& walk);
  Result<void> end_run(RunEnd how);

  std::uint32_t room_at(const Pass& pass, cd::Lba at, cd::Lba end) const;
  std::uint32_t transfer_limit(const Pass& pass) const;
  cd::LbaRange session_of(cd::Lba lba) const;
  cd::LbaRange readable_around(cd::LbaRange session) const;
  cd::Lba next_boundary(cd::Lba lba) const;

  drive::Drive& drive_;
  drive::Profile& profile_;
  Issuer issuer_;
  Evictor evictor_;
  ReadQueue* out_ = nullptr;  // of the pass in work
  TransferPool& pool_;
  OffsetReach reach_;
  std::vector<cd::LbaRange> sessions_;
  std::vector<cd::Lba> boundaries_;  // where transfers must not go across: kinds change, LBA 0, session ends
  bool pregap_wanted_ = false;       // the first track is audio: LBA -150 … -1 are looked at
  // Sectors that stopped a transfer; until the sweeps they are not asked for again.
  std::set<cd::Lba> known_bad_;
  Order order_before_ = Order::ascending;
  std::optional<std::chrono::nanoseconds> deadline_;
  std::uint64_t salt_ = 0;
};

}  // namespace binrip::rip
