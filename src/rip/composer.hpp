// From sectors as the drive delivers them to sectors as they are on the disc: data sectors stand where their
// address says; audio is shifted back by the read offset, with its C2 bits. disc[x] = delivered[x + N].
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "transfer.hpp"

#include "binrip/cd/disc.hpp"

namespace binrip::rip {

// How sectors of a run come from the drive.
enum class Stored {
  as_it_is,   // audio shifted, data in its place
  scrambled,  // data read as audio: shifted like audio, and scrambled
};
enum class RunEnd {
  complete,    // what is missing is missing
  broken_off,  // what is missing has not been tried
};

enum class C2Verdict { unknown, clean, set };

// A sector of the disc, put together.
struct Composed {
  cd::Lba lba;
  bool is_data = false;
  bool kind_told = true;               // by sync, Q, or the TOC; else it may be data, as far as is known
  bool asked_for = true;               // else it came along with the targets, and may be there only in part
  Arrival arrival = Arrival::missing;  // the weakest of its parts; missing: `main` means nothing
  C2Verdict c2 = C2Verdict::unknown;
  // Bytes whose part did not come, flagged in c2_bits and zero; only where the drive has C2, else a sector
  // without one of its parts is missing.
  std::size_t absent_bytes = 0;
  std::size_t absent_from = 0;  // the first of them
  bool flags_close = false;     // C2 is set somewhere in its records, or in the two before or after
  // Samples beyond what the drive can read (over-read, or data next to audio); zeros stand there.
  int edge_samples = 0;
  bool silent_at_edge =
      true;  // the delivered sector next to the edge is digital silence, so zeros go on from it
  std::array<Byte, cd::kSectorSize> main;
  std::array<Byte, cd::kC2Size> c2_bits;  // a bit a byte of `main`, first byte = bit 7; valid when c2 is set
};

class SectorSink {
 public:
  virtual ~SectorSink() = default;
  virtual Result<void> on_main(const Composed& sector) = 0;
  virtual Result<void> on_sub(const Delivered& sector) = 0;
};

// How many sectors before and after an audio sector its samples may lie.
struct OffsetReach {
  explicit OffsetReach(int read_offset);
  int first;   // delivered sector, relative to the disc sector, that holds its first byte
  int shift;   // bytes into that sector, 0 … 2351
  int before;  // sectors needed before the sector itself, 0 or more
  int after;
};

// Feed one contiguous ascending run of delivered sectors at a time. Not thread-safe.
class Composer {
 public:
  Composer(const cd::Disc& disc, int read_offset, SectorSink& sink);

  // The sectors to compose; push() then goes on from window().begin. `image`: the session that they lie in;
  // `readable` goes beyond it as far as the drive can over-read. Other sectors of the image that come along
  // in the window are composed too.
  void begin(cd::LbaRange targets, cd::LbaRange image, cd::LbaRange readable,
             Stored stored = Stored::as_it_is);
  Result<void> push(const Delivered& sector);
  // No more sectors come for this run.
  Result<void> end(RunEnd how = RunEnd::complete);

  // Which sectors must be read for these targets.
  static cd::LbaRange window(const OffsetReach& reach, cd::LbaRange targets, cd::LbaRange readable);

 private:
  enum class Part { audio, edge, missing };
  // A delivered sector, and whether C2 is set anywhere in it.
  struct Held {
    Delivered sector;
    bool flagged = false;
  };
  const Held* find_held(cd::Lba lba) const;
  const Delivered* find(cd::Lba lba) const;
  bool flags_close_to(cd::Lba first, cd::Lba last) const;
  bool is_told_audio(cd::Lba lba) const;
  bool is_kind_told(cd::Lba lba) const;
  bool is_data_sector(const Delivered& sector) const;
  bool toc_says_data(cd::Lba lba) const;
  bool is_data_unseen(cd::Lba lba) const;
  bool is_before_audio_track(cd::Lba lba) const;
  Result<void> compose(cd::Lba lba);
  Result<void> hand_on();
  void join_shifted(cd::Lba lba);
  Result<void> compose_audio(cd::Lba lba);
  Result<void> compose_scrambled(cd::Lba lba);
  Part part_at(cd::Lba lba, const Delivered*& sector) const;
  bool is_silent_next_to(cd::Lba edge) const;
  void flag(std::size_t at);
  void take_c2(const Delivered& sector, std::size_t from, std::size_t to, std::size_t size);
  void take_from(cd::Lba lba, std::size_t from, std::size_t to, std::size_t size);

  OffsetReach reach_;
  SectorSink& sink_;
  std::vector<std::pair<cd::Lba, bool>> data_from_;  // INDEX 01 of each track, and whether it is data
  cd::LbaRange targets_, image_, readable_;
  cd::LbaRange composed_;  // the targets, and what comes along
  Stored stored_ = Stored::as_it_is;
  cd::Lba next_;
  std::deque<std::unique_ptr<Held>> held_;
  std::vector<std::unique_ptr<Held>> spare_;
  Composed out_;
};

}  // namespace binrip::rip
