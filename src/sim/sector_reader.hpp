// Brings single sectors from the surface, as READ CD hands them over: read offset, C2, faults, field
// selection.
#pragma once

#include <optional>
#include <variant>

#include "fault_board.hpp"
#include "surface.hpp"

#include "binrip/drive/commands.hpp"

namespace binrip::sim {

// Byte 9 of READ CD, the main channel's part.
inline constexpr Byte kSelectSync = 0x80;
inline constexpr Byte kSelectSubheader = 0x40;
inline constexpr Byte kSelectHeader = 0x20;
inline constexpr Byte kSelectUser = 0x10;
inline constexpr Byte kSelectEdc = 0x08;
inline constexpr Byte kSelectMain = 0xF8;

enum class Expected : Byte {
  any = 0,
  cd_da = 1,
  mode1 = 2,
  mode2 = 3,
  form1 = 4,
  form2 = 5,
  user_blocks = 8,
  any_as_audio = 9,  // the vendor command D8
};

struct ReadRequest {
  cd::Lba begin;
  std::uint32_t count = 0;
  Expected expected = Expected::any;
  Byte selection = 0;  // kSelect… bits
  drive::C2Mode c2 = drive::C2Mode::none;
  drive::SubMode sub = drive::SubMode::none;
};

// One sector as delivered.
struct Delivered {
  std::array<Byte, cd::kSectorSize> main{};
  std::array<Byte, cd::kC2Size> c2{};
  std::array<Byte, cd::kSubSize> sub{};  // deinterleaved
  cd::SectorKind kind = cd::SectorKind::audio;
  bool damaged = false;  // holds bytes known to be wrong
};

// Why a sector is not delivered.
enum class Refusal {
  illegal_mode,  // not of the kind that was expected
  field,         // the fields asked for do not lie together in this kind of sector
  unreadable,
  image,  // the image behind the disc cannot be read
};

class SectorReader {
 public:
  // All kept by reference, for one command. `recovery` is the first byte of mode page 01h.
  SectorReader(const Surface& surface, FaultBoard& faults, const Habits& habits, Byte recovery)
      : surface_(surface), faults_(faults), habits_(habits), recovery_(recovery) {}

  // The sector, or why not.
  std::optional<Refusal> deliver(const ReadRequest& request, cd::Lba lba, Delivered& out);
  // Appends the fields that the request selects; false when they do not fit into `room`.
  bool emit(const ReadRequest& request, const Delivered& sector, MutableBytes& room) const;

 private:
  std::optional<Refusal> deliver_main(const ReadRequest& request, cd::Lba lba, Delivered& out);
  void deliver_c2(const ReadRequest& request, cd::Lba lba, Delivered& out);
  std::optional<Refusal> deliver_audio(cd::Lba lba, Delivered& out);
  std::optional<Refusal> deliver_data(cd::Lba lba, Delivered& out);
  std::optional<Refusal> deliver_sub(cd::Lba lba, Delivered& out);
  Result<const std::array<Byte, cd::kSectorSize>*> stream(cd::Lba lba);
  using Spots = std::vector<std::pair<std::uint16_t, Byte>>;
  bool hands_over_uncorrected() const;
  void hand_over_uncorrected(const Reading& reading, Spots& wrong, std::vector<std::uint16_t>& flagged);

  const Surface& surface_;
  FaultBoard& faults_;
  const Habits& habits_;
  Byte recovery_;
  // The last two sectors of the stream: neighbours share one.
  struct Kept {
    std::optional<cd::Lba> lba;
    std::array<Byte, cd::kSectorSize> bytes{};
  };
  std::array<Kept, 2> kept_;
};

// The parts of a delivered sector that byte 9 selects; nothing when they are not contiguous (MMC-6, READ CD).
struct Part {
  std::size_t begin = 0, size = 0;
};
std::optional<Part> select_part(cd::SectorKind kind, Byte selection);

}  // namespace binrip::sim
