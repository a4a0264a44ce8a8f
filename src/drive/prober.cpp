#include "drive/prober.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace binrip::drive {
namespace {

constexpr std::chrono::milliseconds kProbeTimeout{30'000};
constexpr int kTries = 4;

// Unlike silence, unlike C2 that is all zeros or ones, and different from byte to byte.
Byte pattern(std::size_t at) { return static_cast<Byte>(at * 131 + (at >> 8) * 7 + 89); }

}  // namespace

bool Prober::untouched(Bytes field, std::size_t at) {
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] != pattern(at + i)) return false;
  }
  return true;
}

Result<Reading> Prober::failure(const Sense& sense) {
  switch (classify(sense)) {
    case SenseClass::medium_changed:
    case SenseClass::no_medium:
      return fail(sense_error(sense, "probe " + drive_.name()));
    case SenseClass::illegal:
    case SenseClass::illegal_mode:
    case SenseClass::out_of_range:
      return Reading{Outcome::refused, {}};
    default:
      return Reading{Outcome::failed, {}};
  }
}

Result<Reading> Prober::read(const ReadCd& request) {
  constexpr std::size_t kTail = 8;
  ByteVector data(request.count * record_size(request));
  for (int attempt = 0; attempt < kTries; ++attempt) {
    if (stop_.stop_requested()) return fail(ErrorKind::cancelled, "stopped while probing the drive");
    if (commands_left_-- <= 0) return Reading{Outcome::failed, {}};
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = pattern(i);
    const auto completion = drive_.read_cd(request, data, kProbeTimeout);
    if (!completion) {
      const ErrorKind kind = completion.error().kind;
      if (kind == ErrorKind::timeout && --timeouts_left_ > 0) return Reading{Outcome::failed, {}};
      if (kind == ErrorKind::bus) return Reading{Outcome::failed, {}};
      return fail(completion.error());
    }
    const SenseClass meaning = classify(completion->sense);
    if (completion->good || meaning == SenseClass::recovered) {
      const std::size_t tail = data.size() - std::min(data.size(), kTail);
      if (untouched(Bytes(data).subspan(tail), tail)) return Reading{Outcome::failed, {}};
      return Reading{Outcome::delivered, std::move(data)};
    }
    if (meaning != SenseClass::reset && meaning != SenseClass::unit_attention) {
      return failure(completion->sense);
    }
  }
  return Reading{Outcome::failed, {}};
}

}  // namespace binrip::drive
