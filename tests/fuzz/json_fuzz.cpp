// parse_json takes any bytes. It reads what the library reads by itself, apart from what is nested too
// deeply, and writes it as that does.
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "binrip/base/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using Library = nlohmann::ordered_json;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto json = binrip::parse_json(text);
  const Library expected = Library::parse(text, nullptr, false);
  if (!json) {
    const bool too_deep = json.error().message.find("levels") != std::string::npos;
    if (!too_deep && !expected.is_discarded()) std::abort();
    return 0;
  }
  if (expected.is_discarded()) std::abort();
  if (json->dump() != expected.dump(-1, ' ', false, Library::error_handler_t::replace)) std::abort();
  if (json->dump(2) != expected.dump(2, ' ', false, Library::error_handler_t::replace)) std::abort();
  return 0;
}
