// Whether a drive's C2 flags stand at the bytes that are wrong. Some drives give the flags of the sector
// before or after. That shows when damaged sectors are read again: bytes that change should have been
// flagged. Until it has shown, a sector that looks clean close to a flagged one is not believed.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "binrip/cd/address.hpp"

namespace binrip::rip {

// Bytes of one sector that came differently in another read of it.
struct ChangedBytes {
  int flagged = 0;    // by C2, in one of the two reads
  int unflagged = 0;  // in neither
};

class C2Trust {
 public:
  enum class Verdict { not_known, in_place, elsewhere };

  Verdict verdict() const { return verdict_; }
  void note(const ChangedBytes& changed);

  // What a sector close to a flagged one would be, were it not for the doubt.
  enum class Otherwise { good, unproven };
  void doubt(cd::Lba lba, Otherwise otherwise);
  bool doubts(cd::Lba lba) const { return doubted_.contains(lba); }
  // Other bytes of it have come: it takes more than the flags to tell which are right.
  void spoil(cd::Lba lba);
  // Once the flags are known to stand in their place: the doubted sectors that are good, and all doubt ends.
  std::vector<cd::Lba> take_good();

 private:
  std::int64_t flagged_ = 0, unflagged_ = 0;         // changed bytes
  int sectors_flagged_ = 0, sectors_unflagged_ = 0;  // with such bytes
  Verdict verdict_ = Verdict::not_known;
  std::map<cd::Lba, Otherwise> doubted_;
};

}  // namespace binrip::rip
