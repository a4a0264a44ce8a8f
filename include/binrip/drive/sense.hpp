// Sense data (SPC-4 clause 4.5) and what it means for a reader.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "binrip/base/bytes.hpp"
#include "binrip/base/result.hpp"

namespace binrip::drive {

struct Sense {
  Byte key = 0;
  Byte asc = 0;
  Byte ascq = 0;
  std::optional<std::uint32_t> information;  // with key 3: the address that failed, where valid
  friend bool operator==(const Sense&, const Sense&) = default;
};

// What a caller should do about it.
enum class SenseClass {
  none,            // 0/00
  recovered,       // 1/xx: the data is there
  becoming_ready,  // 2/04/xx: wait
  no_medium,       // 2/3A
  not_ready,       // other 2/xx
  medium,          // 3/xx: the sector cannot be read
  hardware,        // 4/xx
  illegal_mode,    // 5/64: not this kind of sector here
  out_of_range,    // 5/21
  illegal,         // other 5/xx: the command or a field is not supported
  medium_changed,  // 6/28
  reset,           // 6/29: mode and speed must be set again
  unit_attention,  // other 6/xx: ask again
  protected_data,  // 7/xx
  blank,           // 8/xx
  aborted,         // B/xx: try again
  other,
};
SenseClass classify(const Sense& sense);

// Fixed (70h, 71h) and descriptor (72h, 73h) format; any bytes, any length.
Sense parse_sense(Bytes data);
// Fixed format, 18 bytes, as a drive gives it.
ByteVector encode_sense(const Sense& sense);

// "3/11/05 uncorrected read error": key/asc/ascq in hex, with words for the codes that drives give.
std::string to_string(const Sense& sense);

// An Error for people, of the kind that fits the class: "cannot read the TOC: 3/02/00 no seek complete".
Error sense_error(const Sense& sense, std::string_view doing);

}  // namespace binrip::drive
