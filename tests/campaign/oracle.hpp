// A transport that knows the truth: passes every command on to a software drive, and keeps for every sector
// of the disc what the drive ever delivered of it.
//
// A delivery is a sector of the disc put together from the records of READ CD commands that ended with GOOD
// (audio shifted by the read offset: two records, of one command or of two that follow each other). What a
// failed command left in the buffer does not count, nor do other read commands, nor data read as CD-DA.
// A record is in its place when its own Q (CRC right) or its data header gives its address, or when it says
// nothing and records before and after it in the same command are in theirs.
// Two deliveries are independent when the drive's cache was emptied between them. A delivery has a voice
// unless the drive flagged it by C2 (where its flags say something of their own sector), and unless it is
// zeros and nothing says where they come from: they may be a transfer that was lost.
#pragma once

#include <array>
#include <bitset>
#include <memory>
#include <vector>

#include "binrip/cd/disc.hpp"
#include "binrip/drive/commands.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::campaign {

using Sector = std::array<Byte, cd::kSectorSize>;

class Oracle : public drive::Transport {
 public:
  // By reference. Commands beyond `most_commands` fail as if the drive had gone: the rip hangs.
  Oracle(sim::SimDrive& drive, image::DiscImage& disc, const sim::Habits& habits, std::int64_t most_commands);

  Result<drive::Completion> execute(const drive::Cdb& cdb, drive::Direction direction, MutableBytes data,
                                    std::chrono::milliseconds timeout) override;
  std::size_t max_transfer() const override { return drive_.max_transfer(); }
  std::string name() const override { return drive_.name(); }
  std::chrono::nanoseconds now() const override { return drive_.now(); }
  void wait(std::chrono::milliseconds duration) override { drive_.wait(duration); }

  // What comes from now on counts: before it the drive is only examined.
  void begin() { begun_ = true; }
  bool begun() const { return begun_; }
  // Tells of every delivery of this sector, on stdout.
  void watch(cd::Lba lba) { watched_ = lba; }
  bool hung() const { return commands_ > most_commands_; }
  std::int64_t failed_commands() const { return failed_commands_; }
  const Sector& truth(cd::Lba lba) const { return truth_[position(lba)]; }

  // Something of the sector did not come as it is on the disc, at least once: not delivered, wrong, flagged
  // by C2, or not in its place although the drive has subchannel.
  bool hurt(cd::Lba lba) const { return seen_[position(lba)].hurt; }
  // From what was delivered, the sector could be had and known to be right:
  //   - its EDC (and ECC) is right in one delivery; or
  //   - each of its bytes came in its place with C2 clear, and none ever came so and wrong; or
  //   - two independent deliveries with a voice were right, one of them in its place or the drive has no
  //     subchannel, and no wrong version of it has two voices too (it would be lied alike); or
  //   - its ECC, over the bytes that came with C2 clear and the others as they came last, the others being
  //     erasures, and those that came with C2 clear in two ways, leads to the truth; but not where the same
  //     wrong bytes came twice, in their place and independently, with C2 clear: then a disc that was
  //     mastered with a wrong EDC looks the same.
  bool restorable(cd::Lba lba) const;
  // How the drive vouched for bytes that are not the disc's.
  enum class Lie {
    none,        // it did not: whoever calls them good is wrong
    under_c2,    // each wrong byte came with C2 clear and in its place, in one read or in two that were the
                 // same
    repeatedly,  // the sector came in its place like this in two independent deliveries
  };
  Lie lie(cd::Lba lba, const Sector& image) const;

 private:
  // A whole sector that came once.
  struct Delivery {
    std::uint64_t hash = 0;
    bool right = false;
    std::int64_t first_age = 0, second_age = 0;
    bool placed = false, clean = false, flagged = false, zeros = false;
  };
  struct Seen {
    bool hurt = false;
    bool edc_right = false;
    std::bitset<cd::kSectorSize> clean_right, clean_wrong;
    std::vector<Delivery> deliveries;
    std::vector<std::pair<std::uint16_t, Byte>> clean_lies;  // position and byte that came with C2 clear
    std::unique_ptr<Sector> merged;                          // clean bytes, and others where there are none
    // The delivery in the making.
    std::array<std::int64_t, 2> part_command = {-10, -10}, part_age = {0, 0};
    std::array<bool, 2> part_placed = {false, false}, part_clean = {false, false},
                        part_flagged = {false, false};
    std::unique_ptr<Sector> assembled;
  };
  struct Record {
    cd::Lba lba;
    Bytes main, c2;  // c2 is empty without
    bool placed = false;
  };

  std::size_t position(cd::Lba lba) const;
  bool in_image(cd::Lba lba) const;
  bool is_data(cd::Lba lba) const { return is_data_[position(lba)]; }
  void note(const drive::ReadCd& request, Bytes data, bool good);
  void mark_hurt(const drive::ReadCd& request);
  void judge_places(const drive::ReadCd& request, Bytes data, std::vector<Record>& records) const;
  void take(const Record& record);
  // Bytes [at, at + size) of sector `lba` of the disc are bytes [from, from + size) of the record.
  void take_part(cd::Lba lba, const Record& record, std::size_t from, std::size_t at, std::size_t size,
                 std::size_t part, std::size_t parts);
  void complete(cd::Lba lba, Seen& seen, std::size_t parts);
  static bool independent(const Delivery& a, const Delivery& b) {
    return a.first_age != b.first_age && a.second_age != b.second_age;
  }
  static bool looks_mastered(const Seen& seen);
  bool has_voice(const Delivery& delivery) const;
  int voices(const Seen& seen, std::uint64_t hash) const;
  bool wins_the_vote(const Seen& seen) const;
  bool ecc_restores(const Seen& seen, const Sector& truth, cd::Lba lba) const;

  sim::SimDrive& drive_;
  sim::Habits habits_;
  std::int64_t most_commands_;
  std::int64_t commands_ = 0, failed_commands_ = 0, age_ = 0;
  bool begun_ = false, other_disc_ = false;
  std::optional<cd::Lba> watched_;
  std::vector<cd::LbaRange> ranges_;
  std::vector<Sector> truth_;
  std::vector<bool> is_data_;
  std::vector<Seen> seen_;
};

}  // namespace binrip::campaign
