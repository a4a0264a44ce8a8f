// parse_ctdb takes any bytes, and what it takes keeps the limits that its header names.
#include <cstdlib>

#include "binrip/verify/ctdb.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace binrip::verify;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto entries = parse_ctdb(text, "https://ctdb.example");
  if (!entries) {
    if (entries.error().message.empty()) std::abort();
    return 0;
  }
  for (const CtdbEntry& e : *entries) {
    if (e.npar < 1 || e.npar > 16 || e.stride < 1 || e.confidence < 0 || e.audio_tracks < 1) std::abort();
    if (!e.syndrome.empty() && e.syndrome.size() != static_cast<std::size_t>(e.npar)) std::abort();
    if (!e.track_crcs.empty() && e.track_crcs.size() != static_cast<std::size_t>(e.audio_tracks))
      std::abort();
    const bool is_web = e.parity_url.starts_with("http://") || e.parity_url.starts_with("https://");
    if (!e.parity_url.empty() && (!is_web || e.parity_url.size() > 500)) std::abort();
  }
  return 0;
}
