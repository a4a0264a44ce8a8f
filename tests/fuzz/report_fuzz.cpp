// report_from_json takes any bytes, and what it takes it can write and read again, as JSON and as a log.
#include <cstdlib>

#include "binrip/image/report.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace binrip::image;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto report = report_from_json(text, "fuzz.json");
  if (!report) return 0;
  const auto again = report_from_json(to_json(*report), "fuzz.json");
  if (!again || !(*again == *report)) std::abort();
  if (to_log(*report).empty()) std::abort();
  return 0;
}
