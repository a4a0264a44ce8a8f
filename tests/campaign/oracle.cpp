#include "oracle.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "binrip/cd/ecc.hpp"
#include "binrip/cd/sector.hpp"
#include "binrip/cd/subchannel.hpp"

namespace binrip::campaign {
namespace {

using cd::Lba;
using cd::SectorCount;

std::uint64_t hash_of(const Sector& sector) {
  std::uint64_t h = 0xCBF29CE484222325U;  // FNV-1a
  for (const Byte b : sector) h = (h ^ b) * 0x100000001B3U;
  return h;
}

// The request behind a READ CD; nothing for one that does not bring whole sectors as they are.
std::optional<drive::ReadCd> decode(const drive::Cdb& cdb) {
  if (cdb.opcode() != 0xBE || (cdb.bytes[9] & 0xF8U) != 0xF8U) return std::nullopt;
  drive::ReadCd request;
  request.start = {static_cast<std::int32_t>(load_be32(cdb.bytes, 2))};
  request.count = load_be24(cdb.bytes, 6);
  request.expected = static_cast<drive::ExpectedSector>((cdb.bytes[1] >> 2U) & 7U);
  const unsigned c2 = (cdb.bytes[9] >> 1U) & 3U;
  request.c2 = c2 == 0 ? drive::C2Mode::none : c2 == 1 ? drive::C2Mode::bits : drive::C2Mode::bits_and_block;
  const unsigned sub = cdb.bytes[10] & 7U;
  request.sub = sub == 0 ? drive::SubMode::none : sub == 1 ? drive::SubMode::raw : drive::SubMode::q;
  return request;
}

// The address that a Q gives: -1000 when it is not readable, -999 when it gives none.
constexpr int kUnreadable = -1000, kNoAddress = -999;
int address_of(const cd::QBytes& q) {
  if (!cd::q_crc_right(q)) return kUnreadable;
  if ((q[0] & 0x0FU) != 1) return kNoAddress;
  const auto number = [&](std::size_t at) { return static_cast<int>((q[at] >> 4U) * 10 + (q[at] & 15U)); };
  return (number(7) * 60 + number(8)) * 75 + number(9) - 150;
}

bool has_own_proof(const Sector& sector, Lba lba) {
  const cd::SectorCheck check = cd::check_sector(sector);
  return check.address == lba && check.edc == cd::EdcState::right && check.ecc != cd::EccState::wrong;
}

bool is_set(Bytes c2, std::size_t at) { return (c2[at / 8] & (0x80U >> (at % 8))) != 0; }

}  // namespace

Oracle::Oracle(sim::SimDrive& drive, image::DiscImage& disc, const sim::Habits& habits,
               std::int64_t most_commands)
    : drive_(drive), habits_(habits), most_commands_(most_commands), ranges_(cd::image_ranges(disc.disc())) {
  for (const cd::TrackRef& track : cd::track_ranges(disc.disc())) {
    for (Lba lba = track.range.begin; lba < track.range.end; ++lba) {
      truth_.emplace_back();
      static_cast<void>(disc.read_main(lba, truth_.back()));
      is_data_.push_back(track.track->is_data());
    }
  }
  seen_.resize(truth_.size());
}

std::size_t Oracle::position(Lba lba) const {
  std::int32_t before = 0;
  for (const cd::LbaRange& range : ranges_) {
    if (lba < range.end) return static_cast<std::size_t>(before + (lba - range.begin).value);
    before += range.size().value;
  }
  return 0;
}

bool Oracle::in_image(Lba lba) const {
  return std::any_of(ranges_.begin(), ranges_.end(),
                     [&](const cd::LbaRange& range) { return range.contains(lba); });
}

Result<drive::Completion> Oracle::execute(const drive::Cdb& cdb, drive::Direction direction,
                                          MutableBytes data, std::chrono::milliseconds timeout) {
  if (++commands_ > most_commands_) return fail(ErrorKind::no_device, "too many commands");
  auto reply = drive_.execute(cdb, direction, data, timeout);
  const bool good = reply && reply->good;
  if (!good) ++failed_commands_;
  const auto request = decode(cdb);
  if (!request) return reply;
  age_ = drive_.statistics().cache_age;
  const bool disc_gone =
      reply && !reply->good && ((reply->sense.key == 6 && reply->sense.asc == 0x28) || reply->sense.key == 2);
  other_disc_ = other_disc_ || disc_gone;
  if (watched_ && request->start <= *watched_ + SectorCount{3} &&
      *watched_ - SectorCount{3} < request->start + SectorCount{static_cast<std::int32_t>(request->count)}) {
    fmt::print("  command {}: {} sectors from {}, C2 {}, sub {}: {}\n", commands_, request->count,
               request->start.value, static_cast<int>(request->c2), static_cast<int>(request->sub),
               good ? "good"
               : reply
                   ? fmt::format("{:X}/{:02X}/{:02X}", reply->sense.key, reply->sense.asc, reply->sense.ascq)
                   : reply.error().message);
  }
  if (begun_ && !other_disc_) note(*request, data, good);
  return reply;
}

// Which sectors of the disc an answer to this request bears on.
void Oracle::mark_hurt(const drive::ReadCd& request) {
  const auto count = static_cast<std::int32_t>(request.count);
  for (Lba lba = request.start; lba < request.start + SectorCount{count}; ++lba) {
    if (in_image(lba)) seen_[position(lba)].hurt = true;
  }
}

void Oracle::note(const drive::ReadCd& request, Bytes data, bool good) {
  if (!good) return mark_hurt(request);
  const std::size_t size = drive::record_size(request);
  const std::size_t sub = drive::sub_size(request.sub);
  const std::size_t c2_at = cd::kSectorSize + (habits_.order == drive::FieldOrder::main_sub_c2 ? sub : 0);
  std::vector<Record> records;
  for (std::uint32_t i = 0; i < request.count && (i + 1) * size <= data.size(); ++i) {
    const Bytes record = data.subspan(i * size, size);
    const bool has_c2 = request.c2 != drive::C2Mode::none;
    records.push_back({request.start + SectorCount{static_cast<std::int32_t>(i)},
                       record.first(cd::kSectorSize), has_c2 ? record.subspan(c2_at, cd::kC2Size) : Bytes{},
                       false});
  }
  judge_places(request, data, records);
  for (const Record& record : records) {
    if (in_image(record.lba) && is_data(record.lba) && request.expected == drive::ExpectedSector::cd_da)
      continue;
    take(record);
  }
}

void Oracle::judge_places(const drive::ReadCd& request, Bytes data, std::vector<Record>& records) const {
  const std::size_t size = drive::record_size(request);
  const std::size_t sub_at =
      cd::kSectorSize + (habits_.order == drive::FieldOrder::main_sub_c2 ? 0 : drive::c2_size(request.c2));
  std::vector<bool> elsewhere(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    Record& record = records[i];
    const cd::SectorBytes main = record.main.first<cd::kSectorSize>();
    if (cd::has_sync(main)) {
      record.placed = cd::header_address(main) == record.lba;
      elsewhere[i] = cd::header_address(main).has_value() && !record.placed;
    }
    if (request.sub == drive::SubMode::none || record.placed) continue;
    const Bytes field = data.subspan(i * size + sub_at);
    cd::QBytes q{};
    if (request.sub == drive::SubMode::raw) {
      q = cd::q_of_wire(field.first<cd::kSubSize>());
    } else {
      std::copy_n(field.begin(), q.size(), q.begin());
    }
    const int address = address_of(q);
    if (address == record.lba.value && !elsewhere[i]) record.placed = true;
    if (address != record.lba.value && address >= -150) elsewhere[i] = true;
  }
  const auto is_placed = [](const Record& record) { return record.placed; };
  const auto first = std::find_if(records.begin(), records.end(), is_placed);
  const auto last = std::find_if(records.rbegin(), records.rend(), is_placed).base();
  for (auto it = first; it < last; ++it) {
    if (!elsewhere[static_cast<std::size_t>(it - records.begin())]) it->placed = true;
  }
}

// disc[x] = delivered[x + N]: sample s of the record is sample s - N of the disc.
void Oracle::take(const Record& record) {
  const bool as_it_stands = in_image(record.lba) && is_data(record.lba);
  if (as_it_stands) return take_part(record.lba, record, 0, 0, cd::kSectorSize, 0, 1);
  constexpr auto kSize = static_cast<std::int64_t>(cd::kSectorSize);
  const std::int64_t first =
      record.lba.value * kSize - std::int64_t{habits_.read_offset} * cd::kBytesPerSample;
  std::int64_t sector = first >= 0 ? first / kSize : -((-first + kSize - 1) / kSize);
  const auto skip = static_cast<std::size_t>(first - sector * kSize);
  const std::size_t parts = skip == 0 ? 1 : 2;
  // The front of the record is the end of one sector of the disc, its rest the front of the next.
  const Lba lba{static_cast<std::int32_t>(sector)};
  take_part(lba, record, 0, skip, cd::kSectorSize - skip, parts - 1, parts);
  if (parts == 2) take_part(lba + SectorCount{1}, record, cd::kSectorSize - skip, 0, skip, 0, 2);
}

void Oracle::take_part(Lba lba, const Record& record, std::size_t from, std::size_t at, std::size_t size,
                       std::size_t part, std::size_t parts) {
  // Audio next to data is not delivered by a record of the other kind.
  if (!in_image(lba) || (parts > 1 && is_data(lba))) return;
  if (in_image(record.lba) && is_data(record.lba) != is_data(lba)) return;
  Seen& seen = seen_[position(lba)];
  const Sector& truth = truth_[position(lba)];
  if (!seen.assembled) seen.assembled = std::make_unique<Sector>();
  if (!seen.merged) seen.merged = std::make_unique<Sector>();
  const bool has_sub = habits_.sub != drive::SubSupport::none;
  bool hurt = has_sub && !record.placed;
  bool any_flagged = false;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t b = at + i;
    const Byte got = record.main[from + i];
    (*seen.assembled)[b] = got;
    const bool flagged = !record.c2.empty() && is_set(record.c2, from + i);
    const bool clean = !record.c2.empty() && !flagged && record.placed;
    hurt = hurt || flagged || got != truth[b];
    any_flagged = any_flagged || flagged;
    if (clean && got == truth[b]) seen.clean_right.set(b);
    if (clean && got != truth[b]) {
      seen.clean_wrong.set(b);
      seen.clean_lies.emplace_back(static_cast<std::uint16_t>(b), got);
    }
    const bool covered = seen.clean_right[b] || seen.clean_wrong[b];
    if (record.placed && (clean || !covered)) (*seen.merged)[b] = got;
  }
  seen.hurt = seen.hurt || hurt;
  seen.part_command[part] = commands_;
  seen.part_age[part] = age_;
  seen.part_placed[part] = record.placed;
  seen.part_clean[part] = !record.c2.empty() && !any_flagged;
  seen.part_flagged[part] = any_flagged;
  complete(lba, seen, parts);
}

void Oracle::complete(Lba lba, Seen& seen, std::size_t parts) {
  if (parts == 1) {
    seen.part_command[1] = seen.part_command[0];
    seen.part_age[1] = seen.part_age[0];
    seen.part_placed[1] = seen.part_placed[0];
    seen.part_clean[1] = seen.part_clean[0];
    seen.part_flagged[1] = seen.part_flagged[0];
  }
  if (seen.part_command[1] != commands_ || seen.part_command[0] + 1 < seen.part_command[1]) return;
  const bool placed = seen.part_placed[0] && seen.part_placed[1];
  const Sector& truth = truth_[position(lba)];
  if (watched_ == lba) {
    fmt::print("  command {}, {:.2f} s, cache age {}/{}, {}: {:016x}{}\n", commands_,
               std::chrono::duration<double>(now()).count(), seen.part_age[0], seen.part_age[1],
               placed ? "in its place" : "from anywhere", hash_of(*seen.assembled),
               *seen.assembled == truth ? ", right" : "");
  }
  const bool right = *seen.assembled == truth;
  seen.deliveries.push_back(
      {.hash = hash_of(*seen.assembled),
       .right = right,
       .first_age = seen.part_age[0],
       .second_age = seen.part_age[1],
       .placed = placed,
       .clean = seen.part_clean[0] && seen.part_clean[1],
       .flagged = seen.part_flagged[0] || seen.part_flagged[1],
       .zeros = std::all_of(seen.assembled->begin(), seen.assembled->end(), [](Byte b) { return b == 0; })});
  if (right && is_data(lba) && has_own_proof(truth, lba)) seen.edc_right = true;
}

bool Oracle::has_voice(const Delivery& delivery) const {
  const bool flags_tell = habits_.c2_manner == sim::C2Manner::honest && habits_.c2_late == 0;
  return !(flags_tell && delivery.flagged) && !(delivery.zeros && !delivery.placed);
}

// Deliveries of one version, each independent of the one before.
int Oracle::voices(const Seen& seen, std::uint64_t hash) const {
  int count = 0;
  const Delivery* last = nullptr;
  for (const Delivery& delivery : seen.deliveries) {
    if (delivery.hash != hash || !has_voice(delivery)) continue;
    if (last != nullptr && !independent(*last, delivery)) continue;
    last = &delivery;
    ++count;
  }
  return count;
}

bool Oracle::wins_the_vote(const Seen& seen) const {
  bool known_place = habits_.sub == drive::SubSupport::none;
  int right = 0, most_against = 0;
  for (const Delivery& delivery : seen.deliveries) {
    known_place = known_place || (delivery.right && delivery.placed && has_voice(delivery));
    int& side = delivery.right ? right : most_against;
    side = std::max(side, voices(seen, delivery.hash));
  }
  return known_place && right >= 2 && most_against < 2;
}

bool Oracle::ecc_restores(const Seen& seen, const Sector& truth, Lba lba) const {
  if (!seen.merged || !is_data(lba) || !has_own_proof(truth, lba)) return false;
  const cd::SectorKind kind = cd::classify(truth);
  if (kind != cd::SectorKind::mode1 && kind != cd::SectorKind::mode2_form1) return false;
  const auto header = kind == cd::SectorKind::mode1 ? cd::EccHeader::as_is : cd::EccHeader::taken_as_zero;
  std::vector<std::uint16_t> doubtful;
  for (std::size_t i = 0; i < cd::kSectorSize; ++i) {
    if (seen.clean_right[i] == seen.clean_wrong[i]) doubtful.push_back(static_cast<std::uint16_t>(i));
  }
  for (const auto& erasures : {std::vector<std::uint16_t>{}, doubtful}) {
    Sector attempt = *seen.merged;
    std::copy(cd::kSync.begin(), cd::kSync.end(), attempt.begin());
    if (cd::ecc_correct(attempt, header, erasures).converged && attempt == truth) return true;
  }
  return false;
}

bool Oracle::looks_mastered(const Seen& seen) {
  const auto vouched = [](const Delivery& d) { return !d.right && d.placed && d.clean; };
  for (const Delivery& a : seen.deliveries) {
    for (const Delivery& b : seen.deliveries) {
      if (a.hash == b.hash && independent(a, b) && vouched(a) && vouched(b)) return true;
    }
  }
  return false;
}

bool Oracle::restorable(Lba lba) const {
  const Seen& seen = seen_[position(lba)];
  if (seen.edc_right) return true;
  if (seen.clean_right.all() && seen.clean_wrong.none()) return true;
  if (wins_the_vote(seen)) return true;
  return !looks_mastered(seen) && ecc_restores(seen, truth_[position(lba)], lba);
}

Oracle::Lie Oracle::lie(Lba lba, const Sector& image) const {
  const Seen& seen = seen_[position(lba)];
  const std::uint64_t hash = hash_of(image);
  const bool needs_place = habits_.sub != drive::SubSupport::none;
  for (const Delivery& a : seen.deliveries) {
    for (const Delivery& b : seen.deliveries) {
      const bool placed = a.placed || b.placed || !needs_place;
      if (a.hash == hash && b.hash == hash && independent(a, b) && placed) return Lie::repeatedly;
    }
  }
  // Drives that give C2 or subchannel, not both, vouch for it in two reads.
  const auto came = [&](const auto& how) {
    return std::any_of(seen.deliveries.begin(), seen.deliveries.end(),
                       [&](const Delivery& d) { return d.hash == hash && how(d); });
  };
  if (came([](const Delivery& d) { return d.clean; }) && came([](const Delivery& d) { return d.placed; })) {
    return Lie::under_c2;
  }
  const Sector& truth = truth_[position(lba)];
  for (std::size_t i = 0; i < cd::kSectorSize; ++i) {
    if (image[i] == truth[i]) continue;
    const std::pair<std::uint16_t, Byte> wanted{static_cast<std::uint16_t>(i), image[i]};
    if (std::find(seen.clean_lies.begin(), seen.clean_lies.end(), wanted) == seen.clean_lies.end())
      return Lie::none;
  }
  return Lie::under_c2;
}

}  // namespace binrip::campaign
