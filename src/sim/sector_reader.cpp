#include "sector_reader.hpp"

#include <algorithm>

namespace binrip::sim {
namespace {

constexpr Byte kTransferBlock = 0x20;      // mode page 01h, TB
constexpr Byte kDisableCorrection = 0x01;  // DCR

void set_c2(std::array<Byte, cd::kC2Size>& c2, std::size_t position) {
  c2[position / 8] = static_cast<Byte>(c2[position / 8] | (0x80U >> (position % 8)));
}

bool is_expected(Expected expected, cd::SectorKind kind) {
  switch (expected) {
    case Expected::any:
      return true;
    case Expected::cd_da:
    case Expected::any_as_audio:
      return kind == cd::SectorKind::audio;
    case Expected::mode1:
      return kind == cd::SectorKind::mode1;
    case Expected::mode2:
      return kind == cd::SectorKind::mode2_formless;
    case Expected::form1:
      return kind == cd::SectorKind::mode2_form1;
    case Expected::form2:
      return kind == cd::SectorKind::mode2_form2;
    case Expected::user_blocks:
      return kind == cd::SectorKind::mode1 || kind == cd::SectorKind::mode2_form1;
  }
  return false;
}

// Copies `bytes` to the front of `room` and moves it on; false when there is no room.
bool put(Bytes bytes, MutableBytes& room) {
  if (bytes.size() > room.size()) return false;
  std::copy(bytes.begin(), bytes.end(), room.begin());
  room = room.subspan(bytes.size());
  return true;
}

// Sizes of sync, header, subheader, user data, EDC and ECC.
std::array<std::size_t, 5> part_sizes(cd::SectorKind kind) {
  switch (kind) {
    case cd::SectorKind::audio:
      return {0, 0, 0, 2352, 0};
    case cd::SectorKind::mode1:
      return {12, 4, 0, 2048, 288};
    case cd::SectorKind::mode2_form1:
      return {12, 4, 8, 2048, 280};
    case cd::SectorKind::mode2_form2:
      return {12, 4, 8, 2324, 4};
    case cd::SectorKind::mode0:
    case cd::SectorKind::mode2_formless:
    case cd::SectorKind::unknown_mode:
      break;
  }
  return {12, 4, 0, 2336, 0};
}

}  // namespace

std::optional<Part> select_part(cd::SectorKind kind, Byte selection) {
  constexpr std::array<Byte, 5> kBits = {kSelectSync, kSelectHeader, kSelectSubheader, kSelectUser,
                                         kSelectEdc};
  if ((selection & kSelectEdc) != 0 && (selection & kSelectUser) == 0) return std::nullopt;
  const auto sizes = part_sizes(kind);
  Part part;
  std::size_t at = 0;
  bool ended = false;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const bool wanted = (selection & kBits[i]) != 0 && sizes[i] > 0;
    if (wanted && ended) return std::nullopt;
    if (wanted) {
      if (part.size == 0) part.begin = at;
      part.size += sizes[i];
    } else if (part.size > 0 && sizes[i] > 0) {
      ended = true;
    }
    at += sizes[i];
  }
  return part;
}

std::optional<Refusal> SectorReader::deliver(const ReadRequest& request, cd::Lba lba, Delivered& out) {
  const bool wants_main = request.selection != 0 || request.c2 != drive::C2Mode::none;
  if (wants_main) {
    const cd::Lba from = lba + faults_.reading(lba).main_from;
    if (const auto refusal = deliver_main(request, from, out)) return refusal;
    deliver_c2(request, from, out);
    if (!is_expected(request.expected, out.kind)) return Refusal::illegal_mode;
    if (!select_part(out.kind, request.selection)) return Refusal::field;
  } else if (faults_.reading(lba).unreadable) {
    return Refusal::unreadable;
  }
  return request.sub == drive::SubMode::none ? std::nullopt : deliver_sub(lba, out);
}

std::optional<Refusal> SectorReader::deliver_main(const ReadRequest& request, cd::Lba lba, Delivered& out) {
  out.c2.fill(0);
  out.damaged = false;
  const bool is_data = surface_.layout().at(lba).is_data();
  const bool as_audio = request.expected == Expected::cd_da || request.expected == Expected::any_as_audio;
  const bool refused = request.expected == Expected::cd_da && !habits_.audio_over_data;
  if (is_data && refused) return Refusal::illegal_mode;
  return is_data && !as_audio ? deliver_data(lba, out) : deliver_audio(lba, out);
}

// What the drive makes of the bits that belong to the sector.
void SectorReader::deliver_c2(const ReadRequest& request, cd::Lba lba, Delivered& out) {
  if (request.c2 == drive::C2Mode::none) return;
  if (habits_.c2_manner != C2Manner::honest) {
    out.c2.fill(habits_.c2_manner == C2Manner::always_on ? Byte{0xFF} : Byte{0});
  } else if (habits_.c2_late != 0) {
    Delivered other;
    const bool there = !deliver_main(request, lba - cd::SectorCount{habits_.c2_late}, other);
    out.c2 = there ? other.c2 : std::array<Byte, cd::kC2Size>{};
  }
}

bool SectorReader::hands_over_uncorrected() const {
  constexpr Byte kBoth = kTransferBlock | kDisableCorrection;
  return (recovery_ & kBoth) == kBoth;
}

void SectorReader::hand_over_uncorrected(const Reading& reading, Spots& wrong,
                                         std::vector<std::uint16_t>& flagged) {
  for (const auto& spot : faults_.damage(reading.uncorrected_bytes, cd::kSectorSize)) {
    wrong.push_back(spot);
    flagged.push_back(spot.first);
  }
}

std::optional<Refusal> SectorReader::deliver_data(cd::Lba lba, Delivered& out) {
  if (!surface_.main(lba, out.main)) return Refusal::image;
  out.kind = cd::classify(out.main);
  // A data track's sector without a sync pattern is one all the same.
  if (out.kind == cd::SectorKind::audio) out.kind = cd::SectorKind::unknown_mode;
  const Reading& reading = faults_.reading(lba);
  auto wrong = reading.wrong;
  auto flagged = reading.flagged;
  if (reading.unreadable) {
    if (!hands_over_uncorrected()) return Refusal::unreadable;
    hand_over_uncorrected(reading, wrong, flagged);
  }
  for (const auto& [at, mask] : wrong) out.main[at] ^= mask;
  for (const std::uint16_t at : flagged) set_c2(out.c2, at);
  out.damaged = !wrong.empty();
  return std::nullopt;
}

Result<const std::array<Byte, cd::kSectorSize>*> SectorReader::stream(cd::Lba lba) {
  Kept& kept = kept_[static_cast<std::size_t>(lba.value & 1)];
  if (kept.lba != lba) {
    kept.lba.reset();
    TRY_VOID(surface_.stream(lba, kept.bytes));
    kept.lba = lba;
  }
  return &kept.bytes;
}

// Sample s as delivered is sample s - N of the disc; C2 goes with its samples.
std::optional<Refusal> SectorReader::deliver_audio(cd::Lba lba, Delivered& out) {
  out.kind = cd::SectorKind::audio;
  const std::int64_t first =
      std::int64_t{lba.value} * cd::kSamplesPerSector - habits_.read_offset + faults_.displacement(lba);
  std::int64_t sector = first / cd::kSamplesPerSector;
  if (first % cd::kSamplesPerSector < 0) --sector;
  auto skip = static_cast<std::size_t>(first - sector * cd::kSamplesPerSector) * cd::kBytesPerSample;
  std::size_t filled = 0;
  while (filled < out.main.size()) {
    const cd::Lba from{static_cast<std::int32_t>(sector)};
    const auto bytes = stream(from);
    if (!bytes) return Refusal::image;
    const std::size_t n = std::min(cd::kSectorSize - skip, out.main.size() - filled);
    std::copy_n((*bytes)->begin() + static_cast<std::ptrdiff_t>(skip), n,
                out.main.begin() + static_cast<std::ptrdiff_t>(filled));
    const Reading& reading = faults_.reading(from);
    auto wrong = reading.wrong;
    auto flagged = reading.flagged;
    if (reading.unreadable) {
      // What fails for a data sector is its own correction, which audio does not have.
      if (!surface_.layout().at(from).is_data()) return Refusal::unreadable;
      hand_over_uncorrected(reading, wrong, flagged);
    }
    for (const auto& [at, mask] : wrong) {
      if (at < skip || at >= skip + n) continue;
      out.main[at - skip + filled] ^= mask;
      out.damaged = true;
    }
    for (const std::uint16_t at : flagged) {
      if (at >= skip && at < skip + n) set_c2(out.c2, at - skip + filled);
    }
    filled += n;
    skip = 0;
    ++sector;
  }
  return std::nullopt;
}

std::optional<Refusal> SectorReader::deliver_sub(cd::Lba lba, Delivered& out) {
  if (!surface_.sub(lba + faults_.reading(lba).sub_from, out.sub)) return Refusal::image;
  for (const auto& [at, mask] : faults_.reading(lba).wrong_q) out.sub[cd::kQOffset + at] ^= mask;
  return std::nullopt;
}

namespace {

// Control and ADR, track, index, times, CRC, three bytes of padding, P in the top bit (MMC-6, READ CD).
std::array<Byte, 16> formatted_q(const Delivered& sector, bool checked) {
  std::array<Byte, 16> out{};
  const cd::QBytes q = cd::q_of(sector.sub);
  if (!checked || cd::q_crc_right(q)) std::copy(q.begin(), q.end(), out.begin());
  out[15] = sector.sub[0] & 0x80;
  return out;
}

bool put_c2(drive::C2Mode mode, const Delivered& sector, MutableBytes& room) {
  if (mode == drive::C2Mode::none) return true;
  if (!put(sector.c2, room)) return false;
  if (mode == drive::C2Mode::bits) return true;
  Byte any = 0;
  for (const Byte b : sector.c2) any |= b;
  return put(std::array<Byte, 2>{any, 0}, room);
}

}  // namespace

bool SectorReader::emit(const ReadRequest& request, const Delivered& sector, MutableBytes& room) const {
  const auto put_sub = [&] {
    switch (request.sub) {
      case drive::SubMode::none:
        break;
      case drive::SubMode::raw: {
        std::array<Byte, cd::kSubSize> wire{};
        cd::interleave(sector.sub, wire);
        return put(wire, room);
      }
      case drive::SubMode::q:
        return put(formatted_q(sector, habits_.formatted_q_is_checked), room);
    }
    return true;
  };
  if (const auto part = select_part(sector.kind, request.selection); part && part->size > 0) {
    if (!put(Bytes(sector.main).subspan(part->begin, part->size), room)) return false;
  }
  const bool own_order = request.expected != Expected::any_as_audio;
  if (!own_order || habits_.order == drive::FieldOrder::main_c2_sub) {
    return put_c2(request.c2, sector, room) && put_sub();
  }
  return put_sub() && put_c2(request.c2, sector, room);
}

}  // namespace binrip::sim
