// parse_marks takes any bytes; what it takes is written and read again as the same.
#include <cstdlib>
#include <string_view>

#include "../../src/batch/changer_marks.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace binrip::batch;
  const auto marks = parse_marks({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!marks) return 0;
  const auto again = parse_marks(format_marks(*marks), "fuzz");
  if (!again || *again != *marks) std::abort();
  return 0;
}
