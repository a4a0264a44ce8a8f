// One READ CD as the drive answered it, and what each of its sectors proves about itself.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "binrip/cd/sector.hpp"
#include "binrip/cd/subchannel.hpp"
#include "binrip/drive/commands.hpp"

namespace binrip::rip {

// Whether a delivered sector is known to be the one that was asked for.
enum class Arrival {
  missing,   // the command failed, or the buffer still holds the fill pattern there
  unproven,  // bytes came, nothing ties them to this address
  proven,    // Q with a right CRC or a data header gives this address, here or on both sides in the same
             // transfer
};

struct Delivered {
  cd::Lba lba;
  Arrival arrival = Arrival::missing;
  bool has_c2 = false;
  bool has_sub = false;
  std::optional<bool> q_says_data;  // the control bit of a right Q; the composer fills gaps from before
  std::array<Byte, cd::kSectorSize> main;
  std::array<Byte, cd::kC2Size> c2;
  std::array<Byte, cd::kSubSize> sub;  // deinterleaved; only Q is filled when the drive gave formatted Q
};

class Transfer {
 public:
  // Prepares the buffer for a request: its size, and a fill pattern that differs from command to command.
  void prepare(const drive::ReadCd& request, drive::FieldOrder order, std::uint64_t salt);
  MutableBytes buffer() { return {bytes_.data(), size_}; }
  const drive::ReadCd& request() const { return request_; }

  // The command failed: all its sectors are missing.
  void set_failed() { failed_ = true; }
  bool failed() const { return failed_; }

  // Looks at all sectors at once, since those that are proven vouch for what is between them. Call after the
  // read, once.
  void judge();
  std::uint32_t count() const { return request_.count; }
  // Fills `out` with sector `index` of this transfer.
  void decode(std::uint32_t index, Delivered& out) const;

 private:
  bool untouched(std::uint32_t index) const;
  void read_sub(std::uint32_t index, cd::MutableSubBytes out) const;
  void judge_subs();
  void anchor_between_proven();
  bool has_own_address(std::uint32_t index) const;
  cd::Lba lba_of(std::uint32_t index) const;
  Bytes record(std::uint32_t index) const;

  drive::ReadCd request_;
  std::size_t record_size_ = 0, c2_at_ = 0, sub_at_ = 0, size_ = 0;
  std::array<Byte, 8> pattern_{};
  bool failed_ = false;
  ByteVector bytes_;
  ByteVector subs_;  // 96 bytes a sector, deinterleaved
  std::vector<Arrival> arrivals_;
  std::vector<bool> elsewhere_;  // a right Q gives another address
};

}  // namespace binrip::rip
