// The faults of a disc as they come out: what one reading of a sector from the disc gives, kept as long as
// the sector stays in the drive's cache.
#pragma once

#include <utility>
#include <vector>

#include "noise.hpp"
#include "time_model.hpp"

#include "binrip/sim/sim_drive.hpp"

namespace binrip::sim {

// What reading a sector gave.
struct Reading {
  bool unreadable = false;
  int uncorrected_bytes = 1;                            // when the drive hands over an unreadable data sector
  std::vector<std::pair<std::uint16_t, Byte>> wrong;    // position, XOR mask
  std::vector<std::uint16_t> flagged;                   // positions that C2 tells
  std::vector<std::pair<std::uint16_t, Byte>> wrong_q;  // position in Q, XOR mask
  cd::SectorCount main_from, sub_from;                  // the sector that far on was delivered instead
  int slip = 0;                                         // samples lost just before this sector
};

class FaultBoard {
 public:
  FaultBoard(std::uint64_t seed, Habits habits) : noise_(seed), habits_(std::move(habits)) {}

  void set(const FaultMap& faults);
  bool empty() const { return faults_.empty(); }

  // The reading of a sector; the same one until it is forgotten.
  const Reading& reading(cd::Lba lba);
  // A fault of the command that touches this sector.
  std::optional<Fault::Kind> command_fault(cd::Lba lba);
  // A command begins to read: where its audio begins is settled.
  void begin_transfer();
  // How many samples off the sector came from the disc; the same until it is forgotten.
  int displacement(cd::Lba lba);
  void forget_all();
  std::int64_t age() const { return age_; }  // how often all was forgotten
  void forget_below(cd::Lba lba);
  // Unreadable sectors are not in the cache: the next command reads them again.
  void forget_unreadable();

  // How long the drive tries before it gives up: 0.5 to 10 s, short ones more often, and at times 50.
  Time give_up_time();
  // Wrong bytes at random places.
  std::vector<std::pair<std::uint16_t, Byte>> damage(int bytes, std::size_t size) {
    return damage(bytes, size, noise_);
  }

 private:
  struct Entry {
    Fault fault;
    int reads = 0;
  };
  bool strikes(Entry& entry);
  void apply(const Fault& fault, cd::Lba lba, Reading& reading);
  static std::vector<std::pair<std::uint16_t, Byte>> damage(int bytes, std::size_t size, Noise& noise);

  Noise noise_;
  Habits habits_;
  std::multimap<std::int32_t, Entry> faults_;
  std::map<std::int32_t, Reading> readings_;  // of sectors with faults
  int displaced_ = 0;                         // where the transfer in work stands
  std::map<std::int32_t, int> displacements_;
  std::int64_t age_ = 0;
};

}  // namespace binrip::sim
