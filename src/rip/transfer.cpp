#include "transfer.hpp"

#include <algorithm>
#include <cstring>

namespace binrip::rip {

void Transfer::prepare(const drive::ReadCd& request, drive::FieldOrder order, std::uint64_t salt) {
  request_ = request;
  failed_ = false;
  record_size_ = drive::record_size(request);
  size_ = record_size_ * request.count;
  const std::size_t c2 = drive::c2_size(request.c2);
  const std::size_t sub = drive::sub_size(request.sub);
  const bool sub_first = order == drive::FieldOrder::main_sub_c2;
  c2_at_ = cd::kSectorSize + (sub_first ? sub : 0);
  sub_at_ = cd::kSectorSize + (sub_first ? 0 : c2);

  // splitmix64; no byte of the pattern is 00 or FF, which real sectors are full of.
  std::uint64_t x = salt + 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  x ^= x >> 31;
  for (std::size_t i = 0; i < pattern_.size(); ++i) {
    pattern_[i] = static_cast<Byte>(1 + ((x >> (8 * i)) & 0xFF) % 254);
  }
  if (bytes_.size() < size_ + pattern_.size()) bytes_.resize(size_ + pattern_.size());
  // What is filled is copied behind itself, in pieces that stay in the first cache.
  constexpr std::size_t kLargestPiece = 4096;
  std::copy(pattern_.begin(), pattern_.end(), bytes_.begin());
  for (std::size_t filled = pattern_.size(); filled < size_;) {
    const std::size_t piece = std::min({filled, size_ - filled, kLargestPiece});
    std::memcpy(bytes_.data() + filled, bytes_.data(), piece);
    filled += piece;
  }
}

Bytes Transfer::record(std::uint32_t index) const {
  return {bytes_.data() + index * record_size_, record_size_};
}

// A transfer that stopped short leaves the pattern at the end of a record.
bool Transfer::untouched(std::uint32_t index) const {
  const std::size_t end = (index + 1) * record_size_;
  for (std::size_t at = end - pattern_.size(); at < end; ++at) {
    if (bytes_[at] != pattern_[at % pattern_.size()]) return false;
  }
  return true;
}

void Transfer::read_sub(std::uint32_t index, cd::MutableSubBytes out) const {
  const Bytes field = record(index).subspan(sub_at_);
  if (request_.sub == drive::SubMode::raw) {
    cd::deinterleave(field.first<cd::kSubSize>(), out);
    return;
  }
  // Formatted Q: the twelve bytes of Q; the drive has checked the CRC and may have left it out.
  std::fill(out.begin(), out.end(), Byte{0});
  cd::QBytes q{};
  std::copy_n(field.begin(), 10, q.begin());
  cd::set_q_crc(q);
  std::copy(q.begin(), q.end(), out.begin() + cd::kQOffset);
}

cd::Lba Transfer::lba_of(std::uint32_t index) const {
  return request_.start + cd::SectorCount{static_cast<std::int32_t>(index)};
}

bool Transfer::has_own_address(std::uint32_t index) const {
  const cd::SectorBytes main = record(index).first<cd::kSectorSize>();
  return cd::has_sync(main) && cd::header_address(main) == lba_of(index);
}

void Transfer::judge() {
  arrivals_.assign(request_.count, Arrival::missing);
  elsewhere_.assign(request_.count, false);
  if (failed_) return;
  for (std::uint32_t i = 0; i < request_.count; ++i) {
    if (!untouched(i)) arrivals_[i] = has_own_address(i) ? Arrival::proven : Arrival::unproven;
  }
  if (request_.sub != drive::SubMode::none) judge_subs();
  anchor_between_proven();
}

void Transfer::judge_subs() {
  subs_.resize(cd::kSubSize * request_.count);
  bool any_position = false;
  std::vector<std::uint32_t> frames_only;
  for (std::uint32_t i = 0; i < request_.count; ++i) {
    if (untouched(i)) continue;
    const cd::MutableSubBytes sub(subs_.data() + i * cd::kSubSize, cd::kSubSize);
    read_sub(i, sub);
    const cd::QBytes q = cd::q_of(sub);
    if (!cd::q_crc_right(q)) continue;
    if (!cd::q_fits(q, lba_of(i))) {
      elsewhere_[i] = cd::q_adr(q) == 1;
      continue;
    }
    if (cd::q_adr(q) == 1) {
      arrivals_[i] = Arrival::proven;
      any_position = true;
    } else {
      frames_only.push_back(i);
    }
  }
  // MCN and ISRC come with the frame number alone, which fits every 75th sector: they count only beside a
  // whole address in the same transfer.
  if (!any_position) return;
  for (const std::uint32_t i : frames_only) arrivals_[i] = Arrival::proven;
}

// Between two sectors that are known to be where they should nothing can have been lost or inserted: one
// transfer is one stream. Not even they can vouch for one that says itself that it is another.
void Transfer::anchor_between_proven() {
  const auto good = [](Arrival a) { return a == Arrival::proven; };
  const auto first = std::find_if(arrivals_.begin(), arrivals_.end(), good);
  const auto last = std::find_if(arrivals_.rbegin(), arrivals_.rend(), good).base();
  for (auto it = first; it < last; ++it) {
    const bool says_otherwise = elsewhere_[static_cast<std::size_t>(it - arrivals_.begin())];
    if (*it == Arrival::unproven && !says_otherwise) *it = Arrival::proven;
  }
}

void Transfer::decode(std::uint32_t index, Delivered& out) const {
  out.lba = lba_of(index);
  out.arrival = arrivals_[index];
  out.has_c2 = out.has_sub = false;
  out.q_says_data.reset();
  if (out.arrival == Arrival::missing) return;
  const Bytes bytes = record(index);
  std::copy_n(bytes.begin(), cd::kSectorSize, out.main.begin());
  if (request_.c2 != drive::C2Mode::none) {
    out.has_c2 = true;
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(c2_at_), cd::kC2Size, out.c2.begin());
  }
  if (request_.sub != drive::SubMode::none) {
    out.has_sub = true;
    std::copy_n(subs_.begin() + static_cast<std::ptrdiff_t>(index * cd::kSubSize), cd::kSubSize,
                out.sub.begin());
    const cd::QBytes q = cd::q_of(out.sub);
    if (cd::q_crc_right(q) && cd::q_fits(q, out.lba)) {
      out.q_says_data = (cd::q_control(q) & cd::kControlData) != 0;
    }
  }
}

}  // namespace binrip::rip
